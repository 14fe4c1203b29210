import type { InputBlock } from '@slack/types';
import { RETRY_OUTCOMES, RETRY_RULES } from '#domain/call-settings.ts';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { BREAKER_SETTINGS, formatDollars, NO_LIMITS, OPTIONAL_LIMITS, readDollars } from '#domain/limits.ts';
import { NUMBER_SETTINGS } from '#domain/settings.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import type { CampaignType } from './campaign-texts.ts';
import { choiceField, numberField, textField } from './fields.ts';
import { type FormValues, textIn } from './form-values.ts';

type NumberName = keyof typeof NUMBER_SETTINGS;
type OptionalName = keyof typeof OPTIONAL_LIMITS;
type BreakerName = keyof typeof BREAKER_SETTINGS;
type RetryOutcome = keyof typeof RETRY_OUTCOMES;

const NUMBERS = Object.keys(NUMBER_SETTINGS) as NumberName[];
const OPTIONAL = Object.keys(OPTIONAL_LIMITS) as OptionalName[];
const BREAKER = Object.keys(BREAKER_SETTINGS) as BreakerName[];
const OUTCOMES = Object.keys(RETRY_OUTCOMES) as RetryOutcome[];

/** Said by leaving the choice out: a machine that was left a message has been reached. */
const UNLESS_LEFT = { text: 'Try again unless a message was left', value: 'usual' };

const HINTS: Partial<Record<OptionalName, string>> = {
  canarySize: 'It reaches so many, then holds and shows how they went. Empty: it goes through.',
  excludeContactedDays:
    'Whoever any other campaign reached within so many days. Empty: nobody is left out for that.',
  textExpiryHours: 'Counted from the start; who has had none by then is left out. Empty: they stay valid.',
};

/** The limits of a campaign as the form shows them. */
export function savedLimits(campaign: CampaignDetail): FormValues {
  const plain = [...NUMBERS, ...OPTIONAL, ...BREAKER].map((name) => [name, String(campaign[name] ?? '')]);
  const retries = OUTCOMES.map((outcome) => [
    retryBlock(outcome),
    campaign.retryPolicy[outcome] ?? (outcome === 'voicemail' ? UNLESS_LEFT.value : 'retry'),
  ]);
  return { ...Object.fromEntries([...plain, ...retries]), budget: formatDollars(campaign.budgetLimitMicros) };
}

/** Whether a campaign has any setting of those that the short form leaves out. */
export function hasMoreSettings(campaign: CampaignDetail): boolean {
  const { holidayPlaces, pauseDates, endOfDay, retryPolicy } = campaign;
  const rare = [...OPTIONAL, ...BREAKER].some((name) => campaign[name] !== NO_LIMITS[name]);
  const days = holidayPlaces.length > 0 || pauseDates.length > 0 || endOfDay !== 'continue';
  return rare || days || Object.keys(retryPolicy).length > 0;
}

/** How fast, how often, and for how much. */
export function paceFields(values: FormValues): InputBlock[] {
  return [
    ...NUMBERS.map((name) => {
      const { label, min, max } = NUMBER_SETTINGS[name];
      return numberField(name, label, { min, max }, textIn(values, name));
    }),
    textField({
      blockId: 'budget',
      label: 'Budget of a run in dollars',
      hint: 'It pauses and asks before it would spend more. Empty: no limit.',
      value: textIn(values, 'budget'),
      placeholder: 'No limit',
      optional: true,
      max: 20,
    }),
  ];
}

/** What few campaigns set: a trial, whom to leave out, expiry, retries by outcome, and when it pauses by itself. */
export function moreLimitFields(type: CampaignType, values: FormValues): InputBlock[] {
  const { calls, texts } = CHANNELS_OF[type];
  const optional = OPTIONAL.filter((name) => texts || name !== 'textExpiryHours');
  return [
    ...optional.map((name) => {
      const { label, min, max } = OPTIONAL_LIMITS[name];
      const limit = { range: { min, max }, value: textIn(values, name), hint: HINTS[name] ?? '' };
      return optionalField(name, label, limit);
    }),
    ...(calls ? OUTCOMES.map((outcome) => retryField(outcome, textIn(values, retryBlock(outcome)))) : []),
    ...BREAKER.map((name) => {
      const { label, min, max } = BREAKER_SETTINGS[name];
      return numberField(name, label, { min, max }, textIn(values, name));
    }),
  ];
}

export type ReadLimits =
  | { ok: true; settings: Record<string, unknown>; retries: object }
  | { ok: false; errors: Record<string, string> };

/** The limits as verbs take them; a field that is not shown changes nothing. */
export function readLimits(values: FormValues): ReadLimits {
  const budget = readDollars(textIn(values, 'budget'));
  if (!budget.ok) return { ok: false, errors: { budget: budget.problem } };
  const shown = [...NUMBERS, ...OPTIONAL, ...BREAKER].filter((name) => name in values);
  return {
    ok: true,
    settings: {
      ...Object.fromEntries(shown.map((name) => [name, textIn(values, name)])),
      ...('budget' in values ? { budgetLimitMicros: budget.micros } : {}),
    },
    retries: readRetries(values),
  };
}

function readRetries(values: FormValues): object {
  const shown = OUTCOMES.filter((outcome) => retryBlock(outcome) in values);
  if (shown.length === 0) return {};
  const chosen = shown.map((outcome) => [outcome, textIn(values, retryBlock(outcome))]);
  return { retryPolicy: Object.fromEntries(chosen.filter(([, rule]) => rule !== UNLESS_LEFT.value)) };
}

function retryBlock(outcome: RetryOutcome): string {
  return `retry.${outcome}`;
}

function retryField(outcome: RetryOutcome, chosen: string): InputBlock {
  const rules = Object.entries(RETRY_RULES).map(([value, text]) => ({ text, value }));
  const choices = outcome === 'voicemail' ? [UNLESS_LEFT, ...rules] : rules;
  return choiceField(retryBlock(outcome), `When: ${RETRY_OUTCOMES[outcome].toLowerCase()}`, choices, chosen);
}

function optionalField(
  blockId: string,
  label: string,
  { range, value, hint }: { range: { min: number; max: number }; value: string; hint: string },
): InputBlock {
  const block = numberField(blockId, label, range, value);
  const words = `${range.min} to ${range.max}. ${hint}`;
  return { ...block, optional: true, hint: { type: 'plain_text', text: words, emoji: false } };
}
