import { countLiveCalls, readCallFigures } from '#db/call-figures.ts';
import { type CampaignRow, type CampaignWithCounts, readCampaign, readSideCounts } from '#db/campaigns.ts';
import { describeAbandonment } from '#domain/abandonment.ts';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { describeHold } from '#domain/hold.ts';
import { allowedMoves, type Move } from '#domain/lifecycle.ts';
import { Refusal, stillNeeded } from '#domain/refusal.ts';
import { scheduleLine } from '#domain/schedule-words.ts';
import { describeSpending } from '#domain/spending.ts';
import type { CampaignCard } from '#ports/chat-content.ts';
import { launchProblems } from './check-launch.ts';
import type { Deps } from './deps.ts';
import { demandsOn } from './launch-demands.ts';
import { outlookOf } from './outlook.ts';
import { readAbandonment } from './read-abandonment.ts';
import { readSpending } from './read-spending.ts';

/** The moves made by pressing a button; the others need a form or the command. */
const ON_CARD = new Set<Move>(['start', 'pause', 'resume', 'cancel']);
/** Not offered before a second person has approved it, where that is demanded. */
const BEGINS = new Set<Move>(['start', 'resume']);

/** What a campaign's card says at this moment. Throws when there is no such campaign. */
export async function drawCampaignCard(
  deps: Deps,
  { campaignId }: { campaignId: number },
): Promise<CampaignCard> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  const { campaign, counts } = row;
  const now = deps.clock.now();
  const isDraft = campaign.status === 'draft';
  const missing = isDraft ? (await launchProblems(deps, row)).map(stillNeeded) : [];
  const demands = await demandsOn(deps, row);
  const isApproved = demands.approval === 'standing' || demands.approval === 'not_demanded';
  return {
    kind: 'campaign_card',
    campaignId,
    version: campaign.version,
    name: campaign.name,
    campaignType: campaign.campaignType,
    status: campaign.status,
    createdBy: campaign.createdBy,
    counts: countsOf(counts),
    runNumber: campaign.runNumber,
    hold: campaign.hold ? describeHold(campaign.hold, now, campaign.timeZone) : null,
    outlook: outlookOf(deps, row, now),
    missing,
    demands,
    moves: allowedMoves(campaign.status).filter(
      (move) =>
        ON_CARD.has(move) && (move !== 'start' || missing.length === 0) && (isApproved || !BEGINS.has(move)),
    ),
    spending: describeSpending(await readSpending(deps.db, campaign)),
    abandoned: await abandonedOf(deps, campaign),
    stoppedBy: stopOf(campaign),
    schedule: scheduleLine(campaign),
    ...(await readSideCounts(deps.db, campaignId)),
    calls: await callsOf(deps, campaign),
    startedAt: campaign.startedAt,
    completedAt: campaign.completedAt,
    updatedAt: now,
  };
}

async function abandonedOf({ db, clock }: Deps, campaign: CampaignRow): Promise<string | null> {
  if (!CHANNELS_OF[campaign.campaignType].calls || campaign.startedAt === null) return null;
  return describeAbandonment(await readAbandonment(db, campaign.id, clock.now()));
}

function stopOf({ status, hold }: CampaignRow): CampaignCard['stoppedBy'] {
  if (status !== 'paused') return null;
  return hold?.code === 'budget_reached' || hold?.code === 'canary' ? hold.code : null;
}

async function callsOf(deps: Deps, campaign: CampaignRow): Promise<CampaignCard['calls']> {
  if (!CHANNELS_OF[campaign.campaignType].calls) return null;
  const figures = await readCallFigures(deps.db, campaign);
  return { ...figures, live: await countLiveCalls(deps.db, campaign) };
}

/** The counts of a campaign without the row's own key. */
export function countsOf({ campaignId: _, ...counts }: CampaignWithCounts['counts']) {
  return counts;
}
