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
import { hoursOf } from '#domain/settings.ts';
import { describeWeek } from '#domain/week-hours.ts';
import { describeInstant, placeName } from '#domain/window-words.ts';
import { launchProblems } from './check-launch.ts';
import type { Deps } from './deps.ts';
import { demandsOn } from './launch-demands.ts';
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
    ...(await standingWords(deps, row, now)),
  ];
  if (IS_AHEAD[campaign.status]) sentences.push(hourWords(campaign, await placesOf(deps, campaign)));
  if (CHANNELS_OF[campaign.campaignType].calls) sentences.push(...(await callWords(deps, campaign)));
  for (const { why, contacts, nextAt } of await countWaits(deps.db, campaignId)) {
    sentences.push(`${contacts} waiting: ${describeWait(why, nextAt, now, campaign.timeZone)}`);
  }
  if (side.needsReview > 0)
    sentences.push(`${side.needsReview} wait for a decision in the thread or over the API.`);
  const reasons = await countSkipReasons(deps.db, campaignId);
  for (const { reason, contacts } of reasons.slice(0, MOST_REASONS)) {
    sentences.push(`${contacts} left out: ${describeSkip(reason ?? 'unknown')}`);
  }
  const others = reasons.slice(MOST_REASONS).reduce((sum, { contacts }) => sum + contacts, 0);
  if (others > 0)
    sentences.push(`${others} left out for other reasons: see each of them in /campaign export.`);
  return sentences;
}

const IS_AHEAD: Record<CampaignRow['status'], boolean> = {
  draft: true,
  scheduled: true,
  running: true,
  paused: true,
  completed: false,
  cancelled: false,
  failed: false,
};

/**
 * What keeps a campaign where it is, and what moves it on: its hold, or what its status waits for. Never empty, and with
 * the next instant where there is one.
 */
export async function standingWords(deps: Deps, row: CampaignWithCounts, now: Date): Promise<string[]> {
  const { campaign } = row;
  const { hold, status, timeZone } = campaign;
  if (status === 'scheduled') return [...heldWords(campaign, now), dueWords(campaign, now)];
  if (hold?.code === 'needs_approval') return [await approvalWords(deps, row, now)];
  if (hold) return [describeHold(hold, now, timeZone)];
  if (status === 'running') return runningWords(deps, row, now);
  if (status === 'draft') return draftWords(deps, row, await launchProblems(deps, row), now);
  return [OVER[status]];
}

const OVER: Record<'paused' | 'completed' | 'cancelled' | 'failed', string> = {
  paused: 'Nobody is contacted until somebody resumes it.',
  completed: 'Everybody has had their turn. Redial whom nobody reached, or look at /campaign export.',
  cancelled: 'It was stopped for good and contacts nobody any more. Run it again for whom you choose.',
  failed: 'It failed and contacts nobody any more: the thread says why. Put that right, then run it again.',
};

function heldWords({ hold, timeZone }: CampaignRow, now: Date): string[] {
  return hold ? [describeHold(hold, now, timeZone)] : [];
}

function dueWords({ nextRunAt, scheduleZone, timeZone }: CampaignRow, now: Date): string {
  if (!nextRunAt) return 'It has no time at which it begins: start it now, or schedule it again.';
  const when = describeInstant(nextRunAt, now, scheduleZone ?? timeZone);
  return nextRunAt > now ? `Nobody is contacted before it begins ${when}.` : `It was due ${when}.`;
}

/** Everything that a start would be refused for, so that nobody learns of it one by one. */
async function draftWords(
  deps: Deps,
  row: CampaignWithCounts,
  problems: Refusal[],
  now: Date,
): Promise<string[]> {
  const { campaign, workspace } = row;
  const missing = problems.map(({ message }) => message);
  if (workspace.requiresAttestation && campaign.attestedBy === null)
    missing.push(new Refusal('attestation_missing', {}).message);
  if (workspace.requiresApproval && campaign.approvalId === null)
    missing.push(await approvalWords(deps, row, now));
  return missing.length > 0 ? missing : [DRAFT];
}

/** What a campaign without approval waits for: that somebody asks for it, or that somebody decides. */
async function approvalWords(deps: Deps, row: CampaignWithCounts, now: Date): Promise<string> {
  const { approval } = await demandsOn(deps, row);
  return approval === 'asked' ? ASKED : describeHold({ code: 'needs_approval' }, now);
}

const ASKED =
  'Approval is asked for in its thread: nobody is contacted until a colleague who may start campaigns approves it there.';

const DRAFT = 'A draft contacts nobody: it begins when somebody starts or schedules it.';

function runningWords(deps: Deps, row: CampaignWithCounts, now: Date): string[] {
  const { counts, campaign } = row;
  if (counts.pending === 0) return ['Everybody has been contacted; the carrier’s last reports are awaited.'];
  const outlook = outlookOf(deps, row, now);
  const pace = CHANNELS_OF[campaign.campaignType].calls
    ? `up to ${campaign.rateLimitPerMinute} a minute are started, ${campaign.concurrentLimit} at once`
    : `up to ${campaign.rateLimitPerMinute} a minute go out`;
  return [`Nothing holds it: ${pace}${outlook ? `, ${outlook}` : ''}.`];
}

/** When the campaign itself wants to reach people; the law of each place comes on top. */
function hourWords(campaign: CampaignRow, places: string[]): string {
  const { allowedHours, additionalHours, timeZone, contactTimeZone, pauseDates } = campaign;
  const week = describeWeek([hoursOf(allowedHours), ...additionalHours]);
  const clock = contactTimeZone ? 'in each contact’s own time zone' : `${placeName(timeZone)} time`;
  const off = [
    ...(places.length > 0 ? [`public holidays (${places.join('; ')})`] : []),
    ...(pauseDates.length > 0
      ? [pauseDates.length === 1 ? 'one pause date' : `${pauseDates.length} pause dates`]
      : []),
  ];
  const days = off.length > 0 ? ` but not on ${off.join(' or ')},` : '';
  return `Its hours: ${week}, ${clock},${days} and never outside what the law allows where they are.`;
}

/** What the places are called whose public holidays are kept free. */
async function placesOf({ holidays }: Deps, { holidayPlaces }: CampaignRow): Promise<string[]> {
  if (holidayPlaces.length === 0) return [];
  const names = new Map((await holidays.places()).map(({ place, name }) => [place, name]));
  return holidayPlaces.map((place) => names.get(place) ?? place);
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
