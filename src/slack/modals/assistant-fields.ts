import { ASSISTANT_LIMITS, SPEAKING } from '#domain/assistant.ts';
import { VOICES } from '#domain/voices.ts';
import type { showAssistant } from '#operations/show-assistant.ts';
import { type Block, context } from '#slack/blocks/kit.ts';
import { LIMITS } from '#slack/limits.ts';
import { count } from '#slack/mrkdwn.ts';
import { choiceField, numberField, textField } from './fields.ts';

export type Assistant = Awaited<ReturnType<typeof showAssistant>>;

/** What stands in the text fields of the form. `voice` null: none is chosen yet. */
export type TypedAssistant = {
  name: string;
  voice: string | null;
  prompt: string;
  model: string;
  phoneNumbers: string;
  transferTargets: string;
};

export const PROMPT_IN_FORM = 'prompt';

/** The fields of the form, each block named as its setting, so that problems find their field. */
export function assistantFields(
  assistant: Assistant | null,
  typed: TypedAssistant,
  { isRestored, hasModel }: { isRestored: boolean; hasModel: boolean },
): Block[] {
  return [
    ...(isRestored ? [context('This is what you had typed here before.')] : []),
    textField({
      blockId: 'name',
      label: 'Name',
      hint: 'The assistant introduces itself with it on every call.',
      value: typed.name,
      max: ASSISTANT_LIMITS.name,
      tells: true,
    }),
    voiceField(typed.voice),
    ...thinkingFields(assistant, typed, hasModel),
    textField({
      blockId: 'phoneNumbers',
      label: 'Numbers it calls from',
      hint: 'One a line, like +14155550123; the first one is used unless a campaign names another. Calls to these numbers are answered by this assistant. Empty: the number of the workspace.',
      value: typed.phoneNumbers,
      optional: true,
      lines: true,
      tells: true,
    }),
    textField({
      blockId: 'transferTargets',
      label: 'People it puts calls through to',
      hint: 'One a line, like: Front desk: +14155550123 @anna. Whoever stands behind the @ may take a call over with their own phone; @me is you.',
      value: typed.transferTargets,
      optional: true,
      lines: true,
      tells: true,
    }),
    ...recordingFields(assistant),
  ];
}

function voiceField(voice: string | null): Block {
  const choices = Object.entries(VOICES).map(([value, { label }]) => ({ text: label, value }));
  return choiceField(
    'voice',
    'Voice',
    choices,
    voice ?? choices[0]?.value ?? null,
    'It speaks and understands the language of its voice.',
  );
}

function thinkingFields(assistant: Assistant | null, typed: TypedAssistant, hasModel: boolean): Block[] {
  if (!hasModel) return [context(NO_MODEL), promptField(typed.prompt)];
  const choices = Object.entries(SPEAKING).map(([value, text]) => ({ text, value }));
  return [
    choiceField('isScripted', 'It speaks by', choices, assistant?.isScripted ? 'script' : 'model'),
    promptField(typed.prompt),
    textField({
      blockId: 'model',
      label: 'Model',
      hint: 'Empty: the model of this deployment.',
      value: typed.model,
      optional: true,
      max: ASSISTANT_LIMITS.model,
      tells: true,
    }),
  ];
}

const NO_MODEL =
  'No language model is set up here, so the assistant says what the campaign’s texts say and understands the usual answers. The prompt counts once there is a model.';

/** A form holds 3,000 characters; a longer prompt came another way and is not cut short by opening it. */
function promptField(prompt: string): Block {
  if (prompt.length > LIMITS.textInput)
    return context(
      `Its prompt has ${count(prompt.length)} characters, more than a form can hold. It stays as it is.`,
    );
  return textField({
    blockId: PROMPT_IN_FORM,
    label: 'Prompt',
    hint: 'Who it is, how it speaks, what it knows and must not promise. What a call is about belongs in the agenda of its campaign; who calls, that it is an automated voice and how to opt out is always said.',
    value: prompt,
    optional: true,
    lines: true,
    tells: true,
  });
}

function recordingFields(assistant: Assistant | null): Block[] {
  const { recordingDays, maxCallSeconds } = ASSISTANT_LIMITS;
  const choices = [
    { text: 'Do not record', value: 'off' },
    { text: 'Record every call', value: 'on' },
  ];
  return [
    choiceField(
      'isRecording',
      'Recording',
      choices,
      assistant?.isRecording ? 'on' : 'off',
      'Every recorded call announces it in its first words. Ask somebody who knows the law where you call.',
    ),
    numberField(
      'recordingDays',
      'Days that recordings are kept',
      recordingDays,
      assistant?.recordingDays ?? recordingDays.standard,
    ),
    numberField(
      'maxCallSeconds',
      'Longest call in seconds',
      maxCallSeconds,
      assistant?.maxCallSeconds ?? maxCallSeconds.standard,
    ),
  ];
}
