/** Whether a request broke off because its client went away before all of it had come: nothing of ours is amiss. */
export function hasHungUp(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  // So Node says it of a request; a connection of ours that is reset tells which system call it was.
  return code === 'ECONNRESET' && message === 'aborted';
}

/** What nobody reads any more. */
export const HUNG_UP = 'The request ended before all of it had come, so nothing was done. Send it again.';
