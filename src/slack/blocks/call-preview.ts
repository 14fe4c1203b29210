import type { CallPreview, SpokenExample } from '#domain/call-preview.ts';
import { clip, quote } from '#slack/mrkdwn.ts';
import { type Block, bullets, context, plainSection } from './kit.ts';
import { gapsBlock } from './preview.ts';

const SHOWN_TEXT = 700;

/** Calls as real contacts would hear them, text by text, and whom they have gaps for. */
export function callPreviewBlocks({ problems, examples, notes, variablesMissing }: CallPreview): Block[] {
  return [
    ...problems.map(({ words, message }) => plainSection(`⚠️ The ${words}: ${message}`)),
    ...examples.flatMap(exampleBlocks),
    ...(problems.length === 0 && examples.length === 0
      ? [context('No contacts are loaded yet, so there is nobody to show the calls for.')]
      : []),
    ...(notes.length > 0 ? [plainSection(bullets(notes, 5))] : []),
    ...gapsBlock(variablesMissing),
  ];
}

function exampleBlocks({ name, maskedPhone, lines, missing, refusal }: SpokenExample): Block[] {
  const who = name === maskedPhone ? quote(maskedPhone) : `${quote(name, 60)} (${quote(maskedPhone)})`;
  return [
    context(`*To ${who}*, as it is spoken`),
    {
      type: 'rich_text',
      elements: [{ type: 'rich_text_quote', elements: lines.flatMap(spoken) }],
    },
    ...(refusal ? [plainSection(`⚠️ ${refusal}`)] : []),
    ...(missing.length > 0 ? [plainSection(`⚠️ No value for ${missing.slice(0, 10).join(', ')}.`)] : []),
  ];
}

function spoken({ words, text }: SpokenExample['lines'][number], index: number) {
  const label = `${index === 0 ? '' : '\n'}${words.charAt(0).toUpperCase()}${words.slice(1)}: `;
  return [
    { type: 'text' as const, text: label, style: { bold: true } },
    { type: 'text' as const, text: clip(text, SHOWN_TEXT) || '–' },
  ];
}
