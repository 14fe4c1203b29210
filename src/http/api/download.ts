/**
 * A file that is written while it is sent, as fast as the client takes it: the next piece is asked for when the last one
 * has gone, and nothing more is read once the client hangs up.
 */
export function download(
  pieces: AsyncGenerator<string, void>,
  { contentType, fileName }: { contentType: string; fileName: string },
): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      'content-type': `${contentType}; charset=utf-8`,
      'content-disposition': `attachment; filename="${asciiName(fileName)}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}

/** For clients that know no others: header values hold no quotes, line ends or letters beyond ASCII. */
function asciiName(fileName: string): string {
  return fileName.replace(/[^\w. -]/g, '_');
}
