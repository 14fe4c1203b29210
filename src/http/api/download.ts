import type { Log } from '#ports/log.ts';

type DownloadOptions = {
  contentType: string;
  fileName: string;
  log: Log;
  /** Called when it has come to its end, in whatever way. */
  onEnd?: () => void;
};

/**
 * A file that is written while it is sent, as fast as the client takes it: the next piece is asked for when the last one
 * has gone, and nothing more is read once the client hangs up. What breaks half-way ends the connection, so that nobody
 * takes the half for the whole.
 */
export function download(
  pieces: AsyncGenerator<string, void>,
  { contentType, fileName, log, onEnd = () => undefined }: DownloadOptions,
): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = await nextOf(pieces);
          if (piece !== null) return controller.enqueue(encoder.encode(piece));
          controller.close();
          onEnd();
        } catch (cause) {
          onEnd();
          log.error({ fileName, cause }, 'a download broke off');
          throw cause;
        }
      },
      async cancel() {
        onEnd();
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      'content-type': `${contentType}; charset=utf-8`,
      'content-disposition': `attachment; filename="${asciiName(fileName)}"; filename*=UTF-8''${anyName(fileName)}`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}

/** The next piece that has anything in it: a stream that is handed nothing would not ask again. */
async function nextOf(pieces: AsyncGenerator<string, void>): Promise<string | null> {
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) return null;
    if (value) return value;
  }
}

/** For clients that know no others: header values hold no quotes, line ends or letters beyond ASCII. */
function asciiName(fileName: string): string {
  return fileName.replace(/[^\w. -]/g, '_');
}

/** Any letters, as RFC 8187 writes them. */
function anyName(fileName: string): string {
  const escaped = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(fileName.toWellFormed()).replace(/['()*]/g, escaped);
}
