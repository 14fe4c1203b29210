import { type FormState, readChoice, readChoices, readText, readTime } from './state.ts';

/** What stands in the fields of a form, by block: the text, the choice or the time; a list where several can be chosen. */
export type FormValues = Record<string, string | string[]>;

export function textIn(values: FormValues, block: string): string {
  const value = values[block];
  return typeof value === 'string' ? value : '';
}

export function listIn(values: FormValues, block: string): string[] {
  const value = values[block];
  return Array.isArray(value) ? value : [];
}

/** What is typed in the fields that a form shows; a block of `lists` holds several choices. */
export function typedValues(state: FormState, lists: readonly string[]): FormValues {
  return Object.fromEntries(
    Object.keys(state).map((block) => [
      block,
      lists.includes(block)
        ? readChoices(state, block)
        : (readTime(state, block) ?? readChoice(state, block) ?? readText(state, block)),
    ]),
  );
}
