import { setImmediate as breathe } from 'node:timers/promises';
import { type CampaignWithCounts, readCampaign } from '#db/campaigns.ts';
import { readOwnRates } from '#db/rates.ts';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { ratesWith } from '#domain/rates.ts';
import { campaignHoursOf, reachOf } from '#domain/reach.ts';
import { Refusal } from '#domain/refusal.ts';
import { type EndOf, endsBy, USUAL } from '#domain/rehearsal/assumptions.ts';
import { type Plan, planOf } from '#domain/rehearsal/plan.ts';
import type { Rehearsal, RehearsalInput } from '#domain/rehearsal/rehearsal.ts';
import { rehearseInSteps } from '#domain/rehearsal/rehearse.ts';
import { isBetweenRuns } from '#domain/schedule.ts';
import { placeName } from '#domain/window-words.ts';
import { readBudget } from './budget.ts';
import { assistantOf, callerOf, launchProblems } from './check-launch.ts';
import type { Composers } from './claim-contacts.ts';
import { callComposer } from './compose-call.ts';
import { textComposer } from './compose-text.ts';
import type { Deps } from './deps.ts';
import { countsOf } from './draw-campaign-card.ts';
import { launchObstacles } from './launch-obstacles.ts';
import { readPolicy } from './read-policy.ts';
import { readContacts } from './rehearsal-contacts.ts';

export type RehearseInput = {
  campaignId: number;
  /** What comes of attempts; the usual shares by default. */
  endOf?: EndOf;
};

/**
 * A campaign that was rehearsed: from when on, and what would happen. `obstacles`: what keeps a real run from contacting
 * anybody as things stand, each a sentence; the plan is of a run without them.
 */
export type Rehearsed = {
  startsAt: Date;
  zone: string;
  contacts: number;
  obstacles: string[];
  rehearsal: Rehearsal;
  plan: Plan;
};

/** What must be mended before anybody could be contacted; without it there is nothing to rehearse. */
const NEEDED = new Set([
  'assistant_missing',
  'no_call_message',
  'no_message',
  'template_invalid',
  'voicemail_missing',
]);

/** Everybody is kept in memory while the plan is made: some 600 bytes each, in a process that has other work. */
const MOST_CONTACTS = 200_000;

/** Names of zones in a plan; whoever may be in several stands under this one. */
const SEVERAL = 'several';

/**
 * Runs a campaign against a simulated clock, from now or from its scheduled time on, through the same gate, hours, pacing,
 * retries, budget and canary as a real run. Nobody is contacted and nothing is changed (field-notes §5b, row 4). Throws
 * `campaign_not_found`, `no_contacts`, `rehearsal_too_large`, and what keeps its messages from being said at all.
 */
export async function rehearseCampaign(
  deps: Deps,
  { campaignId, endOf = endsBy(USUAL) }: RehearseInput,
): Promise<Rehearsed> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  const [problem] = (await launchProblems(deps, row)).filter(({ code }) => NEEDED.has(code));
  if (problem) throw problem;
  const contacts = Object.values(countsOf(row.counts)).reduce((sum, some) => sum + some, 0);
  if (contacts > MOST_CONTACTS) throw new Refusal('rehearsal_too_large', { contacts, most: MOST_CONTACTS });
  const input = await inputOf(deps, row, endOf);
  if (input.contacts.length === 0) throw new Refusal('no_contacts', {});
  const rehearsal = await inTurns(input);
  const { timeZone: zone } = row.campaign;
  const names = await zoneNames(input);
  const plan = planOf(rehearsal, { zone, zoneOf: (contact) => names[contact] ?? SEVERAL });
  const obstacles = await launchObstacles(deps, row);
  return { startsAt: input.now, zone, contacts: input.contacts.length, obstacles, rehearsal, plan };
}

async function inputOf(deps: Deps, row: CampaignWithCounts, endOf: EndOf): Promise<RehearsalInput> {
  const { campaign, workspace } = row;
  const startsAt = startOf(row, deps.clock.now());
  const assistant = await assistantOf(deps, campaign);
  const policy = await readPolicy(deps, deps.db, workspace, startsAt, campaign.holidayPlaces);
  const everybody = isBetweenRuns(campaign);
  const composers = composersOf(deps, row, assistant);
  const isUnderWay = campaign.status === 'running' || campaign.status === 'paused';
  const begunAt = isUnderWay ? (campaign.startedAt ?? startsAt) : startsAt;
  const { textExpiryHours } = campaign;
  return {
    ...campaign,
    now: startsAt,
    contacts: await readContacts(deps, { campaign, composers, startsAt, everybody }),
    hours: campaignHoursOf(campaign, policy.holidays),
    policy,
    textExpiresAt: textExpiryHours === null ? null : new Date(begunAt.getTime() + textExpiryHours * HOUR_MS),
    rateLimitsPerMinute: [campaign.rateLimitPerMinute, workspace.rateLimitPerMinute],
    callsPerSecond: deps.telephony.callsPerSecond,
    concurrentLimit: Math.min(campaign.concurrentLimit, workspace.concurrentLimit),
    canaryLeft: isUnderWay ? campaign.canaryLeft : campaign.canarySize,
    leftMicros: isUnderWay
      ? (await deps.db.transaction((tx) => readBudget(tx, row))).leftMicros
      : campaign.budgetLimitMicros,
    rates: ratesWith(await readOwnRates(deps.db, workspace.id)),
    maxSeconds: assistant?.maxCallSeconds ?? 0,
    isDetecting: campaign.enableVoicemailDetection,
    endOf,
  };
}

const HOUR_MS = 3_600_000;

/** A scheduled campaign is rehearsed from its own time on. */
function startOf({ campaign }: CampaignWithCounts, now: Date): Date {
  const { status, nextRunAt } = campaign;
  return status === 'scheduled' && nextRunAt !== null && nextRunAt > now ? nextRunAt : now;
}

function composersOf(
  deps: Deps,
  { campaign, workspace }: CampaignWithCounts,
  assistant: Awaited<ReturnType<typeof assistantOf>>,
): Composers {
  const { calls, texts } = CHANNELS_OF[campaign.campaignType];
  const caller = callerOf(deps, campaign, assistant) ?? '';
  const anySender = { kind: 'pool', poolId: '' } as const;
  return {
    text: texts ? textComposer(campaign, workspace, anySender, assistant?.name) : null,
    call: calls && assistant ? callComposer(campaign, workspace, assistant, caller) : null,
  };
}

/** A hundred thousand contacts take seconds: in between, others have their turn. */
async function inTurns(input: RehearsalInput): Promise<Rehearsal> {
  const steps = rehearseInSteps(input);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await breathe();
  }
}

/** Contacts whose zones are named before others have their turn. */
const NAMED_AT_A_TIME = 5_000;

/** The zone of everybody, in the order of the contacts. */
async function zoneNames({ contacts, hours, policy, campaignType }: RehearsalInput): Promise<string[]> {
  const channel = campaignType === 'sms' ? 'sms' : 'call';
  const names: string[] = [];
  for (const who of contacts) {
    const [zone, ...others] = reachOf({ who, channel, hours, policy }).zones.zones;
    names.push(zone === undefined || others.length > 0 ? SEVERAL : placeName(zone));
    if (names.length % NAMED_AT_A_TIME === 0) await breathe();
  }
  return names;
}
