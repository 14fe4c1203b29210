const UPLOADS = /^\/api\/v1\/(campaigns\/[^/]+\/(import-data|contacts)|dnc\/import)\/?$/;

/** Whether files come in at an address, which are read piece by piece and may take long to come. */
export function takesFiles(path: string): boolean {
  return UPLOADS.test(path);
}
