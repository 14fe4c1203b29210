/** Rate limits per method and workspace (slack.md §2.1): full windows answer 429 with the seconds to wait. */

const MINUTE_MS = 60_000;
const TIER_2 = 20;
const TIER_3 = 50;
const TIER_4 = 100;
const SPECIAL = 600;

/** Calls a minute; methods that are not here belong to Tier 3. */
const PER_MINUTE: Record<string, number> = {
  'chat.postMessage': 300,
  'chat.postEphemeral': TIER_4,
  'views.open': TIER_4,
  'views.update': TIER_4,
  'views.push': TIER_4,
  'views.publish': TIER_4,
  'files.info': TIER_4,
  'files.getUploadURLExternal': TIER_4,
  'files.completeUploadExternal': TIER_4,
  'conversations.members': TIER_4,
  'users.info': TIER_4,
  'usergroups.list': TIER_2,
  'usergroups.users.list': TIER_2,
  'conversations.list': TIER_2,
  'users.list': TIER_2,
  'auth.test': SPECIAL,
  'chat.getPermalink': SPECIAL,
  'blocks.validate': SPECIAL,
  'apps.connections.open': TIER_3,
};

/** Posting is also held to about one message a second and channel, after a short burst. */
const CHANNEL_BURST = 5;
const CHANNEL_PER_SECOND = 1;

export type Tiers = {
  /** Counts the call when there is room; otherwise the seconds until there is. */
  admit(method: string, channelId: string | null, now: number): number | null;
  setMultiplier(multiplier: number): void;
};

export function createTiers(multiplierAtStart: number): Tiers {
  let multiplier = multiplierAtStart;
  const calls = new Map<string, number[]>();
  const buckets = new Map<string, { tokens: number; at: number }>();

  return {
    admit(method, channelId, now) {
      if (multiplier <= 0) return null;
      const recent = (calls.get(method) ?? []).filter((at) => at > now - MINUTE_MS);
      const limit = (PER_MINUTE[method] ?? TIER_3) * multiplier;
      const oldest = recent[0];
      if (recent.length >= limit && oldest !== undefined) return seconds(oldest + MINUTE_MS - now);
      if (method === 'chat.postMessage' && channelId !== null) {
        const wait = takeToken(channelId, now);
        if (wait !== null) return wait;
      }
      calls.set(method, [...recent, now]);
      return null;
    },
    setMultiplier(next) {
      multiplier = next;
    },
  };

  function takeToken(channelId: string, now: number): number | null {
    const bucket = buckets.get(channelId) ?? { tokens: CHANNEL_BURST, at: now };
    const refilled = bucket.tokens + ((now - bucket.at) / 1000) * CHANNEL_PER_SECOND * multiplier;
    const tokens = Math.min(CHANNEL_BURST, refilled);
    buckets.set(channelId, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1 ? null : seconds((1 - tokens) * 1000);
  }
}

function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
