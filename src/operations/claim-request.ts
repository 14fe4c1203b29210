import { changeRequest, insertRequest, lockRequest, type RequestRef } from '#db/api-requests.ts';
import { judgeRepeat } from '#domain/repeated-request.ts';
import type { Deps } from './deps.ts';

/** Real time; whoever works longer renews it. */
export const REQUEST_LEASE_MS = 30_000;

export type ClaimedRequest =
  /** It is ours to do. `since`: the instant at which it was first begun, which every repetition shares. */
  | { kind: 'do'; since: Date }
  /**
   * It was done; the body is null when its answer held a secret, which is not kept. `contentDigest`: of the file that it
   * brought, which the fingerprint does not know.
   */
  | { kind: 'answer_again'; status: number; body: string | null; contentDigest: string | null }
  | { kind: 'under_way' }
  | { kind: 'other_request' };

/** Claims a request of the API under its Idempotency-Key, so that it is done once, or says why it is not to be done. */
export async function claimRequest(
  deps: Pick<Deps, 'db' | 'clock'>,
  { fingerprint, ...ref }: RequestRef & { fingerprint: string },
): Promise<ClaimedRequest> {
  const now = deps.clock.now();
  const begun = { fingerprint, leaseUntil: deps.clock.realDelay(REQUEST_LEASE_MS) };
  return deps.db.transaction(async (tx) => {
    if (await insertRequest(tx, { ...ref, ...begun, createdAt: now })) return { kind: 'do', since: now };
    const kept = await lockRequest(tx, ref);
    if (!kept) throw new Error('a request under an Idempotency-Key was forgotten while it was looked at');
    const verdict = judgeRepeat(kept, fingerprint, now);
    if (verdict.kind === 'answer_again')
      return {
        kind: 'answer_again',
        status: kept.status ?? 200,
        body: kept.body,
        contentDigest: kept.contentDigest,
      };
    if (verdict.kind !== 'do') return verdict;
    const since = verdict.isAnew ? now : kept.createdAt;
    await changeRequest(tx, ref, {
      ...begun,
      status: null,
      body: null,
      contentDigest: null,
      createdAt: since,
    });
    return { kind: 'do', since };
  });
}
