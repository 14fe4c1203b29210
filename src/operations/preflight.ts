import { type CampaignWithCounts, readCampaign } from '#db/campaigns.ts';
import { countMissing } from '#db/contacts.ts';
import { type AudienceQuestion, countLeftOut, readAudience, type Standing } from '#db/preflight.ts';
import { windowVerdict } from '#domain/calling-window.ts';
import { asSpoken, CHANNELS_OF, listedFor, templatesOf } from '#domain/campaign-templates.ts';
import { describeEta, type ZoneGroup } from '#domain/eta.ts';
import type { Counts } from '#domain/metrics.ts';
import { channelOf } from '#domain/mixed.ts';
import {
  type CampaignHours,
  type ContactPolicy,
  campaignHoursOf,
  type FrequencyCap,
  reachOf,
} from '#domain/reach.ts';
import { Refusal } from '#domain/refusal.ts';
import { checkTemplate, SYSTEM_DEFAULTS, templateContext } from '#domain/template.ts';
import type { CostRange } from '#domain/text-cost.ts';
import { DAY_MS } from '#domain/window-clock.ts';
import { assistantOf, launchProblems } from './check-launch.ts';
import type { Deps } from './deps.ts';
import { countsOf } from './draw-campaign-card.ts';
import { etaOf } from './outlook.ts';
import { readPolicy } from './read-policy.ts';
import { dearestAttempt, measureMessages, NOTHING_MEASURED, runCost, type Sample } from './run-cost.ts';

/** What would happen if the campaign began now. Each waiting contact counts in one of `ready` to `noTimeZone`. */
export type Preflight = {
  counts: Counts;
  ready: number;
  doNotCall: number;
  noConsent: number;
  /** Left out because another campaign contacted them within the days that this one leaves alone. */
  contactedRecently: number;
  heldForReview: number;
  /** Contacted as often as the workspace allows for now; they wait and are reached later. */
  capped: number;
  noTimeZone: number;
  /** Of those who may be contacted: whose hours are closed now. */
  outsideHoursNow: number;
  /** Rows of its files that did not become contacts. */
  duplicates: number;
  invalid: number;
  missingVariables: { name: string; contacts: number }[];
  sample: Sample;
  segmentsEach: { low: number; high: number; average: number };
  segments: number;
  /** What calls come to; null for text campaigns. */
  calls: { contacts: number; sample: Sample; cost: CostRange } | null;
  /** Texts and calls together. */
  cost: CostRange;
  budgetMicros: number | null;
  /** What one attempt must have free of the budget at the most. */
  reserveMicros: number;
  canarySize: number | null;
  /** “about 40 minutes; the rate limit binds”. */
  outlook: string;
  /** What keeps it from beginning, each a sentence; empty when it may. */
  problems: string[];
};

type WordsOf = (problem: Refusal) => string;

/**
 * What would happen if a campaign began now: contacts by verdict, segments and cost from really rendered texts, how long
 * it takes and which limit binds. Nothing is changed and nobody is asked. `wordsOf` says a problem to whoever asks, where
 * the refusal's own sentence is not for them. Throws `campaign_not_found`.
 */
export async function preflight(
  deps: Deps,
  { campaignId, wordsOf = (problem) => problem.message }: { campaignId: number; wordsOf?: WordsOf },
): Promise<Preflight> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  const { campaign } = row;
  const now = deps.clock.now();
  const problems = (await launchProblems(deps, row)).map(wordsOf);
  const audience = await audienceOf(deps, row, now);
  const measured = problems.length === 0 ? await measureMessages(deps, row) : NOTHING_MEASURED;
  const { sample, segmentsEach } = measured.texts;
  const cost = await runCost(deps, campaign, audience.reachable, segmentsEach);
  const contacts = audience.ready + audience.capped;
  return {
    counts: countsOf(row.counts),
    ...audience.counted,
    ...(await countLeftOut(deps.db, campaignId)),
    missingVariables: await gapsOf(deps, row),
    sample,
    segmentsEach,
    segments: Math.round(contacts * segmentsEach.average),
    calls: CHANNELS_OF[campaign.campaignType].calls
      ? { contacts, sample: measured.calls, cost: cost.calls }
      : null,
    cost: cost.all,
    budgetMicros: campaign.budgetLimitMicros,
    reserveMicros: await dearestAttempt(deps, row, audience.reachable, segmentsEach),
    canarySize: campaign.canarySize,
    outlook: describeEta(etaOf(deps, row, now, audience), now, campaign.timeZone),
    problems,
  };
}

type Group = Awaited<ReturnType<typeof readAudience>>[number];
type Rules = { hours: CampaignHours; policy: ContactPolicy; channel: 'call' | 'sms' };

/** Who waits, by what stands against them and by the hours of where they are; `reachable` are those who can be contacted. */
export async function audienceOf(deps: Deps, row: CampaignWithCounts, now: Date) {
  const { campaign, workspace } = row;
  const policy = await readPolicy(deps, deps.db, workspace, now, campaign.holidayPlaces);
  const groups = await readAudience(deps.db, questionOf(row, policy, now));
  const hours = campaignHoursOf(campaign, policy.holidays);
  const channel = CHANNELS_OF[campaign.campaignType].calls ? 'call' : 'sms';
  const reach = reachNow([...groups], { hours, policy, channel }, now);
  const sumOf = (...standings: Standing[]) =>
    sumUp(groups.filter(({ standing }) => standings.includes(standing)));
  const reachedOf = (standing: Standing) =>
    sumUp(reach.reachable.filter((group) => group.standing === standing));
  const [ready, capped] = [reachedOf('ready'), reachedOf('frequency_cap')];
  return {
    ...reach,
    ready,
    capped,
    counted: {
      ready,
      capped,
      doNotCall: sumOf('do_not_call'),
      noConsent: sumOf('no_consent'),
      contactedRecently: sumOf('contacted_recently'),
      heldForReview: sumOf('held_for_review'),
      noTimeZone: sumOf('ready', 'frequency_cap') - ready - capped,
      outsideHoursNow: reach.outsideHoursNow,
    },
  };
}

function sumUp(groups: readonly { contacts: number }[]): number {
  return groups.reduce((sum, { contacts }) => sum + contacts, 0);
}

function questionOf(
  { campaign }: CampaignWithCounts,
  { requiresConsent, frequency }: ContactPolicy,
  now: Date,
): AudienceQuestion {
  // Without a consent for what follows on the other channel only that is left out.
  const { campaignType, mixedSettings } = campaign;
  const first = campaignType === 'mixed' ? channelOf(mixedSettings, null) : campaignType;
  const before = (ms: number) => new Date(now.getTime() - ms);
  const days = campaign.excludeContactedDays;
  return {
    campaign,
    now,
    listedFor: listedFor(campaign),
    consentFor: requiresConsent[first] ? [first === 'call' ? 'voice' : 'sms'] : [],
    contactedSince: days === null ? null : before(days * DAY_MS),
    cap: frequency && { limit: frequency.limit, since: before(frequency.hours * HOUR_MS) },
  };
}

const HOUR_MS = 3_600_000;

/** Those who can be reached at some hour, by their zones and laws. */
function reachNow(people: Group[], given: Rules, now: Date) {
  const groups = new Map<string, ZoneGroup>();
  const reachable: Group[] = [];
  const caps = new Map<string, FrequencyCap>();
  let outsideHoursNow = 0;
  const { frequency } = given.policy;
  for (const group of people) {
    const { standing, contacts } = group;
    if (standing !== 'ready' && standing !== 'frequency_cap') continue;
    const { zones, hours, rules, caps: some } = reachOf({ who: group, ...given });
    if (zones.zones.length === 0) continue;
    reachable.push(group);
    for (const cap of some) caps.set(cap.key, cap);
    if (!windowVerdict({ at: now, zones: zones.zones, hours }).open) outsideHoursNow += contacts;
    const isCapped = standing === 'frequency_cap' && frequency;
    const key = [standing, ...zones.zones, ...rules].join();
    groups.set(key, {
      zones: zones.zones,
      hours,
      contacts: (groups.get(key)?.contacts ?? 0) + contacts,
      ...(isCapped ? { notBefore: new Date(now.getTime() + frequency.hours * HOUR_MS) } : {}),
    });
  }
  return { groups: [...groups.values()], caps: [...caps.values()], reachable, outsideHoursNow };
}

/** Variables of any of its messages that would leave a gap, for how many waiting contacts. */
async function gapsOf(deps: Deps, { campaign }: CampaignWithCounts): Promise<Preflight['missingVariables']> {
  const spoken = asSpoken(campaign, await assistantOf(deps, campaign));
  const needed = templatesOf(campaign).flatMap((template) => {
    const check = checkTemplate(spoken[template] ?? '');
    return check.ok ? check.needed : [];
  });
  const covered = new Set([
    ...Object.keys(SYSTEM_DEFAULTS),
    ...Object.keys(templateContext({ values: campaign.fallbackValues }).contact),
  ]);
  const open = [...new Set(needed)].filter((name) => !covered.has(name));
  return (await countMissing(deps.db, campaign.id, open)).filter(({ contacts }) => contacts > 0);
}
