import { createHash, type Hash } from 'node:crypto';
import type { Context } from 'hono';
import { FILE_LIMITS } from '#domain/contact-import/file-problems.ts';
import { listWords } from '#domain/phrases.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from '#operations/deps.ts';
import { forgetUpload } from '#operations/forget-upload.ts';
import { type ReceivedUpload, receiveUpload } from '#operations/receive-upload.ts';
import type { ApiEnv } from './api.ts';
import { piecesOf, readerOf, streamOf } from './body-reader.ts';
import { readForm, type SentFile, untilBroken } from './multipart.ts';

/**
 * A file that a request brought, or null for a form without one, and what was said beside it. `requestKey`: what a verb takes
 * as creation key for this file, which another file under the same Idempotency-Key does not share.
 */
export type SentUpload = {
  upload: ReceivedUpload | null;
  fields: Record<string, string>;
  requestKey: string;
};

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
        mode: {
          type: 'string' as const,
          enum: ['replace', 'append'],
          default: 'replace',
          description: 'append keeps the contacts of earlier files.',
        },
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
  c: Context<ApiEnv>,
  workspaceId: number,
): Promise<SentUpload> {
  let kept: ReceivedUpload | null = null;
  try {
    const { taken, fields, digest } = await readSent(c, async (file) => {
      kept = await receiveUpload(deps, { workspaceId, ...file });
      return kept;
    });
    c.set('contentDigest', digest);
    return { upload: taken, fields, requestKey: `${c.get('requestKey')}:${digest}` };
  } catch (error) {
    // A form may be refused after its file was kept.
    const left = kept as ReceivedUpload | null;
    if (left) await forgetUpload(deps, left.fileId);
    throw error;
  }
}

/**
 * What tells the file of a request and what is said beside it from any other, as a hash; how its form is written does not
 * matter. Reads the body to its end and keeps nothing; throws like `takeUpload`.
 */
export async function digestUpload(c: Context<ApiEnv>): Promise<string> {
  const { digest } = await readSent(c, async ({ stream }) => {
    let bytes = 0;
    for await (const piece of stream) {
      bytes += piece.length;
      if (bytes > FILE_LIMITS.bytes) throw new Refusal('upload_too_large', LARGEST);
    }
  });
  return digest;
}

const LARGEST = { megabytes: FILE_LIMITS.bytes / 1024 / 1024 };

async function readSent<T>(c: Context<ApiEnv>, take: (file: SentFile) => Promise<T>) {
  if (Number(c.req.header('content-length') ?? 0) > FILE_LIMITS.bytes + FORM_BYTES)
    throw new Refusal('upload_too_large', LARGEST);
  const packed = c.req.header('content-encoding') ?? 'identity';
  if (packed !== 'identity') throw new Refusal('upload_unsupported', { problem: compressed(packed) });
  const given = c.req.header('content-type') ?? '';
  const type = given.split(';')[0]?.trim().toLowerCase() ?? '';
  const said = c.req.query();
  const hash = createHash('sha256');
  let name = '';
  const takeHashed = ({ fileName, stream }: SentFile) => {
    name = fileName;
    return take({ fileName, stream: hashed(stream, hash) });
  };
  const reader = readerOf(c);
  const ended = (taken: T | null, fields: Record<string, string>) => ({
    taken,
    fields: { ...said, ...fields },
    digest: digestOf(hash, name, fields),
  });
  if (type === 'multipart/form-data') {
    if (!reader) return ended(null, {});
    const form = await readForm(streamOf(reader), given, takeHashed);
    return ended(form.file, form.fields);
  }
  const usual = Object.hasOwn(PLAIN_TYPES, type) ? PLAIN_TYPES[type] : undefined;
  if (usual === undefined) throw new Refusal('upload_unsupported', { problem: unsupported(type) });
  const stream = untilBroken(reader ? piecesOf(reader) : noBytes());
  return ended(await takeHashed({ fileName: said.file_name || usual, stream }), {});
}

async function* hashed(stream: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of stream) {
    hash.update(piece);
    yield piece;
  }
}

function digestOf(content: Hash, fileName: string, fields: Record<string, string>): string {
  const said = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  const facts = JSON.stringify([content.digest('hex'), fileName, said]);
  return createHash('sha256').update(facts).digest('hex');
}

function compressed(encoding: string): string {
  return `The body is compressed (${encoding.slice(0, 40)}), which is not undone here. Send it as it is.`;
}

function unsupported(type: string): string {
  const what =
    type === '' ? 'The request does not say what its body is' : `“${type}” is not what a list can be`;
  return `${what}. Send a form (multipart/form-data) with the list in its field “file”, or the list itself as ${listWords(WANTED, 'or')}.`;
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
