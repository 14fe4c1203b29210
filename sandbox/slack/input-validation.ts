/** What Slack's own window refuses before the app is asked. */

import type { Json, JsonObject } from '#sandbox/page-protocol.ts';
import { isObject } from './block-schema.ts';
import { type StatefulElement, statefulElements } from './view-state.ts';

/** Block id → sentence, for the inputs of a form. */
export function inputErrors(view: JsonObject, values: JsonObject): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const stateful of statefulElements(view)) {
    if (stateful.block.type !== 'input') continue;
    const problem = inputProblem(stateful, values);
    if (problem !== null) errors[stateful.blockId] = problem;
  }
  return errors;
}

function inputProblem(
  { block, element, blockId, actionId }: StatefulElement,
  values: JsonObject,
): string | null {
  const inBlock = values[blockId];
  const state = isObject(inBlock) && isObject(inBlock[actionId]) ? inBlock[actionId] : {};
  const answer = answerIn(state);
  if (isEmpty(answer)) return block.optional === true ? null : 'Please complete this required field.';
  return RULES[String(element.type)]?.(answer, element) ?? null;
}

type Rule = (answer: Json, element: JsonObject) => string | null;

const RULES: Record<string, Rule> = {
  plain_text_input: (answer, { min_length, max_length }) => {
    const { length } = String(answer);
    if (typeof min_length === 'number' && length < min_length)
      return `Please enter at least ${min_length} characters.`;
    if (length > Number(max_length ?? 3000))
      return `Please enter at most ${String(max_length ?? 3000)} characters.`;
    return null;
  },
  email_text_input: (answer) =>
    /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(String(answer)) ? null : 'Please enter a valid email address.',
  url_text_input: (answer) => (URL.canParse(String(answer)) ? null : 'Please enter a valid URL.'),
  number_input: (answer, { is_decimal_allowed, min_value, max_value }) => {
    const number = Number(answer);
    if (!Number.isFinite(number)) return 'Please enter a valid number.';
    if (is_decimal_allowed !== true && !Number.isInteger(number)) return 'Please enter a whole number.';
    if (min_value !== undefined && number < Number(min_value))
      return `Please enter a number of at least ${String(min_value)}.`;
    if (max_value !== undefined && number > Number(max_value))
      return `Please enter a number of at most ${String(max_value)}.`;
    return null;
  },
  file_input: (answer, { filetypes, max_files }) => {
    const files = Array.isArray(answer) ? answer.filter(isObject) : [];
    if (files.length > Number(max_files ?? 10))
      return `Please choose at most ${String(max_files ?? 10)} files.`;
    const allowed = Array.isArray(filetypes) ? filetypes.map(String) : [];
    const isWrong = ({ name }: JsonObject) =>
      !allowed.some((type) => String(name).toLowerCase().endsWith(`.${type}`));
    return allowed.length > 0 && files.some(isWrong)
      ? `Please choose files of these kinds: ${allowed.join(', ')}.`
      : null;
  },
};

/** The one field of a state value that holds the answer. */
function answerIn(state: JsonObject): Json {
  const field = Object.keys(state).find(
    (name) => name.startsWith('selected_') || name === 'files' || name.endsWith('value'),
  );
  return field === undefined ? null : (state[field] ?? null);
}

function isEmpty(answer: Json): boolean {
  return answer === null || answer === '' || (Array.isArray(answer) && answer.length === 0);
}
