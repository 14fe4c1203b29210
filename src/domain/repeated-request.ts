/** A request under an Idempotency-Key, as it is kept. `leaseUntil`: until then somebody is at it. */
export type KeptRequest = {
  fingerprint: string;
  leaseUntil: Date | null;
  /** Of its answer; null as long as there is none. */
  status: number | null;
  createdAt: Date;
};

export type RepeatVerdict =
  /** It is to be done. `isAnew`: it is another request than the key stood for, whose time is over or which failed. */
  | { kind: 'do'; isAnew: boolean }
  | { kind: 'answer_again' }
  | { kind: 'under_way' }
  | { kind: 'other_request' };

/** How long an answer is given again under its key. */
export const ANSWERS_KEPT_MS = 86_400_000;

/**
 * What becomes of a request whose key is known already. Its answer is given again for a day, and while it is under way it
 * is not done a second time; the key means nothing else until then. A request that failed, or whose process died, leaves
 * the key free: the same one goes on where it was, any other one begins anew.
 */
export function judgeRepeat(kept: KeptRequest, fingerprint: string, now: Date): RepeatVerdict {
  const isSame = kept.fingerprint === fingerprint;
  if (now.getTime() - kept.createdAt.getTime() >= ANSWERS_KEPT_MS) return { kind: 'do', isAnew: true };
  const isUnderWay = kept.status === null && kept.leaseUntil !== null && kept.leaseUntil > now;
  const isDone = kept.status !== null;
  if (!isUnderWay && !isDone) return { kind: 'do', isAnew: !isSame };
  if (!isSame) return { kind: 'other_request' };
  return { kind: isDone ? 'answer_again' : 'under_way' };
}
