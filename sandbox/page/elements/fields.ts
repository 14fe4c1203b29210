import { asList, asNumber, asObjects, asText } from '#sandbox/page/json.ts';
import type { JsonObject } from '#sandbox/page-protocol.ts';

/** What Slack puts into `view.state.values[block][action]`, without its `type`. */
export type FieldState = JsonObject;

type FieldKind = {
  initial(element: JsonObject, currentChannelId: string | null): FieldState;
  isEmpty(state: FieldState): boolean;
  /** Why this cannot be sent, in words for the person who filled it in. */
  problem?(state: FieldState, element: JsonObject): string | null;
};

export const fieldKinds: Record<string, FieldKind> = {
  plain_text_input: { ...text(), problem: lengthProblem },
  number_input: { ...text(), problem: numberProblem },
  email_text_input: { ...text(), problem: emailProblem },
  url_text_input: { ...text(), problem: urlProblem },
  rich_text_input: single('rich_text_value', 'initial_value'),
  static_select: single('selected_option', 'initial_option'),
  external_select: single('selected_option', 'initial_option'),
  multi_static_select: several('selected_options', 'initial_options'),
  multi_external_select: several('selected_options', 'initial_options'),
  users_select: single('selected_user', 'initial_user'),
  multi_users_select: several('selected_users', 'initial_users'),
  channels_select: single('selected_channel', 'initial_channel'),
  multi_channels_select: several('selected_channels', 'initial_channels'),
  conversations_select: conversation(),
  multi_conversations_select: conversations(),
  radio_buttons: single('selected_option', 'initial_option'),
  checkboxes: several('selected_options', 'initial_options'),
  datepicker: single('selected_date', 'initial_date'),
  timepicker: time(),
  datetimepicker: single('selected_date_time', 'initial_date_time'),
  file_input: several('files', 'initial_files'),
};

export type Field = {
  blockId: string;
  actionId: string;
  element: JsonObject;
  isInput: boolean;
  isOptional: boolean;
};

/** Every element with a state in these blocks, in reading order, whichever block holds it. */
export function fieldsIn(blocks: JsonObject[]): Field[] {
  return blocks.flatMap((block) => {
    if (block.type === 'container') return fieldsIn(asObjects(block.child_blocks));
    const isInput = block.type === 'input';
    return elementsOf(block)
      .filter((element) => Object.hasOwn(fieldKinds, asText(element.type)))
      .map((element) => ({
        blockId: asText(block.block_id),
        actionId: asText(element.action_id),
        element,
        isInput,
        isOptional: !isInput || block.optional === true,
      }));
  });
}

/** Slack makes up the ids that a bot leaves out; here they follow from the position, so that edits keep them. */
export function withIds(blocks: JsonObject[], prefix = 'block'): JsonObject[] {
  return blocks.map((block, index) => {
    const blockId = asText(block.block_id) || `${prefix}-${index}`;
    const elements = asObjects(block.elements).map((element, at) => withActionId(element, `action-${at}`));
    return {
      ...block,
      block_id: blockId,
      ...(block.type === 'actions' || block.type === 'context_actions' ? { elements } : {}),
      ...withIdOf('element', block),
      ...withIdOf('accessory', block),
      ...(block.child_blocks ? { child_blocks: withIds(asObjects(block.child_blocks), blockId) } : {}),
    };
  });
}

export function fieldProblem(field: Field, state: FieldState): string | null {
  const kind = fieldKinds[asText(field.element.type)];
  if (!kind) return null;
  if (kind.isEmpty(state)) return field.isOptional ? null : 'Please complete this required field.';
  return kind.problem?.(state, field.element) ?? null;
}

function elementsOf(block: JsonObject): JsonObject[] {
  if (block.type === 'input') return asObjects([block.element ?? null]);
  if (block.type === 'section') return asObjects([block.accessory ?? null]);
  return block.type === 'actions' ? asObjects(block.elements) : [];
}

function withIdOf(key: 'element' | 'accessory', block: JsonObject): JsonObject {
  const [element] = asObjects([block[key] ?? null]);
  return element ? { [key]: withActionId(element, 'action-0') } : {};
}

function withActionId(element: JsonObject, fallback: string): JsonObject {
  return { ...element, action_id: asText(element.action_id) || fallback };
}

function text(): FieldKind {
  return {
    initial: (element) => ({ value: asText(element.initial_value) || null }),
    isEmpty: (state) => asText(state.value).trim() === '',
  };
}

function single(key: string, initialKey: string): FieldKind {
  return {
    initial: (element) => ({ [key]: element[initialKey] ?? null }),
    isEmpty: (state) => (state[key] ?? null) === null,
  };
}

function several(key: string, initialKey: string): FieldKind {
  return {
    initial: (element) => ({ [key]: asList(element[initialKey]) }),
    isEmpty: (state) => asList(state[key]).length === 0,
  };
}

function conversation(): FieldKind {
  return {
    ...single('selected_conversation', 'initial_conversation'),
    initial: (element, currentChannelId) => ({
      selected_conversation:
        element.initial_conversation ?? (element.default_to_current_conversation ? currentChannelId : null),
    }),
  };
}

function conversations(): FieldKind {
  return {
    ...several('selected_conversations', 'initial_conversations'),
    initial: (element, currentChannelId) => {
      const isCurrent = element.default_to_current_conversation === true && currentChannelId !== null;
      const initial = asList(element.initial_conversations);
      return { selected_conversations: initial.length === 0 && isCurrent ? [currentChannelId] : initial };
    },
  };
}

function time(): FieldKind {
  return {
    ...single('selected_time', 'initial_time'),
    initial: (element) => ({
      selected_time: element.initial_time ?? null,
      ...(element.timezone ? { timezone: element.timezone } : {}),
    }),
  };
}

function lengthProblem(state: FieldState, element: JsonObject): string | null {
  const length = asText(state.value).length;
  const least = asNumber(element.min_length) ?? 0;
  const most = asNumber(element.max_length) ?? 3000;
  if (length < least) return `Please use at least ${least} characters; there are ${length} so far.`;
  return length > most ? `Please use at most ${most} characters; there are ${length} now.` : null;
}

function numberProblem(state: FieldState, element: JsonObject): string | null {
  const number = asNumber(state.value);
  const least = asNumber(element.min_value);
  const most = asNumber(element.max_value);
  if (number === null) return 'Please enter a number, in digits.';
  if (element.is_decimal_allowed !== true && !Number.isInteger(number)) return 'Please enter a whole number.';
  if (least !== null && number < least) return `Please enter ${least} or more.`;
  return most !== null && number > most ? `Please enter ${most} or less.` : null;
}

function emailProblem(state: FieldState): string | null {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(asText(state.value).trim())
    ? null
    : 'Please enter an email address, like name@example.com.';
}

function urlProblem(state: FieldState): string | null {
  const url = URL.parse(asText(state.value).trim());
  return url && /^https?:$/.test(url.protocol)
    ? null
    : 'Please enter a whole link, like https://example.com.';
}
