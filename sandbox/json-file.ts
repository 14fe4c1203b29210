import { open, readFile, rename } from 'node:fs/promises';

/** The file as it was or as it is now, never half of it, also when this process or the machine dies on the way. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(value));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** Null when there is no such file. Throws when it is not JSON. */
export async function readJson<Value>(path: string): Promise<Value | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : (JSON.parse(text) as Value);
}
