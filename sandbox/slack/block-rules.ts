/** Blocks: what each consists of and where it may stand (slack.md §2.3, §3). */

import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ACCESSORIES, ACTIONS, elementRules, INPUTS } from './block-elements.ts';
import { anyText, blockId, imageBlockFields, imageElement, plainText } from './block-objects.ts';
import { richText } from './block-rich-text.ts';
import {
  anything,
  atLeastOne,
  type Check,
  choice,
  exactlyOne,
  type Fields,
  flag,
  isObject,
  list,
  number,
  object,
  type Place,
  report,
  type Surface,
  string,
  typed,
  url,
} from './block-schema.ts';
import { tableRules } from './block-tables.ts';

const EVERYWHERE: readonly Surface[] = ['message', 'modal', 'home'];

/** Where a block type is accepted; a type that is not here does not exist. */
export const SURFACES: Record<string, readonly Surface[]> = {
  section: EVERYWHERE,
  header: EVERYWHERE,
  context: EVERYWHERE,
  actions: EVERYWHERE,
  image: EVERYWHERE,
  input: EVERYWHERE,
  divider: EVERYWHERE,
  rich_text: EVERYWHERE,
  video: EVERYWHERE,
  card: EVERYWHERE,
  table: ['message', 'home'],
  data_table: ['message', 'home'],
  carousel: ['message', 'home'],
  data_visualization: ['message'],
  container: ['message'],
  plan: ['message'],
  task_card: ['message'],
  markdown: ['message'],
  context_actions: ['message'],
  alert: ['modal'],
};

/** Blocks of 2025–26 that a workspace may not know yet (slack.md §3, rollout). */
export const NEW_BLOCKS = [
  'table',
  'data_table',
  'data_visualization',
  'alert',
  'card',
  'carousel',
  'container',
  'plan',
  'task_card',
  'markdown',
  'context_actions',
];

const CONTAINED = [
  'actions',
  'context',
  'divider',
  'header',
  'image',
  'input',
  'rich_text',
  'section',
  'table',
  'video',
];

export const blockRules: Fields = {
  section: block(
    {},
    {
      text: anyText(3000),
      fields: list(anyText(2000), { min: 1, max: 10 }),
      accessory: typed(() => elementRules, ACCESSORIES),
      expand: flag,
    },
    atLeastOne('text', 'fields'),
  ),
  header: block({ text: plainText(150) }, { level: number({ min: 1, max: 4, whole: true }) }),
  context: block({ elements: list(contextElement, { min: 1, max: 10 }) }),
  actions: block({
    elements: list(
      typed(() => elementRules, ACTIONS),
      { min: 1, max: 25 },
    ),
  }),
  image: block(imageBlockFields.required, imageBlockFields.optional, exactlyOne('image_url', 'slack_file')),
  input: block(
    { label: plainText(2000), element: typed(() => elementRules, INPUTS) },
    { hint: plainText(2000), optional: flag, dispatch_action: flag },
    noDispatchOfFiles,
  ),
  divider: block({}),
  rich_text: richText,
  video: block(
    { alt_text: string(2000, 1), title: plainText(199), video_url: url(), thumbnail_url: url() },
    {
      title_url: url(),
      author_name: string(49),
      provider_name: string(50),
      provider_icon_url: url(),
      description: plainText(200),
    },
  ),
  markdown: block({ text: string(12_000, 1) }),
  alert: block({ text: anyText(200) }, { level: choice('default', 'info', 'warning', 'error', 'success') }),
  card: block(
    {},
    {
      title: anyText(150),
      subtitle: anyText(150),
      body: anyText(200),
      subtext: anyText(200),
      icon: imageElement,
      slack_icon: object({ type: choice('icon'), name: string(255, 1) }),
      hero_image: imageElement,
      actions: list(
        typed(() => elementRules, ['button']),
        { min: 1, max: 3 },
      ),
    },
    (value, place) => {
      atLeastOne('hero_image', 'title', 'actions', 'body')(value, place);
      if (value.icon && value.slack_icon) report(place, 'must provide only one of: icon, slack_icon');
    },
  ),
  carousel: block({
    elements: list(
      typed(() => blockRules, ['card']),
      { min: 1, max: 10 },
    ),
  }),
  container: block(
    {
      child_blocks: list(
        typed(() => blockRules, CONTAINED),
        { min: 1, max: 10 },
      ),
    },
    {
      title: plainText(150),
      rich_text_title: richText,
      subtitle: anyText(150),
      icon: imageElement,
      width: choice('narrow', 'standard', 'wide', 'full'),
      is_collapsible: flag,
      default_collapsed: flag,
      has_header_divider: flag,
    },
    atLeastOne('title', 'rich_text_title'),
  ),
  task_card: block(
    {
      task_id: string(255, 1),
      title: string(3000, 1),
      status: choice('pending', 'in_progress', 'complete', 'error'),
    },
    {
      details: richText,
      output: richText,
      sources: list(object({ type: choice('url'), url: url(), text: string(3000, 1) })),
    },
  ),
  plan: block({ title: string(3000, 1) }, { tasks: list(typed(() => blockRules, ['task_card'])) }),
  context_actions: block({
    elements: list(
      typed(() => elementRules, ['feedback_buttons', 'icon_button']),
      { min: 1, max: 5 },
    ),
  }),
  ...tableRules,
};

function block(
  required: Fields,
  optional: Fields = {},
  also?: (value: JsonObject, place: Place) => void,
): Check {
  return object({ type: anything, ...required }, { block_id: blockId, ...optional }, also);
}

function contextElement(value: Parameters<Check>[0], place: Place): void {
  const rule = isObject(value) && value.type === 'image' ? imageElement : anyText(3000);
  rule(value, place);
}

function noDispatchOfFiles(value: JsonObject, place: Place): void {
  if (value.dispatch_action === true && isObject(value.element) && value.element.type === 'file_input') {
    report(place, 'dispatch_action is not allowed with file_input', 'dispatch_action');
  }
}
