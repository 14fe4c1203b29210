import type { InputBlock } from '@slack/types';
import { actionId } from '#slack/action-ids.ts';
import { type Block, context, input, option, plain } from '#slack/blocks/kit.ts';
import { LIMITS } from '#slack/limits.ts';
import { clip } from '#slack/mrkdwn.ts';

/** The fields that several forms share. Every input has the same action id; its block says which field it is. */

const INPUT = actionId('form.input');
const TYPED = actionId('form.typed');
const MAX_NAME = 200;

type TextField = {
  blockId: string;
  label: string;
  hint?: string;
  value?: string;
  placeholder?: string;
  optional?: boolean;
  lines?: boolean;
  /** Every change is told, so that what is typed survives a closed form. */
  tells?: boolean;
  max?: number;
};

export function textField({
  blockId,
  label,
  hint,
  value,
  placeholder,
  optional,
  lines,
  tells,
  max = LIMITS.textInput,
}: TextField): InputBlock {
  const block = input({
    blockId,
    label,
    hint,
    optional: optional ?? false,
    element: {
      type: 'plain_text_input',
      action_id: tells ? TYPED : INPUT,
      max_length: max,
      ...(tells ? { dispatch_action_config: { trigger_actions_on: ['on_character_entered'] } } : {}),
      ...(lines ? { multiline: true } : {}),
      ...(value ? { initial_value: clip(value, max) } : {}),
      ...(placeholder ? { placeholder: plain(placeholder, LIMITS.placeholder) } : {}),
    },
  });
  return tells ? { ...block, dispatch_action: true } : block;
}

export function numberField(
  blockId: string,
  label: string,
  range: { min: number; max: number },
  value: number | string,
): InputBlock {
  return input({
    blockId,
    label,
    hint: `${range.min} to ${range.max}`,
    element: {
      type: 'number_input',
      action_id: INPUT,
      is_decimal_allowed: false,
      min_value: String(range.min),
      max_value: String(range.max),
      ...(value === '' ? {} : { initial_value: String(value) }),
    },
  });
}

export function timeField(blockId: string, label: string, value: string): InputBlock {
  return input({ blockId, label, element: { type: 'timepicker', action_id: INPUT, initial_time: value } });
}

type Choice = { text: string; value: string };

/** One of a few; `redraws`: another choice asks for other fields, and is told at once. */
export function choiceField(
  blockId: string,
  label: string,
  choices: Choice[],
  initial: string | null,
  hint?: string,
  redraws = false,
): InputBlock {
  const options = choices.slice(0, LIMITS.options).map(({ text, value }) => option(text, value));
  const chosen = options.find(({ value }) => value === initial);
  const block = input({
    blockId,
    label,
    hint,
    element: {
      type: 'static_select',
      action_id: redraws ? actionId('form.redraw') : INPUT,
      options,
      ...(chosen ? { initial_option: chosen } : {}),
    },
  });
  return redraws ? { ...block, dispatch_action: true } : block;
}

export function nameField(value: string, tells = false): InputBlock {
  return textField({ blockId: 'name', label: 'Name of the campaign', value, max: MAX_NAME, tells });
}

/** Channels of our own company; whether we are in the chosen one is asked on submit. */
export function channelField(channelId: string | null): InputBlock {
  return input({
    blockId: 'channel',
    label: 'Channel for its card',
    hint: 'Progress, replies and results appear there. I must be a member.',
    element: {
      type: 'conversations_select',
      action_id: INPUT,
      ...(channelId ? { initial_conversation: channelId } : { default_to_current_conversation: true }),
      filter: { include: ['public', 'private', 'im'], exclude_external_shared_channels: true },
    },
  });
}

export function fileField(optional: boolean): InputBlock {
  return input({
    blockId: 'file',
    label: 'File of contacts',
    hint: 'CSV or JSON up to 10 MB. Drop larger ones into the channel.',
    optional,
    element: {
      type: 'file_input',
      action_id: INPUT,
      filetypes: ['csv', 'tsv', 'txt', 'json', 'jsonl', 'ndjson'],
      max_files: 1,
    },
  });
}

export function step(at: number, of: number, what: string): Block {
  return context(`Step ${at} of ${of}: ${what}`);
}
