import { isEmojiName } from './emoji.ts';
import { type Inline, joinTexts, type ListItem, type Paragraph, safeHref } from './formatted.ts';

/** Standard Markdown as the `markdown` block takes it. HTML in it stays words. */
export function parseMarkdown(text: string): Paragraph[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const paragraphs: Paragraph[] = [];
  let at = 0;
  while (at < lines.length) {
    const [paragraph, next] = readParagraph(lines, at);
    if (paragraph) paragraphs.push(paragraph);
    at = Math.max(next, at + 1);
  }
  return paragraphs;
}

type Read = [Paragraph | null, number];
type Reader = { starts(line: string, following: string): boolean; read(lines: string[], at: number): Read };

const fence = /^\s*(```+|~~~+)/;
const heading = /^(#{1,6})\s+(.*?)\s*#*$/;
const rule = /^\s*([-*_])(\s*\1){2,}\s*$/;
const bullet = /^(\s*)[-*+]\s+(?:\[([ xX])\]\s+)?/;
const number = /^(\s*)(\d{1,9})[.)]\s+(?:\[([ xX])\]\s+)?/;
const quote = /^\s*>\s?/;
const tableDivider = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

const readers: Reader[] = [
  { starts: (line) => line.trim() === '', read: (_lines, at) => [null, at + 1] },
  { starts: (line) => fence.test(line), read: readFence },
  { starts: (line) => heading.test(line), read: readHeading },
  { starts: (line) => rule.test(line), read: (_lines, at) => [{ type: 'rule' }, at + 1] },
  { starts: (line) => quote.test(line), read: readQuote },
  { starts: (line) => bullet.test(line) || number.test(line), read: readList },
  { starts: (line, following) => line.includes('|') && tableDivider.test(following), read: readTable },
];

function readParagraph(lines: string[], at: number): Read {
  const reader = readerAt(lines, at);
  if (reader) return reader.read(lines, at);
  let end = at + 1;
  while (end < lines.length && !readerAt(lines, end)) end += 1;
  const children = lines.slice(at, end).flatMap((line, index): Inline[] => {
    const isHardBreak = index > 0 && /( {2}|\\)$/.test(lines[at + index - 1] ?? '');
    const gap: Inline[] =
      index === 0 ? [] : isHardBreak ? [{ type: 'break' }] : [{ type: 'text', text: ' ' }];
    return [...gap, ...parseMarkdownLine(line.replace(/( +|\\)$/, '').trimStart())];
  });
  return [{ type: 'paragraph', children: joinTexts(children) }, end];
}

function readerAt(lines: string[], at: number): Reader | undefined {
  return readers.find((reader) => reader.starts(lines[at] ?? '', lines[at + 1] ?? ''));
}

function readFence(lines: string[], at: number): Read {
  const mark = fence.exec(lines[at] ?? '')?.[1] ?? '```';
  let end = at + 1;
  while (end < lines.length && !(lines[end] ?? '').trim().startsWith(mark)) end += 1;
  return [{ type: 'pre', text: lines.slice(at + 1, end).join('\n') }, end + 1];
}

function readHeading(lines: string[], at: number): Read {
  const match = heading.exec(lines[at] ?? '');
  const children = parseMarkdownLine(match?.[2] ?? '');
  return [{ type: 'heading', level: match?.[1]?.length ?? 1, children }, at + 1];
}

function readQuote(lines: string[], at: number): Read {
  let end = at;
  while (end < lines.length && quote.test(lines[end] ?? '')) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(quote, ''));
  return [{ type: 'quote', children: parseMarkdown(inner.join('\n')) }, end];
}

function readList(lines: string[], at: number): Read {
  const ordered = number.exec(lines[at] ?? '');
  let end = at;
  while (end < lines.length && (bullet.test(lines[end] ?? '') || number.test(lines[end] ?? ''))) end += 1;
  const items = lines.slice(at, end).map(readItem);
  return [{ type: 'list', isOrdered: ordered !== null, start: Number(ordered?.[2] ?? 1), items }, end];
}

function readItem(line: string): ListItem {
  const match = bullet.exec(line) ?? number.exec(line);
  const box = bullet.test(line) ? match?.[2] : match?.[3];
  return {
    indent: Math.min(3, Math.floor((match?.[1]?.length ?? 0) / 2)),
    children: parseMarkdownLine(line.slice(match?.[0].length ?? 0)),
    isDone: box === undefined ? null : box.toLowerCase() === 'x',
  };
}

function readTable(lines: string[], at: number): Read {
  const rows = [readRow(lines[at] ?? '')];
  let end = at + 2;
  while (end < lines.length && (lines[end] ?? '').includes('|')) {
    rows.push(readRow(lines[end] ?? ''));
    end += 1;
  }
  return [{ type: 'table', rows }, end];
}

function readRow(line: string): Inline[][] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => parseMarkdownLine(cell.trim().replaceAll('\\|', '|')));
}

type Rule = { pattern: RegExp; node(match: RegExpExecArray): Inline | null };

const inlineRules: Rule[] = [
  { pattern: /\\([!-/:-@[-`{-~])/, node: (match) => ({ type: 'text', text: match[1] ?? '' }) },
  { pattern: /(`+)(.+?)\1(?!`)/, node: (match) => ({ type: 'code', text: (match[2] ?? '').trim() }) },
  {
    pattern: /!?\[([^\]]*)\]\((\S+?)(?:\s+"[^"]*")?\)/,
    node: (match) => link(match[1] || match[2], match[2]),
  },
  { pattern: /\*\*(?=\S)(.+?)(?<=\S)\*\*/, node: (match) => styled('bold', match[1]) },
  { pattern: /(?<!\w)__(?=\S)(.+?)(?<=\S)__(?!\w)/, node: (match) => styled('bold', match[1]) },
  { pattern: /\*(?=\S)([^*]+?)(?<=\S)\*/, node: (match) => styled('italic', match[1]) },
  { pattern: /(?<!\w)_(?=\S)([^_]+?)(?<=\S)_(?!\w)/, node: (match) => styled('italic', match[1]) },
  { pattern: /~~(?=\S)(.+?)(?<=\S)~~/, node: (match) => styled('strike', match[1]) },
  { pattern: /<(https?:\/\/[^\s>]+|mailto:[^\s>]+)>/, node: (match) => link(match[1], match[1]) },
  { pattern: /(?<!\w)https?:\/\/[^\s<>]*[^\s<>.,;:!?)'"\]]/, node: (match) => link(match[0], match[0]) },
  { pattern: /:([a-z0-9_+'-]+):/i, node: (match) => emoji(match[1]) },
];

function parseMarkdownLine(text: string): Inline[] {
  const found = firstMatch(text);
  if (!found) return joinTexts([{ type: 'text', text }]);
  const end = found.match.index + found.match[0].length;
  return joinTexts([
    { type: 'text', text: text.slice(0, found.match.index) },
    found.node,
    ...parseMarkdownLine(text.slice(end)),
  ]);
}

function firstMatch(text: string): { match: RegExpExecArray; node: Inline } | null {
  let first: { match: RegExpExecArray; node: Inline } | null = null;
  for (const { pattern, node: draw } of inlineRules) {
    const match = pattern.exec(text);
    if (!match || (first && match.index >= first.match.index)) continue;
    const node = draw(match);
    if (node) first = { match, node };
  }
  return first;
}

function styled(type: 'bold' | 'italic' | 'strike', inner: string | undefined): Inline {
  return { type, children: parseMarkdownLine(inner ?? '') };
}

function link(label: string | undefined, address: string | undefined): Inline | null {
  const href = safeHref(address ?? '');
  return href ? { type: 'link', href, children: [{ type: 'text', text: label ?? href }] } : null;
}

function emoji(name: string | undefined): Inline | null {
  return name && isEmojiName(name) ? { type: 'emoji', name } : null;
}
