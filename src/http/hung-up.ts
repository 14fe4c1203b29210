import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';

/** Whether a request broke off because its client went away before all of it had come: nothing of ours is amiss. */
export function hasHungUp(error: unknown, { env }: Pick<Context, 'env'>): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  const { incoming } = (env ?? {}) as { incoming?: IncomingMessage };
  // Node says it in these words, of an answer to a request of ours too.
  return code === 'ECONNRESET' && message === 'aborted' && Boolean(incoming?.errored);
}

/** What nobody reads any more. */
export const HUNG_UP = 'The request ended before all of it had come, so nothing was done. Send it again.';
