import type { CampaignRow, CampaignWithCounts } from '#db/campaigns.ts';
import { readSample } from '#db/preflight.ts';
import { readOwnRates } from '#db/rates.ts';
import { estimateCallCost } from '#domain/call-cost.ts';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { pricedCountry, type RateTable, ratesWith } from '#domain/rates.ts';
import { reserveFor } from '#domain/reserve.ts';
import { addCosts, type CostRange, estimateTextCost, NO_COST } from '#domain/text-cost.ts';
import { assistantOf, callerOf } from './check-launch.ts';
import { callComposer, composeCall } from './compose-call.ts';
import { composeText, textComposer } from './compose-text.ts';
import type { Deps } from './deps.ts';

/** Rendered to learn how many segments texts take, spread over the whole campaign; more would not change the estimate. */
const SAMPLE = 200;

/** Among some contacts of the campaign: how many were rendered, and for how many something comes out too long or empty. */
export type Sample = { contacts: number; tooLong: number; empty: number };
type Segments = { low: number; high: number; average: number };

/** How a campaign's messages come out for its contacts; null for what it does not have. */
export type Measured = { texts: { sample: Sample; segmentsEach: Segments }; calls: Sample };

export const NOTHING_MEASURED: Measured = {
  texts: {
    sample: { contacts: 0, tooLong: 0, empty: 0 },
    segmentsEach: { low: 0, high: 0, average: 0 },
  },
  calls: { contacts: 0, tooLong: 0, empty: 0 },
};

/** Renders the messages of a campaign for a sample of its contacts, as they would be rendered to contact them. */
export async function measureMessages(
  deps: Deps,
  { campaign, workspace }: Pick<CampaignWithCounts, 'campaign' | 'workspace'>,
): Promise<Measured> {
  const assistant = await assistantOf(deps, campaign);
  const people = await readSample(deps.db, campaign, SAMPLE);
  const channels = CHANNELS_OF[campaign.campaignType];
  const measured: Measured = { ...NOTHING_MEASURED };
  if (channels.texts) {
    const composer = textComposer(campaign, workspace, { kind: 'pool', poolId: '' }, assistant?.name);
    const texts = people.map((person) => composeText(composer, person));
    const sizes = texts.flatMap((text) => (text.kind === 'text' ? [text.segments] : []));
    measured.texts = { sample: sampleOf(texts), segmentsEach: rangeOf(sizes) };
  }
  if (channels.calls && assistant) {
    const caller = callerOf(deps, campaign, assistant) ?? '';
    const composer = callComposer(campaign, workspace, assistant, caller);
    measured.calls = sampleOf(people.map((person) => composeCall(composer, person)));
  }
  return measured;
}

/** What a run comes to, one attempt on each of its channels for each contact, by where their numbers belong. */
export async function runCost(
  deps: Pick<Deps, 'db'>,
  campaign: Pick<CampaignRow, 'workspaceId' | 'campaignType' | 'enableVoicemailDetection'>,
  people: readonly { phoneNumber: string; contacts: number }[],
  segmentsEach: Segments,
): Promise<{ texts: CostRange; calls: CostRange; all: CostRange }> {
  const rates = ratesWith(await readOwnRates(deps.db, campaign.workspaceId));
  const contactsIn = byCountry(people);
  const channels = CHANNELS_OF[campaign.campaignType];
  const texts = channels.texts ? textCost(contactsIn, segmentsEach, rates) : NO_COST;
  const isDetecting = campaign.enableVoicemailDetection;
  const calls = channels.calls ? estimateCallCost(contactsIn, { isDetecting }, rates) : NO_COST;
  return { texts, calls, all: addCosts(texts, calls) };
}

/** What one attempt to any of these people must have free of a budget, at the most. */
export async function dearestAttempt(
  deps: Pick<Deps, 'db'>,
  { campaign }: Pick<CampaignWithCounts, 'campaign'>,
  people: readonly { phoneNumber: string }[],
  { high: segments }: Segments,
): Promise<number> {
  const rates = ratesWith(await readOwnRates(deps.db, campaign.workspaceId));
  const assistant = await assistantOf(deps, campaign);
  const { calls, texts } = CHANNELS_OF[campaign.campaignType];
  const planned = {
    segments,
    maxSeconds: assistant?.maxCallSeconds ?? 0,
    isDetecting: campaign.enableVoicemailDetection,
  };
  const places = new Map(people.map(({ phoneNumber }) => [pricedCountry(phoneNumber), phoneNumber]));
  const reserves = [...places.values()].flatMap((phoneNumber) => [
    ...(calls ? [reserveFor(rates, { ...planned, channel: 'call', phoneNumber })] : []),
    ...(texts ? [reserveFor(rates, { ...planned, channel: 'sms', phoneNumber })] : []),
  ]);
  return Math.max(0, ...reserves);
}

function textCost(contactsIn: Record<string, number>, { average }: Segments, rates: RateTable): CostRange {
  const segments = Object.entries(contactsIn).map(([country, some]) => [country, Math.round(some * average)]);
  return estimateTextCost(Object.fromEntries(segments), rates);
}

function byCountry(people: readonly { phoneNumber: string; contacts: number }[]): Record<string, number> {
  const contactsIn: Record<string, number> = {};
  for (const { phoneNumber, contacts } of people) {
    const country = pricedCountry(phoneNumber);
    contactsIn[country] = (contactsIn[country] ?? 0) + contacts;
  }
  return contactsIn;
}

type Composed = ReturnType<typeof composeText> | ReturnType<typeof composeCall>;

function sampleOf(composed: readonly Composed[]): Sample {
  const refused = (...reasons: string[]) =>
    composed.filter((one) => one.kind === 'refused' && reasons.includes(one.reason)).length;
  return {
    contacts: composed.length,
    tooLong: refused('message_too_long', 'speech_too_long'),
    empty: refused('empty_message'),
  };
}

function rangeOf(sizes: number[]): Segments {
  if (sizes.length === 0) return NOTHING_MEASURED.texts.segmentsEach;
  const average = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  return { low: Math.min(...sizes), high: Math.max(...sizes), average };
}
