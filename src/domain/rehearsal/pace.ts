import { freshBucket, type RateBucket, takeCallTokens, takeTokens } from '#domain/pacing.ts';
import type { RehearsalInput } from './rehearsal.ts';

/** How fast attempts may begin, by the same buckets as a real run; instants in milliseconds. */
export type Pace = {
  /** How many of the next `most` may begin now, and how many of them calls. */
  free(now: number, most: number): { tokens: number; calls: number };
  /** Keeps what was begun; when the next one may begin. */
  spend(now: number, begun: { all: number; calls: number }): number;
};

type Scope = { takes: typeof takeTokens; limit: number; isForCalls: boolean; bucket: RateBucket };

export function createPace(
  input: Pick<RehearsalInput, 'now' | 'rateLimitsPerMinute' | 'callsPerSecond' | 'campaignType'>,
): Pace {
  const bucket = freshBucket(input.now);
  const scopes: Scope[] = input.rateLimitsPerMinute.map((limit) => ({
    takes: takeTokens,
    limit,
    isForCalls: false,
    bucket,
  }));
  if (input.campaignType !== 'sms')
    scopes.push({ takes: takeCallTokens, limit: input.callsPerSecond, isForCalls: true, bucket });
  const granted = (now: number, most: number, isForCalls: boolean) =>
    Math.min(
      most,
      ...scopes
        .filter((scope) => scope.isForCalls === isForCalls)
        .map((scope) => scope.takes(scope.bucket, scope.limit, new Date(now), most).granted),
    );
  return {
    free: (now, most) => ({ tokens: granted(now, most, false), calls: granted(now, most, true) }),
    spend(now, begun) {
      const taken = scopes.map((scope) => {
        const wanted = scope.isForCalls ? begun.calls : begun.all;
        const grant = scope.takes(scope.bucket, scope.limit, new Date(now), wanted);
        scope.bucket = grant.bucket;
        return grant.nextTokenAt.getTime();
      });
      return Math.max(now, ...taken);
    },
  };
}
