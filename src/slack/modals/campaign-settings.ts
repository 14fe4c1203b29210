import type { InputBlock, ModalView } from '@slack/types';
import { RETRY_OUTCOMES, RETRY_RULES } from '#domain/call-settings.ts';
import { DAY_NAMES } from '#domain/calling-window.ts';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { hoursOf, NUMBER_SETTINGS } from '#domain/settings.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { actionId } from '#slack/action-ids.ts';
import { context, input, option } from '#slack/blocks/kit.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import type { Entry } from '#slack/context.ts';
import type { CampaignType } from './campaign-texts.ts';
import { choiceField, numberField, step, timeField } from './fields.ts';
import { modal } from './frame.ts';
import { type ModalHandler, metadataNumber } from './modal.ts';
import { type FormState, readChoice, readChoices, readText, readTime } from './state.ts';

const WEEK = [...DAY_NAMES.slice(1), DAY_NAMES[0]];
const LAST_MINUTE = '23:59';

/** When and how fast; every field has its usual value, so that the form may be closed. */
export async function settingsView(entry: Entry, campaignId: number): Promise<ModalView> {
  const campaign = await ownCampaign(entry, campaignId);
  const { campaignType } = campaign;
  const { calls } = CHANNELS_OF[campaignType];
  const hours = hoursOf(campaign.allowedHours);
  const numbers = Object.entries(NUMBER_SETTINGS).map(([name, { label, min, max }]) =>
    numberField(name, label, { min, max }, campaign[name as keyof typeof NUMBER_SETTINGS]),
  );
  return modal({
    name: 'campaign_settings',
    title: 'Hours and limits',
    submit: 'Save',
    close: 'Leave as it is',
    metadata: { campaignId },
    blocks: [
      step(calls ? 3 : 2, calls ? 3 : 2, 'when and how fast'),
      context(
        `Whatever stands here, nobody is ${CONTACTED[campaignType]} before 08:00 or after 21:00 where they are.`,
      ),
      timeField('start', 'From', hours.start),
      timeField('end', 'Until', hours.end === '24:00' ? LAST_MINUTE : hours.end),
      daysField(hours.days),
      zoneField(campaign),
      contactZoneField(campaign.contactTimeZone),
      ...numbers,
      ...(calls ? retryFields(campaign) : []),
    ],
  });
}

/** What happens to people, by what kind of campaign it is. */
export const CONTACTED: Record<CampaignType, string> = {
  sms: 'texted',
  call: 'called',
  mixed: 'called or texted',
};

type RetryOutcome = keyof typeof RETRY_OUTCOMES;

/** Said by leaving the choice out: a machine that was left a message has been reached. */
const UNLESS_LEFT = { text: 'Try again unless a message was left', value: 'usual' };

function retryFields({ retryPolicy }: CampaignDetail): InputBlock[] {
  const rules = Object.entries(RETRY_RULES).map(([value, text]) => ({ text, value }));
  return (Object.keys(RETRY_OUTCOMES) as RetryOutcome[]).map((outcome) => {
    const isVoicemail = outcome === 'voicemail';
    const choices = isVoicemail ? [UNLESS_LEFT, ...rules] : rules;
    const chosen = retryPolicy[outcome] ?? (isVoicemail ? UNLESS_LEFT.value : 'retry');
    return choiceField(`retry.${outcome}`, `When: ${RETRY_OUTCOMES[outcome].toLowerCase()}`, choices, chosen);
  });
}

function readRetries(state: FormState): object {
  const outcomes = Object.keys(RETRY_OUTCOMES).filter((outcome) => Object.hasOwn(state, `retry.${outcome}`));
  if (outcomes.length === 0) return {};
  const chosen = outcomes.map((outcome) => [outcome, readChoice(state, `retry.${outcome}`)]);
  return { retryPolicy: Object.fromEntries(chosen.filter(([, rule]) => rule !== UNLESS_LEFT.value)) };
}

function daysField(days: readonly string[]): InputBlock {
  const options = WEEK.flatMap((day) => (day ? [option(capital(day), day)] : []));
  const chosen = options.filter(({ value }) => days.includes(value ?? ''));
  return input({
    blockId: 'days',
    label: 'On',
    element: {
      type: 'checkboxes',
      action_id: actionId('form.input'),
      options,
      ...(chosen.length > 0 ? { initial_options: chosen } : {}),
    },
  });
}

function zoneField({ timeZone }: CampaignDetail): InputBlock {
  return input({
    blockId: 'timeZone',
    label: 'Time zone',
    element: {
      type: 'external_select',
      action_id: actionId('form.time_zone'),
      min_query_length: 0,
      initial_option: option(timeZone.replaceAll('_', ' '), timeZone),
    },
  });
}

function contactZoneField(isOn: boolean): InputBlock {
  const own = option('Hours count in each contact’s own time zone', 'contact');
  return input({
    blockId: 'contactTimeZone',
    label: 'Whose clock',
    hint: 'Otherwise they count in the time zone above.',
    optional: true,
    element: {
      type: 'checkboxes',
      action_id: actionId('form.input'),
      options: [own],
      ...(isOn ? { initial_options: [own] } : {}),
    },
  });
}

export const campaignSettings: ModalHandler = {
  right: 'edit',
  problemField: 'start',
  async submit(submission) {
    const campaign = await ownCampaign(submission, metadataNumber(submission.metadata, 'campaignId') ?? 0);
    await updateCampaign(submission.deps, {
      campaignId: campaign.id,
      actor: submission.actor,
      changes: { settings: readSettings(submission.state), ...readRetries(submission.state) },
    });
    return { kind: 'done' };
  },
};

function readSettings(state: FormState): Record<string, unknown> {
  const numbers = Object.keys(NUMBER_SETTINGS).map((name) => [name, readText(state, name)]);
  return {
    ...Object.fromEntries(numbers),
    allowedHours: {
      start: readTime(state, 'start'),
      end: readTime(state, 'end'),
      days: readChoices(state, 'days'),
    },
    timeZone: readChoice(state, 'timeZone'),
    contactTimeZone: readChoices(state, 'contactTimeZone').includes('contact'),
  };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
