import type { LiveTranscript } from '#ports/chat-content.ts';
import { clip, quote } from '#slack/mrkdwn.ts';
import type { Block } from './kit.ts';

/** One thing said on a call; `isCut`: the other side cut in, and this is what was heard of it. */
export type SpokenLine = LiveTranscript['lines'][number];
export type Speakers = { assistant: string; contact: string };

const LINE = 700;
const NAME = 60;
/** Leaves room for what else stands in the message: its blocks may hold 13,200 characters together (slack.md §2.3). */
const BLOCK_TEXT = 8000;
const FALLBACK_TEXT = 2500;

/** The last lines that fit in one block, and how many earlier ones are left out. */
export function lastLines(lines: readonly SpokenLine[]): { shown: SpokenLine[]; omitted: number } {
  const shown = takeLast(lines, BLOCK_TEXT, sizeOf);
  return { shown, omitted: lines.length - shown.length };
}

/** A whole conversation in pages, each of which fits in one block. At least one page, which may be empty. */
export function pagesOf(lines: readonly SpokenLine[]): SpokenLine[][] {
  const pages: SpokenLine[][] = [[]];
  let left = BLOCK_TEXT;
  for (const line of lines) {
    left -= sizeOf(line);
    if (left < 0) {
      pages.push([]);
      left = BLOCK_TEXT - sizeOf(line);
    }
    pages.at(-1)?.push(line);
  }
  return pages;
}

/** A conversation as rich text: whatever somebody said, nothing in it is markup and nobody is pinged. Null without lines. */
export function transcriptBlock(lines: readonly SpokenLine[], speakers: Speakers): Block | null {
  if (lines.length === 0) return null;
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: lines.flatMap((line) => spoken(line, speakers)) }],
  };
}

/** The same lines for the fallback, the last ones where not all fit. */
export function transcriptText(lines: readonly SpokenLine[], speakers: Speakers): string {
  const written = lines.map((line) => {
    const name = nameOf(line, speakers);
    return `${name ? `${quote(name, NAME)}: ` : ''}${quote(line.text, 400)}${cutWords(line)}`;
  });
  return takeLast(written, FALLBACK_TEXT, (line) => line.length + 1).join('\n');
}

function sizeOf({ text }: SpokenLine): number {
  return Math.min(text.length, LINE) + NAME;
}

function spoken(line: SpokenLine, speakers: Speakers) {
  const name = nameOf(line, speakers);
  const words = { type: 'text' as const, text: `${clip(oneLine(line.text), LINE)}${cutWords(line)}\n` };
  if (name === null) return [{ ...words, style: { italic: true } }];
  return [{ type: 'text' as const, text: `${clip(name, NAME)}: `, style: { bold: true } }, words];
}

/** A note tells what happened on the line; nobody said it. */
function nameOf({ who }: SpokenLine, speakers: Speakers): string | null {
  return who === 'note' ? null : oneLine(speakers[who]);
}

function cutWords({ isCut }: SpokenLine): string {
  return isCut ? ' … (interrupted)' : '';
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim() || '–';
}

function takeLast<T>(items: readonly T[], budget: number, sizeOf: (item: T) => number): T[] {
  let left = budget;
  const first = items.findLastIndex((item) => {
    left -= sizeOf(item);
    return left < 0;
  });
  return items.slice(first + 1);
}
