import { countResults, readCallFigures } from '#db/call-figures.ts';
import { countFailures, readTimeline } from '#db/campaign-facts.ts';
import { type CampaignRow, type CampaignWithCounts, readCampaign, readSideCounts } from '#db/campaigns.ts';
import type { Executor } from '#db/client.ts';
import { countSkipReasons } from '#db/contacts.ts';
import { readSpend } from '#db/spend.ts';
import { describeMiss } from '#domain/call-words.ts';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { describeSkip } from '#domain/hold.ts';
import { Refusal } from '#domain/refusal.ts';
import type { ResultCard } from '#ports/chat-content.ts';
import type { Deps } from './deps.ts';
import { countsOf } from './draw-campaign-card.ts';

const SLICES = 12;
const MINUTE_MS = 60_000;

/** What came of a campaign so far: counts, rates, cost, why people were not reached, and when. Throws when unknown. */
export async function drawResultCard(
  deps: Pick<Deps, 'clock'>,
  executor: Executor,
  { campaignId }: { campaignId: number },
): Promise<ResultCard> {
  const row = await readCampaign(executor, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  const { campaign } = row;
  const isCalling = CHANNELS_OF[campaign.campaignType].calls;
  const { replies, optOuts } = await readSideCounts(executor, campaignId);
  return {
    kind: 'result_card',
    campaignId,
    name: campaign.name,
    campaignType: campaign.campaignType,
    status: campaign.status,
    counts: countsOf(row.counts),
    calls: isCalling ? await readCallFigures(executor, campaign) : null,
    results: isCalling ? await countResults(executor, campaign) : [],
    replies,
    optOuts,
    startedAt: campaign.startedAt,
    completedAt: campaign.completedAt,
    costMicros: await costOf(executor, campaign),
    estimateMicros: estimateOf(campaign),
    reasons: await reasonsOf(executor, row),
    timeline: campaign.startedAt
      ? await timelineOf(executor, campaign, campaign.startedAt, campaign.completedAt ?? deps.clock.now())
      : [],
  };
}

function estimateOf({ estimateLowMicros: low, estimateHighMicros: high }: CampaignRow) {
  return low === null || high === null ? null : { low, high };
}

/** What the carrier charged, and what the rate table says of the rest: the same figures as on the card and in the API. */
async function costOf(executor: Executor, campaign: CampaignRow): Promise<ResultCard['costMicros']> {
  const { settledMicros, reservedMicros } = await readSpend(executor, campaign);
  return { actual: settledMicros, estimated: reservedMicros };
}

const MISSED = [
  ['no_answer', 'Nobody answered, or they hung up at once.'],
  ['busy', 'The line was busy.'],
  ['voicemail', 'A machine answered.'],
] as const;

async function reasonsOf(
  executor: Executor,
  { campaign, counts }: CampaignWithCounts,
): Promise<ResultCard['reasons']> {
  const skipped = (await countSkipReasons(executor, campaign.id)).map((row) => ({
    reason: describeSkip(row.reason ?? 'unknown'),
    contacts: row.contacts,
  }));
  const failed = (await countFailures(executor, campaign)).map((row) => ({
    reason: describeMiss(row),
    contacts: row.contacts,
  }));
  const missed = MISSED.map(([status, reason]) => ({ reason, contacts: counts[status] }));
  return [...skipped, ...failed, ...missed.filter(({ contacts }) => contacts > 0)].sort(
    (a, b) => b.contacts - a.contacts,
  );
}

async function timelineOf(executor: Executor, campaign: CampaignRow, from: Date, to: Date) {
  const zone = campaign.timeZone;
  const spanMs = Math.max(MINUTE_MS, to.getTime() - from.getTime());
  const sliceMs = Math.ceil(spanMs / SLICES / MINUTE_MS) * MINUTE_MS;
  const rows = await readTimeline(executor, campaign.id, { from, sliceMs, last: SLICES });
  const bySlice = new Map(rows.map((row) => [row.slice, row]));
  const last = Math.max(0, ...bySlice.keys());
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: 'numeric', month: 'short' });
  return Array.from({ length: last + 1 }, (_, slice) => {
    const at = new Date(from.getTime() + slice * sliceMs);
    const label = spanMs > 86_400_000 ? `${day.format(at)} ${clock.format(at)}` : clock.format(at);
    return { label, completed: bySlice.get(slice)?.completed ?? 0, failed: bySlice.get(slice)?.failed ?? 0 };
  });
}
