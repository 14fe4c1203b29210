/** What a form holds: the values people chose, and the initial or empty value of everything they did not touch. */

import type { Json, JsonObject } from '#sandbox/page-protocol.ts';
import { isObject } from './block-schema.ts';

type Reading = (element: JsonObject, channelId: string | null) => JsonObject;

const value: Reading = ({ initial_value }) => ({ value: initial_value ?? null });
const chosen =
  (name: string, initial: string): Reading =>
  (element) => ({ [name]: element[initial] ?? null });
const several =
  (name: string, initial: string): Reading =>
  (element) => ({ [name]: element[initial] ?? [] });

/** Per element type, the fields its state carries before anybody touched it (slack.md §2.4). */
const EMPTY: Record<string, Reading> = {
  plain_text_input: value,
  email_text_input: value,
  url_text_input: value,
  number_input: value,
  rich_text_input: ({ initial_value }) => ({ rich_text_value: initial_value ?? null }),
  datepicker: chosen('selected_date', 'initial_date'),
  datetimepicker: chosen('selected_date_time', 'initial_date_time'),
  timepicker: (element) => ({
    selected_time: element.initial_time ?? null,
    ...(element.timezone && { timezone: element.timezone }),
  }),
  radio_buttons: chosen('selected_option', 'initial_option'),
  checkboxes: several('selected_options', 'initial_options'),
  static_select: chosen('selected_option', 'initial_option'),
  external_select: chosen('selected_option', 'initial_option'),
  multi_static_select: several('selected_options', 'initial_options'),
  multi_external_select: several('selected_options', 'initial_options'),
  users_select: chosen('selected_user', 'initial_user'),
  multi_users_select: several('selected_users', 'initial_users'),
  channels_select: chosen('selected_channel', 'initial_channel'),
  multi_channels_select: several('selected_channels', 'initial_channels'),
  conversations_select: (element, channelId) => ({
    selected_conversation:
      element.initial_conversation ?? (element.default_to_current_conversation ? channelId : null),
  }),
  multi_conversations_select: (element, channelId) => ({
    selected_conversations:
      element.initial_conversations ??
      (element.default_to_current_conversation && channelId ? [channelId] : []),
  }),
  file_input: () => ({ files: [] }),
};

/** `state.values` as Slack sends it; values of blocks or elements that the view does not have are dropped. */
export function completeState(view: JsonObject, given: JsonObject, channelId: string | null): JsonObject {
  const values: Record<string, JsonObject> = {};
  for (const { blockId, actionId, element } of statefulElements(view)) {
    const type = String(element.type);
    const inBlock = given[blockId];
    const typed = isObject(inBlock) && isObject(inBlock[actionId]) ? inBlock[actionId] : {};
    const untouched = EMPTY[type]?.(element, channelId) ?? {};
    values[blockId] = { ...values[blockId], [actionId]: { type, ...untouched, ...typed } };
  }
  return values;
}

export type StatefulElement = { block: JsonObject; element: JsonObject; blockId: string; actionId: string };

/** Every element that holds a value, with its block. */
export function statefulElements(view: JsonObject): StatefulElement[] {
  return flatBlocks(listOf(view.blocks)).flatMap((block) =>
    elementsOf(block)
      .filter((element) => Object.hasOwn(EMPTY, String(element.type)))
      .map((element) => ({
        block,
        element,
        blockId: String(block.block_id),
        actionId: String(element.action_id),
      })),
  );
}

export function findElement(
  blocks: readonly Json[],
  blockId: unknown,
  actionId: unknown,
): JsonObject | undefined {
  return flatBlocks(blocks)
    .filter((block) => block.block_id === blockId)
    .flatMap(elementsOf)
    .find((element) => element.action_id === actionId);
}

/** The blocks with everything inside containers and carousels. */
function flatBlocks(blocks: readonly Json[]): JsonObject[] {
  return blocks
    .filter(isObject)
    .flatMap((block) => [
      block,
      ...flatBlocks(listOf(block.child_blocks)),
      ...(block.type === 'carousel' ? flatBlocks(listOf(block.elements)) : []),
    ]);
}

/** The elements of one block that a person can act on. */
function elementsOf(block: JsonObject): JsonObject[] {
  const elements = [block.element, block.accessory, ...listOf(block.elements), ...listOf(block.actions)];
  return elements.filter(isObject).filter((element) => typeof element.action_id === 'string');
}

function listOf(list: Json | undefined): Json[] {
  return Array.isArray(list) ? list : [];
}
