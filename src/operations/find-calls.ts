import { type CallChoice, countCalls, type ListedCall, pageOfCalls } from '#db/call-list.ts';
import type { Deps } from './deps.ts';

/** Some of the calls of a workspace that fit, the newest first, and how many there are in all. */
export async function findCalls(
  deps: Pick<Deps, 'db'>,
  { offset, limit, ...choice }: CallChoice & { offset: number; limit: number },
): Promise<{ total: number; calls: ListedCall[] }> {
  const total = await countCalls(deps.db, choice);
  const calls = offset < total ? await pageOfCalls(deps.db, { ...choice, offset, limit }) : [];
  return { total, calls };
}
