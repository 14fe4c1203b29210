import { asNumber, asObject, asObjects, asText } from '#sandbox/page/json.ts';
import type { Json, JsonObject } from '#sandbox/page-protocol.ts';
import { isEmojiName } from './emoji.ts';
import { type Inline, joinTexts, type Paragraph, safeHref, wordsOfInline } from './formatted.ts';

/** A `rich_text` block in the same shape that Slack's other two notations become. */
export function paragraphsOfRichText(block: JsonObject): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  for (const part of asObjects(block.elements)) {
    const paragraph = paragraphOf(part);
    const last = paragraphs.at(-1);
    const continues = paragraph.type === 'list' && paragraph.items.every((item) => item.indent > 0);
    if (last?.type === 'list' && continues) last.items.push(...paragraph.items);
    else paragraphs.push(paragraph);
  }
  return paragraphs;
}

function paragraphOf(part: JsonObject): Paragraph {
  if (part.type === 'rich_text_list') return listOf(part);
  if (part.type === 'rich_text_preformatted')
    return { type: 'pre', text: wordsOfInline(inlinesOf(part.elements)) };
  const paragraph: Paragraph = { type: 'paragraph', children: inlinesOf(part.elements) };
  return part.type === 'rich_text_quote' ? { type: 'quote', children: [paragraph] } : paragraph;
}

function listOf(part: JsonObject): Paragraph {
  const indent = Math.min(3, asNumber(part.indent) ?? 0);
  return {
    type: 'list',
    isOrdered: part.style === 'ordered',
    start: (asNumber(part.offset) ?? 0) + 1,
    items: asObjects(part.elements).map((item) => ({
      indent,
      children: inlinesOf(item.elements),
      isDone: typeof item.checked === 'boolean' ? item.checked : null,
    })),
  };
}

function inlinesOf(elements: Json | undefined): Inline[] {
  return joinTexts(
    asObjects(elements).flatMap((element) => {
      const nodes = leaves[asText(element.type)]?.(element) ?? [{ type: 'text', text: asText(element.text) }];
      return withStyle(nodes, asObject(element.style));
    }),
  );
}

const leaves: Record<string, (element: JsonObject) => Inline[]> = {
  text: (element) => textLines(asText(element.text)),
  link: (element) => [linkOf(element)],
  user: (element) => [{ type: 'user', id: asText(element.user_id), label: '' }],
  channel: (element) => [{ type: 'channel', id: asText(element.channel_id), label: '' }],
  usergroup: (element) => [{ type: 'group', id: asText(element.usergroup_id), label: '' }],
  team: (element) => [{ type: 'group', id: asText(element.team_id), label: '' }],
  broadcast: (element) => [{ type: 'broadcast', range: asText(element.range) }],
  color: (element) => [{ type: 'code', text: asText(element.value) }],
  emoji: (element) => [emojiOf(element)],
  date: (element) => [
    {
      type: 'date',
      timestamp: asNumber(element.timestamp) ?? 0,
      format: asText(element.format),
      href: asText(element.url),
      fallback: asText(element.fallback),
    },
  ],
};

function textLines(text: string): Inline[] {
  return text
    .split('\n')
    .flatMap((line, index): Inline[] => [
      ...(index > 0 ? [{ type: 'break' } as const] : []),
      { type: 'text', text: line },
    ]);
}

function linkOf(element: JsonObject): Inline {
  const words: Inline = { type: 'text', text: asText(element.text) || asText(element.url) };
  const href = safeHref(asText(element.url));
  return href ? { type: 'link', href, children: [words] } : words;
}

function emojiOf(element: JsonObject): Inline {
  const name = asText(element.name);
  const codePoints = asText(element.unicode)
    .split('-')
    .map((part) => Number.parseInt(part, 16));
  if (isEmojiName(name) || codePoints.some((point) => !(point > 0 && point < 0x110000)))
    return { type: 'emoji', name };
  return { type: 'text', text: String.fromCodePoint(...codePoints) };
}

function withStyle(nodes: Inline[], style: JsonObject | null): Inline[] {
  if (!style) return nodes;
  const coded: Inline[] = style.code === true ? [{ type: 'code', text: wordsOfInline(nodes) }] : nodes;
  return (['bold', 'italic', 'strike'] as const)
    .filter((type) => style[type] === true)
    .reduce<Inline[]>((children, type) => [{ type, children }], coded);
}
