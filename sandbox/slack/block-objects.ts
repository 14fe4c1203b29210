/** Composition objects: text, options, confirm dialogs, images (slack.md §2.3). */

import type { Json, JsonObject } from '#sandbox/page-protocol.ts';
import {
  anything,
  type Check,
  choice,
  exactlyOne,
  type Fields,
  flag,
  isObject,
  list,
  object,
  type Place,
  report,
  string,
  typed,
  url,
} from './block-schema.ts';

const TEXT_KINDS = ['plain_text', 'mrkdwn'] as const;

export function plainText(max: number): Check {
  return typed(() => textRules(max), ['plain_text']);
}

export function anyText(max: number): Check {
  return typed(() => textRules(max), TEXT_KINDS);
}

export const blockId = string(255, 1);
export const actionId = string(255, 1);
export const colourStyle = choice('primary', 'danger');

export const confirm = object(
  { text: anyText(300) },
  { title: plainText(100), confirm: plainText(30), deny: plainText(30), style: colourStyle },
);

/** Options of menus show plain text; radio buttons and checkboxes may use mrkdwn; only overflow may carry a link. */
export function option(kind: 'menu' | 'group' | 'overflow'): Check {
  const text = kind === 'group' ? anyText(75) : plainText(75);
  const optional: Fields = { description: text };
  if (kind === 'overflow') optional.url = url();
  return object({ text, value: string(150, 1) }, optional);
}

export const optionGroup = object({
  label: plainText(75),
  options: list(option('menu'), { min: 1, max: 100 }),
});

/** Slack refuses an initial choice that is not, letter for letter, one of the options. */
export function initialAmongOptions(value: JsonObject, place: Place): void {
  const known = knownOptions(value);
  if (known.length === 0) return;
  const chosen = [
    value.initial_option,
    ...(Array.isArray(value.initial_options) ? value.initial_options : []),
  ];
  for (const option of chosen) {
    if (option !== undefined && option !== null && !known.includes(sameText(option))) {
      report(place, 'initial option must exactly match one of the provided options');
    }
  }
}

const imageSource = {
  image_url: url(),
  slack_file: object({}, { id: string(255, 1), url: url() }, exactlyOne('id', 'url')),
};

export const imageElement = object(
  { type: choice('image'), alt_text: string(2000) },
  imageSource,
  exactlyOne('image_url', 'slack_file'),
);

export const imageBlockFields = {
  required: { alt_text: string(2000) },
  optional: { ...imageSource, title: plainText(2000) },
};

export const conversationFilter = object(
  {},
  {
    include: list(choice('im', 'mpim', 'private', 'public'), { min: 1 }),
    exclude_external_shared_channels: flag,
    exclude_bot_users: flag,
  },
);

function textRules(max: number): Fields {
  return {
    plain_text: object({ type: anything, text: string(max, 1) }, { emoji: flag }),
    mrkdwn: object({ type: anything, text: string(max, 1) }, { verbatim: flag }),
  };
}

function knownOptions(value: JsonObject): string[] {
  const groups = Array.isArray(value.option_groups) ? value.option_groups : [];
  const lists: (Json | undefined)[] = [
    value.options,
    ...groups.map((group) => (isObject(group) ? group.options : undefined)),
  ];
  return lists.flatMap((options) => (Array.isArray(options) ? options.map(sameText) : []));
}

/** `emoji` defaults differ between what was sent and what Slack stores, so only text, value and description count. */
function sameText(option: Json): string {
  if (!isObject(option)) return JSON.stringify(option);
  const words = (text: Json | undefined) => (isObject(text) ? text.text : text);
  return JSON.stringify([words(option.text), option.value, words(option.description) ?? null]);
}
