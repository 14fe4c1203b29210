import { asNumber, asObject, asText } from '#sandbox/page/json.ts';
import { type Paragraph, wordsOfInline } from '#sandbox/page/text/formatted.ts';
import { paragraphsOfRichText } from '#sandbox/page/text/rich-text.ts';
import type { Json, JsonObject } from '#sandbox/page-protocol.ts';

export type Sort = { column: number; isDescending: boolean };

/** Numbers by their value, words as people order them, empty cells last either way. */
export function sortRows(rows: Json[][], sort: Sort | null): Json[][] {
  if (!sort) return rows;
  return [...rows].sort((one, other) => {
    const [a, b] = [sortKey(one[sort.column]), sortKey(other[sort.column])];
    if (a === '' || b === '') return Number(a === '') - Number(b === '');
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : words.compare(`${a}`, `${b}`);
    return sort.isDescending ? -order : order;
  });
}

export function wordsOfRichText(block: JsonObject): string {
  return paragraphsOfRichText(block).map(wordsOfParagraph).join(' ');
}

const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function sortKey(cell: Json | undefined): number | string {
  const object = asObject(cell);
  if (object?.type === 'raw_number') return asNumber(object.value) ?? '';
  if (object?.type === 'rich_text') return wordsOfRichText(object);
  return asText(object?.text) || asText(cell);
}

function wordsOfParagraph(paragraph: Paragraph): string {
  if (paragraph.type === 'pre') return paragraph.text;
  if (paragraph.type === 'list') return paragraph.items.map((item) => wordsOfInline(item.children)).join(' ');
  if (paragraph.type === 'quote') return paragraph.children.map(wordsOfParagraph).join(' ');
  return 'children' in paragraph ? wordsOfInline(paragraph.children) : '';
}
