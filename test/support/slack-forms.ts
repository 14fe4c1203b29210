/** From what a test says ("Name" → "Spring") to what Slack sends (state and actions of elements). */

import type { Json, JsonObject } from '#sandbox/page-protocol.ts';

export type Answer = string | number | boolean | null | readonly string[] | readonly JsonObject[];
export type Answers = Record<string, Answer>;

type Found = { block: JsonObject; element: JsonObject };

/** Element of a message or view, by action_id or by the words a person sees; with the option, where the words are one. */
export function findAction(blocks: readonly JsonObject[], wanted: string): JsonObject {
  const elements = allElements(blocks);
  const byId = elements.find(({ element }) => element.action_id === wanted);
  const byText = byId ?? elements.find(({ element }) => words(element.text) === wanted);
  const found = byText ?? elements.find(({ element }) => words(element.text).includes(wanted));
  if (found) return action(found, {});
  for (const menu of elements) {
    const option = optionOf(menu.element, wanted);
    if (option) return action(menu, { selected_option: option });
  }
  const seen = elements.map(({ element }) => words(element.text) || element.action_id).join(', ');
  throw new Error(`Nothing called "${wanted}" to act on; there is: ${seen || 'nothing'}`);
}

/** The action of choosing in a menu, picker or checkbox group. */
export function chooseAction(blocks: readonly JsonObject[], wanted: string, answer: Answer): JsonObject {
  const found = findField(blocks, wanted);
  return action(found, stateOf(found.element, answer));
}

/** `state.values` for answers keyed by label, block_id or action_id. */
export function stateFor(blocks: readonly JsonObject[], answers: Answers): JsonObject {
  const state: Record<string, JsonObject> = {};
  for (const [wanted, answer] of Object.entries(answers)) {
    const { block, element } = findField(blocks, wanted);
    const [blockId, actionId] = [String(block.block_id), String(element.action_id)];
    state[blockId] = {
      ...state[blockId],
      [actionId]: { type: element.type ?? null, ...stateOf(element, answer) },
    };
  }
  return state;
}

function findField(blocks: readonly JsonObject[], wanted: string): Found {
  const elements = allElements(blocks);
  const found = elements.find(
    ({ block, element }) =>
      element.action_id === wanted || block.block_id === wanted || words(block.label) === wanted,
  );
  if (!found)
    throw new Error(
      `No field called "${wanted}"; there is: ${elements.map(({ block, element }) => words(block.label) || element.action_id).join(', ')}`,
    );
  return found;
}

function words(text: Json | undefined): string {
  if (typeof text === 'string') return text;
  return isObject(text) && typeof text.text === 'string' ? text.text : '';
}

/** Every text in blocks, for tests that ask what a person can read. */
export function readable(value: Json | undefined): string {
  if (Array.isArray(value)) return value.map(readable).filter(Boolean).join('\n');
  if (!isObject(value)) return '';
  return Object.entries(value)
    .map(([name, item]) =>
      typeof item === 'string' && ['text', 'title', 'label', 'caption'].includes(name)
        ? item
        : readable(item),
    )
    .filter(Boolean)
    .join('\n');
}

const STATE: Record<string, (element: JsonObject, answer: Answer) => JsonObject> = {
  datepicker: (_, answer) => ({ selected_date: answer as string }),
  timepicker: (_, answer) => ({ selected_time: answer as string }),
  datetimepicker: (_, answer) => ({ selected_date_time: answer as number }),
  static_select: (element, answer) => ({ selected_option: chosenOption(element, answer) }),
  external_select: (_, answer) => ({ selected_option: answer as unknown as JsonObject }),
  radio_buttons: (element, answer) => ({ selected_option: chosenOption(element, answer) }),
  overflow: (element, answer) => ({ selected_option: chosenOption(element, answer) }),
  checkboxes: (element, answer) => ({ selected_options: chosenOptions(element, answer) }),
  multi_static_select: (element, answer) => ({ selected_options: chosenOptions(element, answer) }),
  multi_external_select: (_, answer) => ({ selected_options: answer as Json[] }),
  users_select: (_, answer) => ({ selected_user: answer as string }),
  multi_users_select: (_, answer) => ({ selected_users: answer as string[] }),
  conversations_select: (_, answer) => ({ selected_conversation: answer as string }),
  multi_conversations_select: (_, answer) => ({ selected_conversations: answer as string[] }),
  channels_select: (_, answer) => ({ selected_channel: answer as string }),
  multi_channels_select: (_, answer) => ({ selected_channels: answer as string[] }),
  file_input: (_, answer) => ({ files: answer as Json[] }),
  rich_text_input: (_, answer) => ({ rich_text_value: answer as unknown as JsonObject }),
};

function stateOf(element: JsonObject, answer: Answer): JsonObject {
  const read = STATE[String(element.type)];
  return read ? read(element, answer) : { value: answer === null ? null : String(answer) };
}

function chosenOption(element: JsonObject, answer: Answer): JsonObject | null {
  if (answer === null) return null;
  const option = optionOf(element, String(answer));
  if (!option)
    throw new Error(
      `"${String(answer)}" is not offered; there is: ${optionsOf(element)
        .map((one) => words(one.text))
        .join(', ')}`,
    );
  return option;
}

function chosenOptions(element: JsonObject, answer: Answer): JsonObject[] {
  const wanted: readonly unknown[] = Array.isArray(answer) ? answer : answer === null ? [] : [answer];
  return wanted.map((one) => chosenOption(element, String(one))).filter((option) => option !== null);
}

function optionOf(element: JsonObject, wanted: string): JsonObject | undefined {
  return optionsOf(element).find((option) => option.value === wanted || words(option.text) === wanted);
}

function optionsOf(element: JsonObject): JsonObject[] {
  const groups = listOf(element.option_groups).filter(isObject);
  return [...listOf(element.options), ...groups.flatMap((group) => listOf(group.options))].filter(isObject);
}

function action({ block, element }: Found, extra: JsonObject): JsonObject {
  return {
    type: element.type ?? null,
    block_id: block.block_id ?? null,
    action_id: element.action_id ?? null,
    ...(element.value !== undefined && { value: element.value }),
    ...extra,
  };
}

function allElements(blocks: readonly Json[]): Found[] {
  return blocks.filter(isObject).flatMap((block) => {
    const nested = [
      ...listOf(block.child_blocks),
      ...listOf(block.elements).filter((one) => isObject(one) && one.type === 'card'),
    ];
    const own = [block.element, block.accessory, ...listOf(block.elements), ...listOf(block.actions)]
      .filter(isObject)
      .filter((element) => typeof element.action_id === 'string')
      .map((element) => ({ block, element }));
    return [...own, ...allElements(nested)];
  });
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
