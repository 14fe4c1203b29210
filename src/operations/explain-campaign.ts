import { countLiveCalls, readCallFigures } from '#db/call-figures.ts';
import { countWaits } from '#db/campaign-facts.ts';
import { type CampaignRow, type CampaignWithCounts, readCampaign, readSideCounts } from '#db/campaigns.ts';
import { countSkipReasons } from '#db/contacts.ts';
import { describeRetries } from '#domain/call-words.ts';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { describeHold, describeSkip, describeWait } from '#domain/hold.ts';
import { describeStatus } from '#domain/lifecycle.ts';
import { DEFAULT_MIXED, describeMixed } from '#domain/mixed.ts';
import { Refusal } from '#domain/refusal.ts';
import { launchProblems } from './check-launch.ts';
import type { Deps } from './deps.ts';
import { outlookOf } from './outlook.ts';

const MOST_REASONS = 5;

/**
 * Why a campaign is doing what it does, as sentences: what holds it, what its contacts wait for, what was left out and
 * why, and when something happens next. Never empty. Throws `campaign_not_found`.
 */
export async function explainCampaign(deps: Deps, { campaignId }: { campaignId: number }): Promise<string[]> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  const now = deps.clock.now();
  const { campaign, counts } = row;
  const side = await readSideCounts(deps.db, campaignId);
  const sentences = [
    `“${campaign.name}” ${describeStatus(campaign.status)}: ${counts.pending} waiting, ${counts.in_progress} in progress.`,
  ];
  if (campaign.hold) sentences.push(describeHold(campaign.hold, now, campaign.timeZone));
  else if (campaign.status === 'running') sentences.push(...runningWords(deps, row, now));
  if (campaign.status === 'draft')
    sentences.push(...(await launchProblems(deps, row)).map(({ message }) => message));
  if (CHANNELS_OF[campaign.campaignType].calls) sentences.push(...(await callWords(deps, campaign)));
  for (const { why, contacts, nextAt } of await countWaits(deps.db, campaignId)) {
    sentences.push(`${contacts} waiting: ${describeWait(why, nextAt, now, campaign.timeZone)}`);
  }
  if (side.needsReview > 0) sentences.push(`${side.needsReview} wait for a decision in the thread.`);
  for (const { reason, contacts } of (await countSkipReasons(deps.db, campaignId)).slice(0, MOST_REASONS)) {
    sentences.push(`${contacts} left out: ${describeSkip(reason ?? 'unknown')}`);
  }
  return sentences;
}

function runningWords(deps: Deps, row: CampaignWithCounts, now: Date): string[] {
  const { counts, campaign } = row;
  if (counts.pending === 0) return ['Everybody has been contacted; the carrier’s last reports are awaited.'];
  const outlook = outlookOf(deps, row, now);
  const pace = CHANNELS_OF[campaign.campaignType].calls
    ? `up to ${campaign.rateLimitPerMinute} a minute are started, ${campaign.concurrentLimit} at once`
    : `up to ${campaign.rateLimitPerMinute} a minute go out`;
  return [`Nothing holds it: ${pace}${outlook ? `, ${outlook}` : ''}.`];
}

/** What calls came to, what is done about those that reach nobody, and how a mixed campaign goes about it. */
async function callWords(deps: Deps, campaign: CampaignRow): Promise<string[]> {
  const { callsPlaced, callsAnswered, voicemails } = await readCallFigures(deps.db, campaign);
  const live = await countLiveCalls(deps.db, campaign);
  const figures = `Calls so far: ${callsPlaced} placed, ${callsAnswered} answered, ${voicemails} taken by a machine; ${live} on the line now.`;
  const isMixed = campaign.campaignType === 'mixed';
  return [
    ...(callsPlaced > 0 ? [figures] : []),
    ...(isMixed ? [describeMixed(campaign.mixedSettings ?? DEFAULT_MIXED)] : []),
    describeRetries(campaign),
  ];
}
