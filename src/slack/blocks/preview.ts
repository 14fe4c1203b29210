import type { MessagePreview, PreviewExample } from '#domain/message-preview.ts';
import { clip, count, counted, quote } from '#slack/mrkdwn.ts';
import { type Block, bullets, context, plainSection, section } from './kit.ts';

const SHOWN_TEXT = 700;
const SHOWN_VARIABLES = 30;

/** A message as real contacts would get it, what it costs in segments, and whom it has gaps for. */
export function previewBlocks(preview: MessagePreview): Block[] {
  const { problem, examples, notes, variablesMissing } = preview;
  return [
    ...(problem ? [plainSection(`⚠️ ${problem.message}`)] : []),
    ...examples.flatMap(exampleBlocks),
    ...(!problem && examples.length === 0
      ? [context('No contacts are loaded yet, so there is nobody to show the message for.')]
      : []),
    ...(notes.length > 0 ? [plainSection(bullets(notes, 5))] : []),
    ...gapsBlock(variablesMissing),
  ];
}

/** What would leave a gap, for how many contacts; nothing when there are none. */
export function gapsBlock(missing: MessagePreview['variablesMissing']): Block[] {
  return missing.length > 0 ? [section(`⚠️ *Without a value:* ${gaps(missing)}`)] : [];
}

/** What a message may say of each contact. */
export function variablesBlock(names: string[]): Block {
  return context(`Variables: ${variables(names)}`);
}

function exampleBlocks(example: PreviewExample): Block[] {
  const who =
    example.name === example.maskedPhone
      ? quote(example.name)
      : `${quote(example.name, 60)} (${quote(example.maskedPhone)})`;
  const size = `${counted(example.segments, 'segment')}, ${example.encoding}, ${counted(example.characters, 'character')}`;
  const troubles = [
    ...(example.refusal ? [example.refusal] : []),
    ...(example.missing.length > 0 ? [`No value for ${example.missing.slice(0, 10).join(', ')}.`] : []),
  ];
  return [
    context(`*To ${who}*: ${size}`),
    ...(example.text.trim() ? [quotation(example.text)] : []),
    ...troubles.map((trouble) => plainSection(`⚠️ ${trouble}`)),
  ];
}

function gaps(missing: MessagePreview['variablesMissing']): string {
  return missing
    .slice(0, SHOWN_VARIABLES)
    .map(({ name, contacts }) => `\`${name}\` for ${counted(contacts, 'contact')}`)
    .join(', ');
}

function variables(names: string[]): string {
  if (names.length === 0) return '`{{ name }}` and `{{ company }}`; the columns of a file become more.';
  const shown = names.slice(0, SHOWN_VARIABLES).map((name) => `\`{{ ${quote(name, 60)} }}\``);
  const rest = names.length - shown.length;
  return `${shown.join(' ')}${rest > 0 ? ` and ${count(rest)} more` : ''}`;
}

function quotation(body: string): Block {
  const text = clip(body, SHOWN_TEXT);
  return { type: 'rich_text', elements: [{ type: 'rich_text_quote', elements: [{ type: 'text', text }] }] };
}
