import { Readable } from 'node:stream';
import type { ReadableStreamDefaultReader } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, MiddlewareHandler } from 'hono';
import type { ApiEnv } from './api.ts';
import { isUpload } from './bodies.ts';

export type BodyReader = Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'>;

/** The one reader of a request's body, or null where there is none. Giving up what it feeds leaves the rest to be read. */
export function readerOf(c: Context<ApiEnv>): BodyReader | null {
  const known = c.get('bodyReader');
  if (known) return known;
  const reader = c.req.raw.body?.getReader() as BodyReader | undefined;
  if (reader) c.set('bodyReader', reader);
  return reader ?? null;
}

/** What comes of a body, piece by piece. */
export async function* piecesOf(reader: BodyReader): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** The same as a stream that can be given up at any moment, also while nothing comes. */
export function streamOf(reader: BodyReader): Readable {
  return new Readable({
    read() {
      reader.read().then(
        ({ done, value }) => this.push(done ? null : value),
        (error) => this.destroy(error),
      );
    },
  });
}

/** How much of a refused file is read on, for how long, and for how long nothing may come. */
const MOST_BYTES = 64 * 1024 * 1024;
const LONGEST_MS = 15_000;
const SILENCE_MS = 500;

/**
 * Answers a file that is refused once the rest of it has come, or stops coming: many clients send all of it before they
 * look for an answer, and would only find the connection closed.
 */
export const lastPieces: MiddlewareHandler<ApiEnv> = async (c, next) => {
  await next();
  if (!isUpload(c) || c.res.ok) return;
  const reader = readerOf(c);
  if (reader) await readOn(reader);
};

async function readOn(reader: BodyReader): Promise<void> {
  const until = performance.now() + LONGEST_MS;
  let bytes = 0;
  while (bytes < MOST_BYTES && performance.now() < until) {
    const silence = new AbortController();
    const next = reader.read().catch(() => null);
    const came = await Promise.race([
      next,
      sleep(SILENCE_MS, null, { signal: silence.signal }).catch(() => null),
    ]);
    silence.abort();
    if (!came || came.done) return;
    bytes += came.value.length;
  }
}
