import type { JsonObject, SlackFile, Verbs } from '#sandbox/page-protocol.ts';

export type Answer = { ok: true; body: JsonObject } | { ok: false; error: string };

export async function callVerb<Name extends keyof Verbs>(name: Name, input: Verbs[Name]): Promise<Answer> {
  try {
    const response = await fetch(`/ui/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    return readAnswer(response.status, await response.text());
  } catch {
    return { ok: false, error: 'The sandbox did not answer. Is it still running?' };
  }
}

export type Upload = {
  path: '/ui/upload-file' | '/ui/upload-draft';
  query: Record<string, string>;
  file: File;
  onProgress(share: number): void;
  signal?: AbortSignal;
};

/** XMLHttpRequest, because fetch tells nothing about how much of the body has left. */
export function uploadFile(upload: Upload): Promise<Answer> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${upload.path}?${new URLSearchParams(upload.query)}`);
    request.setRequestHeader('content-type', upload.file.type || 'application/octet-stream');
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) upload.onProgress(event.loaded / event.total);
    };
    request.onload = () => resolve(readAnswer(request.status, request.responseText));
    request.onerror = () =>
      resolve({ ok: false, error: 'The upload broke off: the sandbox did not answer. Nothing was posted.' });
    request.onabort = () => resolve({ ok: false, error: 'The upload was cancelled. Nothing was posted.' });
    upload.signal?.addEventListener('abort', () => request.abort());
    request.send(upload.file);
  });
}

export function fileOf(answer: Answer): SlackFile | null {
  return answer.ok ? ((answer.body.file as unknown as SlackFile | undefined) ?? null) : null;
}

function readAnswer(status: number, text: string): Answer {
  try {
    const body = JSON.parse(text) as JsonObject;
    if (body.ok === true) return { ok: true, body };
    if (typeof body.error === 'string') return { ok: false, error: body.error };
  } catch {
    // Not JSON: the status below says as much as can be said.
  }
  return {
    ok: false,
    error: `The sandbox answered with HTTP ${status}. What you did may not have happened.`,
  };
}
