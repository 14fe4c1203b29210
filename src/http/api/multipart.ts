import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import { FILE_LIMITS } from '#domain/contact-import/file-problems.ts';
import { Refusal } from '#domain/refusal.ts';

export type SentFile = { fileName: string; stream: AsyncIterable<Uint8Array> };
export type SentForm<T> = { file: T | null; fields: Record<string, string> };

const LIMITS = { fields: 20, fieldSize: 64 * 1024, fileSize: FILE_LIMITS.bytes + 1, headerPairs: 50 };
const TWO_FILES = 'The form holds two files in its field “file”. Send them one after the other.';
const TOO_MANY_FIELDS = `The form has more than ${LIMITS.fields} fields, and those behind would go unread. Send only what this address knows.`;
const NO_BOUNDARY =
  'The Content-Type of the form names no boundary, so its parts cannot be told apart. Let your client write that header by itself.';
const ODD_FORM =
  'The form broke off before its end, or no part begins with the boundary that its Content-Type names.';
const ENCODED = ['base64', 'quoted-printable'];

/**
 * Reads a multipart form as it comes: the part `file` is handed on while it is still on its way, the other parts are
 * gathered. Throws what taking the file throws, at once, and `upload_refused` when the form ends too early, is none, or
 * holds what would go unread.
 */
export async function readForm<T>(
  body: Readable,
  contentType: string,
  take: (file: SentFile) => Promise<T>,
): Promise<SentForm<T>> {
  const form = openForm(contentType);
  const stop = new AbortController();
  const fields: Record<string, string> = {};
  const state: Reading<T> = { taking: null, coming: null, failure: null };
  const fail = (error: unknown) => {
    state.failure ??= error;
    stop.abort();
  };
  form.on('error', IGNORED);
  form.on('field', (name, value, _isNameCut, isCut) => {
    if (isCut) return fail(refused(tooLong(name)));
    fields[name] = value;
  });
  form.on('fieldsLimit', () => fail(refused(TOO_MANY_FIELDS)));
  form.on('file', (name, stream, fileName, encoding) => {
    stream.on('error', IGNORED);
    if (name !== 'file') return void stream.resume();
    if (state.coming) return fail(refused(TWO_FILES));
    if (ENCODED.includes(encoding)) return fail(refused(encodedAs(encoding)));
    state.coming = stream;
    state.taking = take({ fileName: fileName ?? '', stream: untilBroken(stream) });
    state.taking.catch(fail);
  });
  try {
    await pipeline(body, form, { signal: stop.signal });
    return { file: await state.taking, fields };
  } catch {
    const cause = state.failure ?? refused(ODD_FORM);
    state.coming?.destroy();
    await state.taking?.catch(IGNORED);
    throw cause;
  }
}

type Reading<T> = { taking: Promise<T> | null; coming: Readable | null; failure: unknown };

function refused(problem: string): Refusal {
  return new Refusal('upload_refused', { problem });
}

function tooLong(name: string): string {
  return `The field “${name.slice(0, 40)}” of the form is larger than ${LIMITS.fieldSize / 1024} KB. Shorten it.`;
}

function encodedAs(encoding: string): string {
  return `The file in the form is written as ${encoding}. Send its bytes as they are.`;
}

/** Parser and file tell of their end once more when they were given up: what nobody hears would end the process. */
const IGNORED = () => undefined;

/** The same bytes; that they stop coming is told in words. */
export async function* untilBroken(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal('upload_broken', {});
  }
}

function openForm(contentType: string) {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: LIMITS,
      // A part called so is the file, whether or not its sender gave it a name.
      isPartAFile: (name, type, fileName) =>
        name === 'file' || fileName !== undefined || type === 'application/octet-stream',
    });
  } catch {
    throw refused(NO_BOUNDARY);
  }
}
