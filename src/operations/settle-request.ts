import { changeUnanswered, type RequestRef } from '#db/api-requests.ts';
import { REQUEST_LEASE_MS } from './claim-request.ts';
import type { Deps } from './deps.ts';

/**
 * What became of a request that was claimed under its Idempotency-Key: its answer is kept for repetitions (without its body
 * where that holds a secret), it failed and leaves the key free, or somebody is still at it.
 */
export type RequestEnd =
  | { kind: 'done'; status: number; body: string | null; contentDigest: string | null }
  | { kind: 'failed' }
  | { kind: 'under_way' };

/** Keeps what became of a request; one that has its answer already stays as it is. */
export async function settleRequest(
  deps: Pick<Deps, 'db' | 'clock'>,
  ref: RequestRef,
  end: RequestEnd,
): Promise<void> {
  const leaseUntil = end.kind === 'under_way' ? deps.clock.realDelay(REQUEST_LEASE_MS) : null;
  const { kind, ...ended } = end;
  const answer = kind === 'done' ? ended : {};
  await changeUnanswered(deps.db, ref, { leaseUntil, ...answer });
}
