import { countDownCanary } from '#db/canary.ts';
import { countDialing, type LockedCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { lockBuckets, saveBuckets } from '#db/rate-buckets.ts';
import { freeSlots, freshBucket, type TokenGrant, takeCallTokens, takeTokens } from '#domain/pacing.ts';
import type { Deps } from './deps.ts';

/** How many attempts were begun, and how many of them were calls. */
export type Begun = { all: number; calls: number };

/**
 * How many more attempts may be begun now: by rate and by places, in the campaign and in the workspace, by how many are to be
 * tried first, and for calls by the pace that the provider takes them at. `spend` keeps what was begun and tells when the next one may be.
 */
export type Capacity = {
  free: number;
  freeCalls: number;
  binds: 'rate' | 'concurrency' | 'canary';
  oldestDialingId: number | null;
  spend(begun: Begun, isPaced: boolean): Promise<Date>;
};

/** Reads the capacity and locks what it is kept in, until the caller's transaction ends. */
export async function readCapacity(
  deps: Pick<Deps, 'telephony'>,
  tx: Transaction,
  locked: LockedCampaign,
  { now, most }: { now: Date; most: number },
): Promise<Capacity> {
  const scopes = scopesOf(deps, locked);
  const buckets = await lockBuckets(tx, [...scopes.keys()], freshBucket(now));
  const take = (scope: string, wanted: number): TokenGrant => {
    const { takes, limit } = scopes.get(scope) ?? { takes: takeTokens, limit: 0 };
    return takes(buckets.get(scope) ?? freshBucket(now), limit, now, wanted);
  };
  const granted = (isPace: boolean) =>
    Math.min(most, ...namesOf(scopes, isPace).map((scope) => take(scope, most).granted));
  const dialing = await countDialing(tx, locked.workspace, locked.campaign.id);
  const slots = slotsOf(locked, dialing);
  const tokens = granted(false);
  const firstOnes = locked.campaign.canaryLeft ?? Number.POSITIVE_INFINITY;
  return {
    free: Math.min(slots, tokens, firstOnes),
    freeCalls: granted(true),
    binds: firstOnes <= Math.min(slots, tokens) ? 'canary' : tokens < slots ? 'rate' : 'concurrency',
    oldestDialingId: dialing.oldestId,
    async spend(begun, isPaced): Promise<Date> {
      const taken = new Map(
        [...scopes].map(([scope, { isPace }]) => [scope, take(scope, isPace ? begun.calls : begun.all)]),
      );
      await countDownCanary(tx, locked.campaign.id, begun.all);
      await saveBuckets(tx, new Map([...taken].map(([scope, result]) => [scope, result.bucket])));
      const binding = [...taken].filter(([scope]) => isPaced || !scopes.get(scope)?.isPace);
      return new Date(Math.max(...binding.map(([, result]) => result.nextTokenAt.getTime())));
    },
  };
}

type Scope = { takes: typeof takeTokens; limit: number; isPace: boolean };

/** The buckets that a start is taken from; only campaigns that call share the provider's pace of calls. */
function scopesOf({ telephony }: Pick<Deps, 'telephony'>, { campaign, workspace }: LockedCampaign) {
  const scopes = new Map<string, Scope>([
    [`campaign:${campaign.id}`, { takes: takeTokens, limit: campaign.rateLimitPerMinute, isPace: false }],
    [`workspace:${workspace.id}`, { takes: takeTokens, limit: workspace.rateLimitPerMinute, isPace: false }],
  ]);
  if (campaign.campaignType !== 'sms') {
    const pace = { takes: takeCallTokens, limit: telephony.callsPerSecond, isPace: true };
    scopes.set(`calls:${telephony.provider}`, pace);
  }
  return scopes;
}

function namesOf(scopes: Map<string, Scope>, isPace: boolean): string[] {
  return [...scopes].filter(([, scope]) => scope.isPace === isPace).map(([name]) => name);
}

function slotsOf(
  { campaign, workspace }: LockedCampaign,
  dialing: Awaited<ReturnType<typeof countDialing>>,
): number {
  return freeSlots(
    { limit: campaign.concurrentLimit, taken: dialing.inCampaign },
    {
      limit: workspace.concurrentLimit,
      taken: dialing.inWorkspace,
      campaigns: dialing.runningCampaigns,
    },
  );
}
