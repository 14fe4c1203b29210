import type { Executor } from './client.ts';

/** What each open transaction wants done once it is committed; it goes with the transaction when that is rolled back. */
const wantedBy = new WeakMap<object, (() => void)[]>();

/**
 * Has something done once the caller's transaction is committed; at once outside of one, never when it is rolled back. For
 * what may be lost with the process, such as counting: whatever must happen is a task.
 */
export function afterCommit(executor: Executor, act: () => void): void {
  const wanted = wantedBy.get(executor);
  if (wanted) wanted.push(act);
  else act();
}

/** Runs a transaction, then what it wanted done. */
export async function withAfterCommit<T>(open: (note: (tx: Executor) => void) => Promise<T>): Promise<T> {
  const wanted: (() => void)[] = [];
  const result = await open((tx) => void wantedBy.set(tx, wanted));
  for (const act of wanted) act();
  return result;
}
