import type { InputBlock } from '@slack/types';
import { CAMPAIGN_TEMPLATES, type CampaignTemplate, CHANNELS_OF } from '#domain/campaign-templates.ts';
import { checkTemplate } from '#domain/template.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { type Block, context } from '#slack/blocks/kit.ts';
import { choiceField, textField } from './fields.ts';
import { type FormState, readChoice, readText } from './state.ts';

export type CampaignType = CampaignDetail['campaignType'];

/** In which block each template is written; refusals find their field by it. */
export const BLOCK_OF_TEMPLATE: Record<CampaignTemplate, string> = {
  smsMessageTemplate: 'message',
  welcomeMessageTemplate: 'welcome',
  agendaTemplate: 'agenda',
  endCallMessageTemplate: 'closing',
  voicemailMessage: 'voicemail',
};

const TYPE_NAMES: Record<CampaignType, string> = {
  sms: 'Texts',
  call: 'Calls',
  mixed: 'Calls and texts',
};

/** Calls have a step of their own between the texts and the limits. */
export function stepsOf(type: CampaignType): number {
  return CHANNELS_OF[type].calls ? 3 : 2;
}

/** The texts of a campaign as they stand in a form, by block. */
export type TypedTexts = Record<string, string>;

const VARIABLES =
  "Write {{ name }} where a contact’s own value belongs, {{ name|default('there') }} for those who have none.";

/** What kind of campaign it becomes; choosing another kind draws the form anew. */
export function typeField(type: CampaignType, redraws: boolean): InputBlock {
  const choices = Object.entries(TYPE_NAMES).map(([value, text]) => ({ text, value }));
  return choiceField('campaignType', 'What it does', choices, type, undefined, redraws);
}

export function readType(state: FormState): CampaignType {
  const chosen = readChoice(state, 'campaignType');
  return chosen === 'call' || chosen === 'mixed' ? chosen : 'sms';
}

/** The assistants there are; one that is gone meanwhile stands for none chosen. */
export function assistantFields(
  assistants: readonly { id: number; name: string }[],
  chosen: number | null,
): Block[] {
  if (assistants.length === 0)
    return [
      context(
        'The calls are held by a plain assistant called Alex, since there is no other yet. `/campaign assistant` changes that, also later.',
      ),
    ];
  const choices = assistants.map(({ id, name }) => ({ text: name, value: String(id) }));
  const initial = choices.find(({ value }) => value === String(chosen)) ?? choices[0];
  return [
    choiceField(
      'assistant',
      'Assistant',
      choices,
      initial?.value ?? null,
      'Who speaks on the calls. Its first words are fixed: who calls, for whom, that it is an automated voice, and how to opt out.',
    ),
  ];
}

/** Null where the form shows no choice. */
export function readAssistant(state: FormState): number | null {
  const id = Number(readChoice(state, 'assistant'));
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}

/** What is said and written, by what kind of campaign it is; the voicemail message has its place in the next step. */
export function textFields(type: CampaignType, typed: TypedTexts): InputBlock[] {
  const { calls, texts } = CHANNELS_OF[type];
  return [
    ...(calls ? spokenFields(typed) : []),
    ...(texts ? [messageField(typed, calls)] : []),
    textField({
      blockId: 'fallbacks',
      label: 'Values for contacts who have none',
      hint: 'One a line, like: name = there',
      value: typed.fallbacks ?? '',
      optional: true,
      lines: true,
      tells: true,
    }),
  ];
}

function spokenFields(typed: TypedTexts): InputBlock[] {
  return [
    textField({
      blockId: 'welcome',
      label: 'Welcome',
      hint: `Said after the fixed first words, like: Am I speaking with {{ name }}? ${VARIABLES}`,
      value: typed.welcome ?? '',
      optional: true,
      lines: true,
      tells: true,
    }),
    textField({
      blockId: 'agenda',
      label: 'Agenda',
      hint: 'What the call is about and what to ask. With a language model it is the guide, without one it is read out.',
      value: typed.agenda ?? '',
      optional: true,
      lines: true,
      tells: true,
    }),
    textField({
      blockId: 'closing',
      label: 'Closing',
      hint: 'The last words before it hangs up.',
      value: typed.closing ?? '',
      optional: true,
      lines: true,
      tells: true,
    }),
  ];
}

function messageField(typed: TypedTexts, calls: boolean): InputBlock {
  return textField({
    blockId: 'message',
    label: calls ? 'Text message' : 'Message',
    hint: VARIABLES,
    value: typed.message ?? '',
    optional: true,
    lines: true,
    tells: true,
  });
}

/** What stands in the fields that the form shows at this moment. */
export function readTexts(state: FormState): TypedTexts {
  const blocks = ['name', 'fallbacks', ...Object.values(BLOCK_OF_TEMPLATE)];
  const shown = blocks.filter((block) => Object.hasOwn(state, block));
  return Object.fromEntries(shown.map((block) => [block, readText(state, block)]));
}

/** The templates that the form shows, as verbs take them; one that is emptied is taken away. */
export function templatesIn(typed: TypedTexts): Partial<Record<CampaignTemplate, string | null>> {
  const templates = Object.entries(BLOCK_OF_TEMPLATE) as [CampaignTemplate, string][];
  const shown = templates.filter(([, block]) => Object.hasOwn(typed, block));
  return Object.fromEntries(shown.map(([template, block]) => [template, typed[block] || null]));
}

/**
 * What is wrong with a text, by the block it stands in. Names are judged once the contacts are known; before that any
 * column may still come.
 */
export function templateErrors(
  { availableVariables: known }: Pick<CampaignDetail, 'availableVariables'>,
  typed: TypedTexts,
  fallbacks: Record<string, string>,
): Record<string, string> {
  if (known.length === 0) return {};
  const names = [...known, ...Object.keys(fallbacks)];
  const written = (Object.keys(CAMPAIGN_TEMPLATES) as CampaignTemplate[]).map(
    (template) => BLOCK_OF_TEMPLATE[template],
  );
  return Object.fromEntries(
    written.flatMap((block) => {
      const check = typed[block] ? checkTemplate(typed[block], names) : null;
      return check && !check.ok ? [[block, check.problem.message]] : [];
    }),
  );
}
