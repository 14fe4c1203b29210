import type { ReadableStream } from 'node:stream/web';
import type { Context } from 'hono';
import { FILE_LIMITS } from '#domain/contact-import/file-problems.ts';
import { listWords } from '#domain/phrases.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from '#operations/deps.ts';
import { forgetUpload } from '#operations/forget-upload.ts';
import { type ReceivedUpload, receiveUpload } from '#operations/receive-upload.ts';
import { readForm, type SentFile, untilBroken } from './multipart.ts';

/** A file that a request brought, or null for a form without one, and what was said beside it. */
export type SentUpload = { upload: ReceivedUpload | null; fields: Record<string, string> };

/** Bodies that are the file itself, and what it is called when `?file_name=` does not say. */
const PLAIN_TYPES: Record<string, string> = {
  'text/csv': 'contacts.csv',
  'application/csv': 'contacts.csv',
  'text/plain': 'contacts.csv',
  'text/tab-separated-values': 'contacts.tsv',
  'application/json': 'contacts.json',
  'application/x-ndjson': 'contacts.ndjson',
  'application/ndjson': 'contacts.ndjson',
  'application/jsonl': 'contacts.ndjson',
};
const WANTED = ['text/csv', 'application/json', 'application/x-ndjson'];

/** As documents describe a body that streams: no schema of ours reads it, so that it never stands in memory. */
export const UPLOAD_CONTENT = {
  'multipart/form-data': {
    schema: {
      type: 'object' as const,
      required: ['file'],
      properties: {
        file: {
          type: 'string' as const,
          format: 'binary',
          description: 'CSV, JSON or one JSON object a line.',
        },
        column_mappings: {
          type: 'string' as const,
          default: '{}',
          description: 'JSON text: column → field or variable.',
          example: '{"Phone Number":"phone_number","Customer Name":"name","Appt Date":"appointment_date"}',
        },
        mode: { type: 'string' as const, enum: ['replace', 'append'], default: 'replace' },
      },
    },
  },
  'text/csv': { schema: { type: 'string' as const, format: 'binary' } },
  'application/x-ndjson': { schema: { type: 'string' as const, format: 'binary' } },
};

/** Room for what a form says around its file. */
const FORM_BYTES = 1024 * 1024;

/**
 * Keeps the file of a request while it comes: the part `file` of a form, or the body itself. Throws
 * `upload_unsupported` for a body of another kind, `upload_broken` when it ends too early, and what `receiveUpload`
 * refuses; of a file that is refused nothing is left.
 */
export async function takeUpload(
  deps: Pick<Deps, 'db' | 'clock'>,
  c: Context,
  workspaceId: number,
): Promise<SentUpload> {
  if (Number(c.req.header('content-length') ?? 0) > FILE_LIMITS.bytes + FORM_BYTES)
    throw new Refusal('upload_too_large', { megabytes: FILE_LIMITS.bytes / 1024 / 1024 });
  const given = c.req.header('content-type') ?? '';
  const type = given.split(';')[0]?.trim().toLowerCase() ?? '';
  const said = c.req.query();
  const body = c.req.raw.body as ReadableStream<Uint8Array> | null;
  if (type === 'multipart/form-data') {
    if (!body) return { upload: null, fields: said };
    const form = await takeForm(deps, body, given, workspaceId);
    return { upload: form.file, fields: { ...said, ...form.fields } };
  }
  const usual = Object.hasOwn(PLAIN_TYPES, type) ? PLAIN_TYPES[type] : undefined;
  if (usual === undefined) throw new Refusal('upload_unsupported', { problem: unsupported(type) });
  const stream = untilBroken(body ?? noBytes());
  const upload = await receiveUpload(deps, { workspaceId, fileName: said.file_name || usual, stream });
  return { upload, fields: said };
}

/** A form that is refused after its file was kept leaves no file behind. */
async function takeForm(
  deps: Pick<Deps, 'db' | 'clock'>,
  body: ReadableStream<Uint8Array>,
  contentType: string,
  workspaceId: number,
) {
  let kept: ReceivedUpload | null = null;
  const take = async (file: SentFile) => {
    kept = await receiveUpload(deps, { workspaceId, ...file });
    return kept;
  };
  try {
    return await readForm(body, contentType, take);
  } catch (error) {
    const left = kept as ReceivedUpload | null;
    if (left) await forgetUpload(deps, left.fileId);
    throw error;
  }
}

function unsupported(type: string): string {
  const what =
    type === '' ? 'The request does not say what its body is' : `“${type}” is not what a list can be`;
  return `${what}. Send a form (multipart/form-data) with the list in its field “file”, or the list itself as ${listWords(WANTED, 'or')}.`;
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
