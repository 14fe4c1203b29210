import { maskPhone } from './mask-phone.ts';
import { measureText, refuseText, replaceWithGsm, type TextMeasure } from './segments.ts';
import {
  checkTemplate,
  compileTemplate,
  renderTemplate,
  SYSTEM_DEFAULTS,
  type TemplateSource,
  templateContext,
} from './template.ts';
import type { TemplateProblem } from './template-syntax.ts';

/** A real contact of the campaign, as a preview shows it. `name` is null when the file had none. */
export type PreviewContact = {
  name: string | null;
  phoneNumber: string;
  values: Readonly<Record<string, unknown>>;
};

/**
 * What a preview is made of. `missingCounts` says for each variable how many of the campaign's contacts have no value
 * of their own; `variablesAvailable` are the columns that contacts have.
 */
export type PreviewRequest = Pick<TemplateSource, 'fallbackValues' | 'companyName' | 'assistantName'> & {
  template: string;
  contacts: readonly PreviewContact[];
  variablesAvailable: readonly string[];
  missingCounts: Readonly<Record<string, number>>;
};

/** One contact's text as it would be sent. `refusal` says why it could not be. */
export type PreviewExample = Pick<TextMeasure, 'encoding' | 'characters' | 'segments'> & {
  name: string;
  maskedPhone: string;
  text: string;
  missing: string[];
  refusal: string | null;
};

/**
 * A message as its author should see it before anything is sent. With a `problem` there are no examples.
 * `variablesMissing` names what would leave a gap, for how many contacts; `notes` say which names no contact brings, and
 * which characters make texts dearer.
 */
export type MessagePreview = {
  problem: TemplateProblem | null;
  examples: PreviewExample[];
  notes: string[];
  variablesAvailable: string[];
  variablesMissing: { name: string; contacts: number }[];
};

/** Composes the preview of a text message. Reads nothing and never throws: everything it shows is in the request. */
export function previewMessage(request: PreviewRequest): MessagePreview {
  const { template } = request;
  const variablesAvailable = [...request.variablesAvailable];
  const check = checkTemplate(template);
  if (!check.ok) {
    return { problem: check.problem, examples: [], notes: [], variablesAvailable, variablesMissing: [] };
  }
  const examples = request.contacts.map((contact) => exampleOf(contact, request));
  return {
    problem: null,
    examples,
    notes: [...namesNotes(template, request), ...encodingNotes(template, examples)],
    variablesAvailable,
    variablesMissing: gapsOf(check.needed, request),
  };
}

/**
 * What a text names that no contact brings. It may be sent all the same and then has a gap there, as the pre-flight counts
 * it (campaign-api §7.8), so that is no problem of the text.
 */
export function namesNotes(
  template: string,
  { variablesAvailable, fallbackValues = {} }: Pick<PreviewRequest, 'variablesAvailable' | 'fallbackValues'>,
): string[] {
  const check = checkTemplate(template, [...variablesAvailable, ...Object.keys(fallbackValues)]);
  return check.ok ? [] : [check.problem.message];
}

/** Of the variables that texts need, those that leave a gap for somebody, with how many contacts have none. */
export function gapsOf(
  needed: readonly string[],
  { fallbackValues = {}, missingCounts }: Pick<PreviewRequest, 'fallbackValues' | 'missingCounts'>,
): { name: string; contacts: number }[] {
  const covered = new Set([
    ...Object.keys(SYSTEM_DEFAULTS),
    ...Object.keys(templateContext({ values: fallbackValues }).contact),
  ]);
  return needed
    .filter((name) => !covered.has(name) && countOf(missingCounts, name) > 0)
    .map((name) => ({ name, contacts: countOf(missingCounts, name) }));
}

function exampleOf(contact: PreviewContact, request: PreviewRequest): PreviewExample {
  const { text, missing } = renderTemplate(
    compileTemplate(request.template),
    templateContext({
      values: contact.values,
      phoneNumber: contact.phoneNumber,
      fallbackValues: request.fallbackValues,
      companyName: request.companyName,
      assistantName: request.assistantName,
    }),
  );
  const { encoding, characters, segments } = measureText(text);
  const maskedPhone = maskPhone(contact.phoneNumber);
  const name = contact.name?.trim() || maskedPhone;
  return { name, maskedPhone, text, encoding, characters, segments, missing, refusal: refuseText(text) };
}

function countOf(counts: Readonly<Record<string, number>>, name: string): number {
  return Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0;
}

/** One note per dear character, wherever it comes from, with what the first example would cost without it. */
function encodingNotes(template: string, examples: readonly PreviewExample[]): string[] {
  const notes = new Map<string, string>();
  for (const { text, segments } of examples) {
    const found = measureText(text).firstNonGsm;
    if (found === undefined || notes.has(found.char)) continue;
    notes.set(found.char, encodingNote(found, { text, segments, inTemplate: template.includes(found.char) }));
  }
  return [...notes.values()];
}

function encodingNote(
  found: NonNullable<TextMeasure['firstNonGsm']>,
  example: { text: string; segments: number; inTemplate: boolean },
): string {
  const origin = example.inTemplate ? 'in the message' : "in a contact's data";
  const cause = `${showChar(found.char)} ${origin} makes this text UCS-2: 70 characters per segment instead of 160.`;
  if (found.suggestion === undefined) return cause;
  const fix = found.suggestion === '' ? 'Leave it out' : `Write ${showChar(found.suggestion)} instead`;
  const plain = measureText(replaceWithGsm(example.text));
  if (plain.encoding === 'UCS-2') return `${cause} ${fix}; other characters of the text do the same.`;
  const saving = plain.segments < example.segments ? ` and it takes ${writeSegments(plain.segments)}` : '';
  return `${cause} ${fix}${saving}${saving && `, not ${example.segments}`}.`;
}

function writeSegments(segments: number): string {
  return segments === 1 ? '1 segment' : `${segments} segments`;
}

/** Blanks and invisible characters by their number, all others as they are. */
function showChar(char: string): string {
  if (char === ' ') return 'a plain space';
  if (!/^[\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/u.test(char)) return `“${char}”`;
  const code = char.codePointAt(0) ?? 0;
  return `An invisible character (U+${code.toString(16).toUpperCase().padStart(4, '0')})`;
}
