import { type CampaignWithCounts, readCampaign } from '#db/campaigns.ts';
import { countMissing } from '#db/contacts.ts';
import { countAgainst, readPendingSample, readPrefixes } from '#db/preflight.ts';
import { estimateCallCost } from '#domain/call-cost.ts';
import { windowVerdict } from '#domain/calling-window.ts';
import { CHANNELS_OF, listedFor, templatesOf } from '#domain/campaign-templates.ts';
import { describeEta, type ZoneGroup } from '#domain/eta.ts';
import type { Counts } from '#domain/metrics.ts';
import { pricedCountry } from '#domain/rates.ts';
import { type CampaignHours, type ContactPolicy, campaignHoursOf, reachOf } from '#domain/reach.ts';
import { Refusal } from '#domain/refusal.ts';
import { checkTemplate, SYSTEM_DEFAULTS, templateContext } from '#domain/template.ts';
import { addCosts, type CostRange, estimateTextCost, NO_COST } from '#domain/text-cost.ts';
import { assistantOf, callerOf, launchProblems } from './check-launch.ts';
import { callComposer, composeCall } from './compose-call.ts';
import { composeText, textComposer } from './compose-text.ts';
import type { Deps } from './deps.ts';
import { countsOf } from './draw-campaign-card.ts';
import { etaOf } from './outlook.ts';
import { readPolicy } from './read-policy.ts';

/** Rendered to learn how many segments texts take; more would not change the estimate. */
const SAMPLE = 200;

/** What would happen if the campaign began now. */
export type Preflight = {
  counts: Counts;
  ready: number;
  doNotCall: number;
  heldForReview: number;
  noTimeZone: number;
  outsideHoursNow: number;
  missingVariables: { name: string; contacts: number }[];
  /** Among the first waiting contacts: how many were rendered, and for how many the text comes out too long or empty. */
  sample: { contacts: number; tooLong: number; empty: number };
  segmentsEach: { low: number; high: number; average: number };
  segments: number;
  /** What calls come to; null for text campaigns. Among the first waiting contacts: for how many something said comes out empty or too long. */
  calls: {
    contacts: number;
    sample: { contacts: number; tooLong: number; empty: number };
    cost: CostRange;
  } | null;
  /** Texts and calls together. */
  cost: CostRange;
  /** “about 40 minutes; the rate limit binds”. */
  outlook: string;
  /** What keeps it from beginning, each a sentence; empty when it may. */
  problems: string[];
};

/**
 * What would happen if a campaign began now: contacts by verdict, segments and cost from really rendered texts, how long
 * it takes and which limit binds. Nothing is changed and nobody is asked. Throws `campaign_not_found`.
 */
export async function preflight(deps: Deps, { campaignId }: { campaignId: number }): Promise<Preflight> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  const now = deps.clock.now();
  const problems = (await launchProblems(deps, row)).map((problem) => problem.message);
  const { campaignType } = row.campaign;
  const against = await countAgainst(deps.db, row.workspace.id, campaignId, listedFor(row.campaign));
  const prefixes = await readPrefixes(deps.db, campaignId);
  const policy = await readPolicy(deps, deps.db, row.workspace, now, row.campaign.holidayPlaces);
  const hours = campaignHoursOf(row.campaign, policy.holidays);
  const channel = CHANNELS_OF[campaignType].calls ? 'call' : 'sms';
  const reach = reachNow(prefixes, { hours, policy, channel }, now);
  const isMeasured = problems.length === 0;
  const { sample, segmentsEach } =
    isMeasured && CHANNELS_OF[campaignType].texts ? await measureSample(deps, row) : NOTHING_MEASURED;
  const ready = Math.max(
    0,
    row.counts.pending - against.doNotCall - against.heldForReview - reach.noTimeZone,
  );
  const calls = CHANNELS_OF[campaignType].calls
    ? {
        contacts: ready,
        sample: isMeasured ? await sampleCalls(deps, row) : NO_SAMPLE,
        cost: callCostOf(row, prefixes),
      }
    : null;
  return {
    counts: countsOf(row.counts),
    ready,
    ...against,
    noTimeZone: reach.noTimeZone,
    outsideHoursNow: reach.outsideHours,
    missingVariables: await gapsOf(deps, row),
    sample,
    segmentsEach,
    segments: Math.round(ready * segmentsEach.average),
    calls,
    cost: addCosts(costOf(prefixes, segmentsEach.average), calls?.cost ?? NO_COST),
    outlook: describeEta(etaOf(deps, row, now, reach.groups), now, row.campaign.timeZone),
    problems,
  };
}

type Measured = Pick<Preflight, 'sample' | 'segmentsEach'>;

const NO_SEGMENTS = { low: 0, high: 0, average: 0 };
const NO_SAMPLE = { contacts: 0, tooLong: 0, empty: 0 };
const NOTHING_MEASURED: Measured = {
  sample: NO_SAMPLE,
  segmentsEach: NO_SEGMENTS,
};

type Prefix = Awaited<ReturnType<typeof readPrefixes>>[number];
type Rules = { hours: CampaignHours; policy: ContactPolicy; channel: 'call' | 'sms' };

/** Waiting contacts by their zones and laws: an area code decides, so its numbers are judged once. */
function reachNow(prefixes: Prefix[], given: Rules, now: Date) {
  const groups = new Map<string, ZoneGroup>();
  let noTimeZone = 0;
  let outsideHours = 0;
  for (const { prefix, contacts, ...own } of prefixes) {
    const { zones, hours, rules } = reachOf({ who: { phoneNumber: prefix, ...own }, ...given });
    if (zones.zones.length === 0) {
      noTimeZone += contacts;
      continue;
    }
    if (!windowVerdict({ at: now, zones: zones.zones, hours }).open) outsideHours += contacts;
    const key = [...zones.zones, ...rules].join();
    const known = groups.get(key)?.contacts ?? 0;
    groups.set(key, { zones: zones.zones, hours, contacts: known + contacts });
  }
  return { groups: [...groups.values()], noTimeZone, outsideHours };
}

async function measureSample(deps: Deps, row: CampaignWithCounts): Promise<Measured> {
  const { campaign, workspace } = row;
  const assistant = await assistantOf(deps, campaign);
  const contacts = await readPendingSample(deps.db, campaign.id, SAMPLE);
  const composer = textComposer(campaign, workspace, { kind: 'pool', poolId: '' }, assistant?.name);
  const texts = contacts.map((contact) => composeText(composer, contact));
  const refused = (reason: 'message_too_long' | 'empty_message') =>
    texts.filter((text) => text.kind === 'refused' && text.reason === reason).length;
  const sizes = texts.flatMap((text) => (text.kind === 'text' ? [text.segments] : []));
  return {
    sample: {
      contacts: contacts.length,
      tooLong: refused('message_too_long'),
      empty: refused('empty_message'),
    },
    segmentsEach: sizes.length === 0 ? NO_SEGMENTS : rangeOf(sizes),
  };
}

/** How the first calls would come out; an assistant and a number are there, or there would be problems. */
async function sampleCalls(deps: Deps, { campaign, workspace }: CampaignWithCounts) {
  const assistant = await assistantOf(deps, campaign);
  if (!assistant) return NO_SAMPLE;
  const composer = callComposer(campaign, workspace, assistant, callerOf(deps, campaign, assistant) ?? '');
  const contacts = await readPendingSample(deps.db, campaign.id, SAMPLE);
  const calls = contacts.map((contact) => composeCall(composer, contact));
  const refused = (reason: 'speech_too_long' | 'empty_message') =>
    calls.filter((call) => call.kind === 'refused' && call.reason === reason).length;
  return { contacts: contacts.length, tooLong: refused('speech_too_long'), empty: refused('empty_message') };
}

/** Variables of any of its messages that would leave a gap, for how many waiting contacts. */
async function gapsOf(deps: Deps, { campaign }: CampaignWithCounts): Promise<Preflight['missingVariables']> {
  const needed = templatesOf(campaign).flatMap((template) => {
    const check = checkTemplate(campaign[template] ?? '');
    return check.ok ? check.needed : [];
  });
  const covered = new Set([
    ...Object.keys(SYSTEM_DEFAULTS),
    ...Object.keys(templateContext({ values: campaign.fallbackValues }).contact),
  ]);
  const open = [...new Set(needed)].filter((name) => !covered.has(name));
  return (await countMissing(deps.db, campaign.id, open)).filter(({ contacts }) => contacts > 0);
}

function rangeOf(sizes: number[]) {
  const average = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  return { low: Math.min(...sizes), high: Math.max(...sizes), average };
}

function costOf(prefixes: Prefix[], segmentsEach: number): CostRange {
  return estimateTextCost(
    Object.fromEntries(
      Object.entries(byCountry(prefixes)).map(([country, count]) => [
        country,
        Math.round(count * segmentsEach),
      ]),
    ),
  );
}

function callCostOf({ campaign }: CampaignWithCounts, prefixes: Prefix[]): CostRange {
  return estimateCallCost(byCountry(prefixes), { isDetecting: campaign.enableVoicemailDetection });
}

function byCountry(prefixes: Prefix[]): Record<string, number> {
  const contactsIn: Record<string, number> = {};
  for (const { prefix, contacts } of prefixes) {
    const country = pricedCountry(prefix);
    contactsIn[country] = (contactsIn[country] ?? 0) + contacts;
  }
  return contactsIn;
}
