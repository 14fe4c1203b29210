import { type ByteRange, rangeHeader, readContentRange } from '#domain/byte-range.ts';
import type { RecordingAudio } from '#ports/telephony.ts';
import { RequestLost, requestLost, TwilioRefused } from './request-problem.ts';

/** Where recordings are fetched from, and with what. `timeoutMs`: the longest wait for the next piece, in real time. */
export type MediaAccess = { accountSid: string; authToken: string; origin: string; timeoutMs: number };

const MOST_REDIRECTS = 3;

/**
 * A file of the account, or a part of it, piece by piece as it is read; who stops early stops the transfer. Twilio may
 * answer with the whole where a part was asked for, as any server may. It may send us on to
 * where it keeps media: the credentials stay behind then, and only an encrypted address is followed, or one on the
 * stand-in's own machine. Throws what `request-problem` knows, which never carries credentials.
 */
export async function fetchMedia(
  access: MediaAccess,
  path: string,
  range: ByteRange | null = null,
): Promise<RecordingAudio> {
  const watch = createWatch(access.timeoutMs);
  let url = new URL(path, access.origin);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const response = await watch.during(() =>
      fetch(url, { headers: headersFor(url, access, range), redirect: 'manual', signal: watch.signal }),
    );
    const extent = extentOf(response);
    if (response.ok && response.body && extent) return { ...extent, stream: piecesOf(response.body, watch) };
    await response.body?.cancel();
    if (range && response.status === 416) return { size: null, ...extent, part: 'beyond', stream: nothing() };
    const next = nextAddress(response, url, access.origin);
    if (!next) throw new TwilioRefused(response.status, null, null);
    url = next;
  }
  throw new RequestLost('too many redirects', true);
}

/** Not compressed, so that the length told is the length that comes. */
function headersFor(
  url: URL,
  { origin, accountSid, authToken }: MediaAccess,
  range: ByteRange | null,
): Record<string, string> {
  const plain = { 'Accept-Encoding': 'identity', ...(range ? { Range: rangeHeader(range) } : {}) };
  if (url.origin !== origin) return plain;
  const credentials = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
  return { ...plain, Authorization: `Basic ${credentials}` };
}

/** How long the file is, and which part of it the answer brings; null when it brings one and does not say which. */
function extentOf({ status, headers }: Response): Pick<RecordingAudio, 'size' | 'part'> | null {
  const told = readContentRange(headers.get('content-range'));
  if (status === 206) return told?.part ? { size: told.size, part: told.part } : null;
  if (status === 416) return { size: told?.size ?? null };
  const size = Number(headers.get('content-length') ?? Number.NaN);
  return { size: Number.isFinite(size) ? size : null };
}

function nextAddress(response: Response, from: URL, origin: string): URL | null {
  const location = response.headers.get('location');
  if (response.status < 300 || response.status >= 400 || !location) return null;
  const next = URL.parse(location, from.href);
  if (next === null || next.username + next.password !== '') return null;
  const { hostname, protocol } = new URL(origin);
  const isBesideStandIn = protocol === 'http:' && next.protocol === 'http:' && next.hostname === hostname;
  return next.protocol === 'https:' || isBesideStandIn ? next : null;
}

type Watch = {
  signal: AbortSignal;
  during<Answer>(wait: () => Promise<Answer>): Promise<Answer>;
  stop(): void;
};

/** Breaks off when one wait takes too long; whoever reads may take as much time between them as they like. */
function createWatch(timeoutMs: number): Watch {
  const abort = new AbortController();
  return {
    signal: abort.signal,
    stop: () => abort.abort(),
    during: async (wait) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        abort.abort();
      }, timeoutMs);
      try {
        return await wait();
      } catch (cause) {
        throw isLate ? new RequestLost('timeout', true) : requestLost(causeOf(cause));
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** Not a generator: the end of one that nobody has begun to read would not end the transfer. */
function piecesOf(body: ReadableStream<Uint8Array>, watch: Watch): AsyncIterable<Uint8Array> {
  const reader = body.getReader();
  const pieces: AsyncIterator<Uint8Array> = {
    async next() {
      const read = await watch.during(() => reader.read());
      return read.done ? { done: true, value: undefined } : read;
    },
    async return() {
      watch.stop();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => pieces };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** What `fetch` throws says nothing itself; the reason is its cause. */
function causeOf(cause: unknown): unknown {
  return cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
}
