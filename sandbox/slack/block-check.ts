/** The offline Block Kit limit check: what Slack would refuse, and how it would say so. */

import type { Json, JsonObject } from '#sandbox/page-protocol.ts';
import { plainText } from './block-objects.ts';
import { blockRules, NEW_BLOCKS, SURFACES } from './block-rules.ts';
import {
  anything,
  type Check,
  choice,
  flag,
  inside,
  isObject,
  list,
  object,
  type Place,
  type Problem,
  report,
  type Surface,
  string,
  typed,
} from './block-schema.ts';
import { CHARTS_PER_MESSAGE, cellTextLength, DATA_TABLE_TEXT_MAX, TABLE_TEXT_MAX } from './block-tables.ts';

const BLOCKS_MAX: Record<Surface, number> = { message: 50, modal: 100, home: 100 };
/** Measured, not documented: the sum of a message's block texts (slack.md §2.3). */
const MESSAGE_BLOCK_TEXT_MAX = 13_200;
const MARKDOWN_TEXT_MAX = 12_000;
const VIEW_BYTES_MAX = 250 * 1024;

/** Everything Slack would object to in these blocks on this surface; empty when it would take them. */
export function checkBlocks(surface: Surface, blocks: unknown, pointer = '/blocks'): Problem[] {
  const place: Place = { pointer, surface, problems: [] };
  const known = typed(() => blockRules, Object.keys(SURFACES));
  list(
    (value, at) => {
      known(value, at);
      standsOnSurface(value, at);
    },
    { max: BLOCKS_MAX[surface] },
  )(blocks as Json, place);
  if (!Array.isArray(blocks)) return place.problems;
  const objects = (blocks as Json[]).filter(isObject);
  uniqueBlockIds(objects, place);
  uniqueActionIds(objects, place);
  if (surface !== 'modal') tablesTogether(objects, place);
  return place.problems;
}

/** Objections to a view, pointers starting at `/view`. Its size is `isViewTooLarge`, which Slack answers differently. */
export function checkView(view: unknown, type: 'modal' | 'home'): Problem[] {
  const place: Place = { pointer: '/view', surface: type, problems: [] };
  viewRules[type](view as Json, place);
  if (!isObject(view as Json)) return place.problems;
  const { blocks, submit } = view as JsonObject;
  const problems = [...place.problems, ...checkBlocks(type, blocks ?? [], '/view/blocks')];
  const hasInput = Array.isArray(blocks) && blocks.some((block) => isObject(block) && block.type === 'input');
  if (type === 'modal' && hasInput && !submit) {
    problems.push({ pointer: '/view', message: 'missing required field: submit' });
  }
  return problems;
}

export function isViewTooLarge(view: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(view) ?? '') > VIEW_BYTES_MAX;
}

/** Whether the texts of a message's blocks are together more than Slack takes (`msg_blocks_too_long`). */
export function isBlockTextTooLong(blocks: readonly unknown[]): boolean {
  const counted = (blocks as Json[])
    .filter(isObject)
    .filter((block) => !['table', 'data_table', 'data_visualization'].includes(String(block.type)));
  return blockTextLength(counted) > MESSAGE_BLOCK_TEXT_MAX;
}

/** As a workspace that has not received the blocks of 2025–26 yet answers. */
export function checkRollout(blocks: readonly unknown[]): Problem[] {
  return (blocks as Json[])
    .filter(isObject)
    .flatMap((block, index) =>
      NEW_BLOCKS.includes(String(block.type))
        ? [{ pointer: `/blocks/${index}/type`, message: `unsupported type: ${String(block.type)}` }]
        : [],
    );
}

export function toSlackMessage(problem: Problem): string {
  return `[ERROR] ${problem.message} [json-pointer:${problem.pointer}]`;
}

const viewCommon = { private_metadata: string(3000), callback_id: string(255), external_id: string(255) };
const viewRules: Record<'modal' | 'home', Check> = {
  modal: object(
    { type: choice('modal'), title: plainText(24), blocks: anything },
    {
      ...viewCommon,
      submit: plainText(24),
      close: plainText(24),
      clear_on_close: flag,
      notify_on_close: flag,
    },
  ),
  home: object({ type: choice('home'), blocks: anything }, viewCommon),
};

function standsOnSurface(value: Json | undefined, place: Place): void {
  const allowed = isObject(value) ? SURFACES[String(value.type)] : undefined;
  if (allowed && !allowed.includes(place.surface))
    report(place, `unsupported type: ${String((value as JsonObject).type)}`, 'type');
}

function uniqueBlockIds(blocks: JsonObject[], place: Place): void {
  const seen = new Set<string>();
  blocks.forEach((block, index) => {
    if (typeof block.block_id !== 'string') return;
    if (seen.has(block.block_id))
      report(place, `\`block_id\` already exists: ${block.block_id}`, `${index}/block_id`);
    seen.add(block.block_id);
  });
}

/** Slack wants action ids unique within their block; the same id in two blocks is fine. */
function uniqueActionIds(blocks: JsonObject[], place: Place): void {
  blocks.forEach((block, index) => {
    const ids = actionIds(block);
    const twice = ids.find((id, at) => ids.indexOf(id) !== at);
    if (twice !== undefined) report(place, `\`action_id\` already exists in this block: ${twice}`, index);
  });
}

function actionIds(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(actionIds);
  if (!isObject(value)) return [];
  if (value.type === 'card' && Array.isArray(value.actions)) return actionIds(value.actions);
  return Object.entries(value).flatMap(([name, item]) =>
    name === 'action_id' && typeof item === 'string' ? [item] : actionIds(item),
  );
}

function tablesTogether(blocks: JsonObject[], place: Place): void {
  const ofType = (type: string) => blocks.filter((block) => block.type === type);
  const sum = (type: string, length: (block: JsonObject) => number) =>
    ofType(type).reduce((total, block) => total + length(block), 0);
  if (ofType('data_visualization').length > CHARTS_PER_MESSAGE) {
    report(place, `no more than ${CHARTS_PER_MESSAGE} data_visualization blocks allowed`);
  }
  if (ofType('table').length > 1) report(place, 'only one table allowed');
  if (sum('table', cellTextLength) > TABLE_TEXT_MAX)
    report(place, `tables must be less than ${TABLE_TEXT_MAX + 1} characters`);
  if (sum('data_table', cellTextLength) > DATA_TABLE_TEXT_MAX) {
    report(place, `data tables must be less than ${DATA_TABLE_TEXT_MAX + 1} characters`);
  }
  if (sum('markdown', (block) => String(block.text ?? '').length) > MARKDOWN_TEXT_MAX) {
    report(inside(place, ''), `markdown must be less than ${MARKDOWN_TEXT_MAX + 1} characters`);
  }
}

function blockTextLength(value: Json | readonly JsonObject[] | undefined): number {
  if (Array.isArray(value))
    return value.reduce((sum: number, item) => sum + blockTextLength(item as Json), 0);
  if (!isObject(value as Json)) return 0;
  return Object.entries(value as JsonObject).reduce(
    (sum, [name, item]) =>
      sum + (name === 'text' && typeof item === 'string' ? item.length : blockTextLength(item)),
    0,
  );
}
