import { isEmojiName } from './emoji.ts';
import { type Inline, joinTexts, type ListItem, type Paragraph, safeHref } from './formatted.ts';

/** Slack's own notation: `*bold* _italic_ ~strike~`, `<url|label>`, `<@U…>`, `<!date^…>`, fences, quotes, lists. */
export function parseMrkdwn(text: string): Paragraph[] {
  return text
    .split('```')
    .flatMap((part, index): Paragraph[] =>
      index % 2 === 1 ? [{ type: 'pre', text: decode(trimOneBreak(part)) }] : parseLines(part.split('\n')),
    );
}

/** Plain text knows no notation but emoji names and line breaks. */
export function parsePlain(text: string, hasEmoji = true): Inline[] {
  const nodes: Inline[] = [];
  let rest = text;
  while (rest !== '') {
    const match = /\n|:([a-z0-9_+'-]+):/i.exec(rest);
    if (!match) break;
    nodes.push({ type: 'text', text: rest.slice(0, match.index) });
    nodes.push(plainToken(match[0], match[1], hasEmoji));
    rest = rest.slice(match.index + match[0].length);
  }
  nodes.push({ type: 'text', text: rest });
  return joinTexts(nodes);
}

function plainToken(token: string, name: string | undefined, hasEmoji: boolean): Inline {
  if (token === '\n') return { type: 'break' };
  return hasEmoji && name && isEmojiName(name) ? { type: 'emoji', name } : { type: 'text', text: token };
}

const quoteStart = /^(?:>|&gt;) ?/;
const longQuoteStart = /^(?:>|&gt;){3} ?/;
const listStart = /^(\s*)(?:([•◦▪]|-(?= ))|(\d{1,3})\.(?= )) ?/;

function parseLines(lines: string[]): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? '';
    if (longQuoteStart.test(line)) {
      const quoted = [line.replace(longQuoteStart, ''), ...lines.slice(index + 1)];
      paragraphs.push({ type: 'quote', children: parseLines(quoted) });
      break;
    }
    const kind = kindOf(line);
    const end = endOfKind(lines, index, kind);
    const paragraph = paragraphOf(kind, lines.slice(index, end));
    if (paragraph) paragraphs.push(paragraph);
    index = end;
  }
  return paragraphs;
}

type LineKind = 'quote' | 'bullets' | 'numbers' | 'words';

function kindOf(line: string): LineKind {
  if (quoteStart.test(line)) return 'quote';
  const list = listStart.exec(line);
  if (!list) return 'words';
  return list[3] ? 'numbers' : 'bullets';
}

function endOfKind(lines: string[], start: number, kind: LineKind): number {
  let end = start + 1;
  while (end < lines.length && kindOf(lines[end] ?? '') === kind && !longQuoteStart.test(lines[end] ?? ''))
    end += 1;
  return end;
}

function paragraphOf(kind: LineKind, lines: string[]): Paragraph | null {
  if (kind === 'quote')
    return { type: 'quote', children: parseLines(lines.map((line) => line.replace(quoteStart, ''))) };
  if (kind === 'words') return wordsParagraph(lines);
  const start = Number(listStart.exec(lines[0] ?? '')?.[3] ?? 1);
  return { type: 'list', isOrdered: kind === 'numbers', start, items: lines.map(listItem) };
}

function wordsParagraph(lines: string[]): Paragraph | null {
  const children = lines.flatMap((line, index): Inline[] => [
    ...(index > 0 ? [{ type: 'break' } as const] : []),
    ...parseInline(line),
  ]);
  return lines.every((line) => line.trim() === '') && lines.length < 2
    ? null
    : { type: 'paragraph', children: joinTexts(children) };
}

function listItem(line: string): ListItem {
  const match = listStart.exec(line);
  const indent = Math.min(3, Math.floor((match?.[1]?.length ?? 0) / 2));
  return { indent, children: parseInline(line.replace(listStart, '')), isDone: null };
}

const emphasis = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
const nextToken = /[<`*_~]|:[a-z0-9_+'-]+:|https?:\/\//gi;

function parseInline(text: string): Inline[] {
  const nodes: Inline[] = [];
  let from = 0;
  let at = 0;
  while (at < text.length) {
    nextToken.lastIndex = at;
    const start = nextToken.exec(text)?.index;
    if (start === undefined) break;
    const token = readToken(text, start);
    if (token) {
      nodes.push({ type: 'text', text: decode(text.slice(from, start)) }, token.node);
      from = token.end;
    }
    at = token?.end ?? start + 1;
  }
  nodes.push({ type: 'text', text: decode(text.slice(from)) });
  return joinTexts(nodes);
}

type Token = { node: Inline; end: number };

function readToken(text: string, start: number): Token | null {
  const character = text.charAt(start);
  if (character === '<') return readAngle(text, start);
  if (character === '`') return readCode(text, start);
  if (character === ':') return readEmoji(text, start);
  if (character === '*' || character === '_' || character === '~')
    return readEmphasis(text, start, character);
  return readBareLink(text, start);
}

function readAngle(text: string, start: number): Token | null {
  const close = text.indexOf('>', start);
  if (close < 0) return null;
  const node = angleNode(text.slice(start + 1, close));
  return node && { node, end: close + 1 };
}

function angleNode(inner: string): Inline | null {
  const bar = inner.indexOf('|');
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? '' : decode(inner.slice(bar + 1));
  if (target.startsWith('@')) return { type: 'user', id: target.slice(1), label };
  if (target.startsWith('#')) return { type: 'channel', id: target.slice(1), label };
  if (target.startsWith('!subteam^')) return { type: 'group', id: target.slice(9), label };
  if (target.startsWith('!date^')) return dateNode(target.slice(6), label);
  if (target.startsWith('!')) return { type: 'broadcast', range: target.slice(1) };
  const href = safeHref(decode(target));
  if (!href) return null;
  return { type: 'link', href, children: [{ type: 'text', text: label || decode(target) }] };
}

/** What a Date can hold, in seconds. */
const lastTimestamp = 8.64e12;

function dateNode(specification: string, fallback: string): Inline | null {
  const [seconds = '', format = '', href = ''] = specification.split('^');
  const timestamp = Number(seconds);
  return Math.abs(timestamp) < lastTimestamp && format
    ? { type: 'date', timestamp, format, href, fallback }
    : null;
}

function readCode(text: string, start: number): Token | null {
  const close = text.indexOf('`', start + 1);
  if (close <= start + 1) return null;
  return { node: { type: 'code', text: decode(text.slice(start + 1, close)) }, end: close + 1 };
}

function readEmoji(text: string, start: number): Token | null {
  const name = /^:([a-z0-9_+'-]+):/i.exec(text.slice(start))?.[1];
  return name && isEmojiName(name) ? { node: { type: 'emoji', name }, end: start + name.length + 2 } : null;
}

function readEmphasis(text: string, start: number, mark: keyof typeof emphasis): Token | null {
  const following = text.charAt(start + 1);
  if (isWordCharacter(text.charAt(start - 1)) || following.trim() === '' || following === mark) return null;
  const close = closingMark(text, start, mark);
  if (close < 0) return null;
  const children = parseInline(text.slice(start + 1, close));
  return { node: { type: emphasis[mark], children }, end: close + 1 };
}

function closingMark(text: string, start: number, mark: string): number {
  let at = start + 1;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === mark && !/\s/.test(text.charAt(at - 1)) && !isWordCharacter(text.charAt(at + 1)))
      return at;
    at = character === '<' || character === '`' ? skipPast(text, at) : at + 1;
  }
  return -1;
}

/** Marks inside code and links close nothing. */
function skipPast(text: string, at: number): number {
  const close = text.indexOf(text.charAt(at) === '<' ? '>' : '`', at + 1);
  return close < 0 ? at + 1 : close + 1;
}

function readBareLink(text: string, start: number): Token | null {
  if (isWordCharacter(text.charAt(start - 1))) return null;
  const address = /^https?:\/\/[^\s<>]*[^\s<>.,;:!?)'"\]*_~]/i.exec(text.slice(start))?.[0];
  const href = address ? safeHref(decode(address)) : null;
  if (!address || !href) return null;
  const node: Inline = { type: 'link', href, children: [{ type: 'text', text: decode(address) }] };
  return { node, end: start + address.length };
}

function isWordCharacter(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character);
}

function trimOneBreak(text: string): string {
  return text.replace(/^\n/, '').replace(/\n$/, '');
}

function decode(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
