import { RequestLost, requestLost, TwilioRefused } from './request-problem.ts';

/** Where recordings are fetched from, and with what. `timeoutMs`: the longest wait for the next piece, in real time. */
export type MediaAccess = { accountSid: string; authToken: string; origin: string; timeoutMs: number };
export type Media = { size: number | null; stream: AsyncIterable<Uint8Array> };

const MOST_REDIRECTS = 3;

/**
 * A file of the account, piece by piece as it is read; who stops early stops the transfer. Twilio may send us on to
 * where it keeps media: the credentials stay behind then, and only an encrypted address is followed, or one on the
 * stand-in's own machine. Throws what `request-problem` knows, which never carries credentials.
 */
export async function fetchMedia(access: MediaAccess, path: string): Promise<Media> {
  const watch = createWatch(access.timeoutMs);
  let url = new URL(path, access.origin);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const response = await watch.during(() =>
      fetch(url, { headers: headersFor(url, access), redirect: 'manual', signal: watch.signal }),
    );
    if (response.ok && response.body) {
      const size = Number(response.headers.get('content-length') ?? Number.NaN);
      return { size: Number.isFinite(size) ? size : null, stream: piecesOf(response.body, watch) };
    }
    await response.body?.cancel();
    const next = nextAddress(response, url, access.origin);
    if (!next) throw new TwilioRefused(response.status, null, null);
    url = next;
  }
  throw new RequestLost('too many redirects', true);
}

/** Not compressed, so that the length told is the length that comes. */
function headersFor(url: URL, { origin, accountSid, authToken }: MediaAccess): Record<string, string> {
  const plain = { 'Accept-Encoding': 'identity' };
  if (url.origin !== origin) return plain;
  const credentials = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
  return { ...plain, Authorization: `Basic ${credentials}` };
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

async function* piecesOf(body: ReadableStream<Uint8Array>, watch: Watch): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await watch.during(() => reader.read());
      if (done) return;
      yield value;
    }
  } finally {
    watch.stop();
  }
}

/** What `fetch` throws says nothing itself; the reason is its cause. */
function causeOf(cause: unknown): unknown {
  return cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
}
