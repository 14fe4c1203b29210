import { unquote } from '#slack/mrkdwn.ts';

/** What stands in the fields of a modal, by block; Slack leaves out what a view does not have. */
export type FormState = Record<string, Record<string, Field>>;

type Option = { value?: string };
type Field = {
  value?: string | null;
  selected_option?: Option | null;
  selected_options?: Option[] | null;
  selected_time?: string | null;
  selected_date?: string | null;
  selected_conversation?: string | null;
  selected_user?: string | null;
  files?: { id?: string; name?: string }[] | null;
};

/** Text as typed, or copied from where we quoted it, without blanks at its ends; empty when nothing was typed. */
export function readText(state: FormState, blockId: string): string {
  return unquote(field(state, blockId)?.value ?? '').trim();
}

export function readChoice(state: FormState, blockId: string): string | null {
  return field(state, blockId)?.selected_option?.value ?? null;
}

export function readChoices(state: FormState, blockId: string): string[] {
  return (field(state, blockId)?.selected_options ?? []).flatMap(({ value }) => value ?? []);
}

/** A wall-clock time, `HH:mm`. */
export function readTime(state: FormState, blockId: string): string | null {
  return field(state, blockId)?.selected_time ?? null;
}

/** A date, `YYYY-MM-DD`. */
export function readDate(state: FormState, blockId: string): string | null {
  return field(state, blockId)?.selected_date ?? null;
}

export function readConversation(state: FormState, blockId: string): string | null {
  return field(state, blockId)?.selected_conversation ?? null;
}

/** The id of a person, or null when nobody was chosen. */
export function readUser(state: FormState, blockId: string): string | null {
  return field(state, blockId)?.selected_user ?? null;
}

export function readFile(state: FormState, blockId: string): { id: string; name: string } | null {
  const [file] = field(state, blockId)?.files ?? [];
  return file?.id ? { id: file.id, name: file.name ?? 'file' } : null;
}

function field(state: FormState, blockId: string): Field | undefined {
  return Object.hasOwn(state, blockId) ? Object.values(state[blockId] ?? {})[0] : undefined;
}
