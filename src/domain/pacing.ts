/** Rate tokens of a campaign, a workspace or a sender as they were at one instant; kept as a row. */
export type RateBucket = { tokens: number; refilledAt: Date };

/** What came of asking for tokens. `nextTokenAt`: the earliest instant at which one more can be had, now or later. */
export type TokenGrant = { granted: number; bucket: RateBucket; nextTokenAt: Date };

/** A bucket nobody has drawn from: full, whatever its limit. */
export function freshBucket(now: Date): RateBucket {
  return { tokens: FULL, refilledAt: now };
}

/**
 * Takes up to `wanted` start tokens from a bucket that allows `limitPerMinute`. However takes are spread, no 60 seconds
 * hold more than the limit: at most B = max(1, limit ÷ 20) tokens are saved up, and fewer than limit − B + 1 flow in
 * during a minute, so fewer than limit + 1 can be had, and tokens are whole. The caller keeps the bucket it gets back. A
 * clock that runs backwards refills nothing; a changed limit counts from the next call on.
 */
export function takeTokens(
  bucket: RateBucket,
  limitPerMinute: number,
  now: Date,
  wanted: number,
): TokenGrant {
  return take(bucket, minutePace(limitPerMinute), now, wanted);
}

/**
 * Takes up to `wanted` call starts from a bucket of calls per second. However takes are spread, no second holds more than
 * `callsPerSecond`, and hardly a tenth of them come at one instant: what a provider is asked for beyond its pace it queues
 * for up to a day, and would dial out of hours (telephony.md §2).
 */
export function takeCallTokens(
  bucket: RateBucket,
  callsPerSecond: number,
  now: Date,
  wanted: number,
): TokenGrant {
  return take(bucket, secondPace(callsPerSecond), now, wanted);
}

/** Starts per minute that a limit sustains over a long time; a little less than the limit where bursts are large. */
export function sustainedPerMinute(limitPerMinute: number): number {
  return perMillisecond(minutePace(limitPerMinute)) * MINUTE_MS;
}

/** Places for attempts: how many are allowed at once and how many are taken. */
export type Slots = { limit: number; taken: number };

/**
 * How many attempts a campaign may begin now. What is free in the workspace is shared among the campaigns that want it,
 * so that one campaign cannot starve the others (field-notes §2, row 30).
 */
export function freeSlots(campaign: Slots, workspace: Slots & { campaigns: number }): number {
  const freeHere = Math.max(0, campaign.limit - campaign.taken);
  const freeInAll = Math.max(0, workspace.limit - workspace.taken);
  return Math.min(freeHere, Math.ceil(freeInAll / Math.max(1, workspace.campaigns)));
}

const MINUTE_MS = 60_000;
const FULL = 1_000_000;
/** Tokens are multiples of 1/60001 or 1/1001; what rounding takes away from a whole one is far smaller than that. */
const ROUNDING = 1e-7;

/** At most `limit` starts in any `windowMs`, of which `burst` may come at once. */
type Pace = { limit: number; windowMs: number; burst: number };

function minutePace(limit: number): Pace {
  return { limit, windowMs: MINUTE_MS, burst: Math.max(1, Math.floor(limit / 20)) };
}

/** A pace of less than one a second is kept over as many seconds as one call takes. */
function secondPace(callsPerSecond: number): Pace {
  if (callsPerSecond > 0 && callsPerSecond < 1)
    return { limit: 1, windowMs: Math.ceil(1_000 / callsPerSecond), burst: 1 };
  const limit = Math.floor(callsPerSecond);
  return { limit, windowMs: 1_000, burst: Math.max(1, Math.floor(limit / 10)) };
}

function take(bucket: RateBucket, pace: Pace, now: Date, wanted: number): TokenGrant {
  const filled = refill(bucket, pace, now);
  const granted = Math.max(0, Math.min(wanted, wholeTokens(filled.tokens)));
  const left = { tokens: filled.tokens - granted, refilledAt: filled.refilledAt };
  return { granted, bucket: left, nextTokenAt: nextTokenAt(left, pace, now) };
}

function perMillisecond({ limit, windowMs, burst }: Pace): number {
  return limit < 1 ? 0 : (limit - burst + 1) / (windowMs + 1);
}

function refill(bucket: RateBucket, pace: Pace, now: Date): RateBucket {
  if (pace.limit < 1) return { tokens: 0, refilledAt: now };
  const elapsed = Math.max(0, now.getTime() - bucket.refilledAt.getTime());
  const tokens = Math.min(pace.burst, bucket.tokens + elapsed * perMillisecond(pace));
  return { tokens, refilledAt: elapsed > 0 ? now : bucket.refilledAt };
}

function wholeTokens(tokens: number): number {
  return Math.floor(tokens + ROUNDING);
}

function nextTokenAt(bucket: RateBucket, pace: Pace, now: Date): Date {
  if (wholeTokens(bucket.tokens) >= 1) return now;
  const rate = perMillisecond(pace);
  const waitMs = rate > 0 ? Math.ceil((1 - bucket.tokens - ROUNDING) / rate) : MINUTE_MS;
  return new Date(Math.max(now.getTime(), bucket.refilledAt.getTime() + waitMs));
}
