/** One text that a webhook's answer asks for; the addresses default to the conversation's. */
export type ReplyInstruction = {
  body: string;
  to: string | null;
  from: string | null;
  statusCallback: string | null;
};

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z]+)((?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/g;

/**
 * The texts in `<Response><Message>…</Message></Response>`, or a plain text answer, which the carrier sends as it is.
 * Throws when the answer is not TwiML, as Twilio reports 12100 and 12300.
 */
export function repliesIn(contentType: string, answer: string): ReplyInstruction[] {
  if (answer.trim() === '') return [];
  if (contentType.startsWith('text/plain'))
    return [{ body: answer, to: null, from: null, statusCallback: null }];
  if (!/^(text|application)\/xml|^text\/html/.test(contentType))
    throw new Error(`12300: content type ${contentType}`);
  return readMessages(answer);
}

type Element = { name: string; attributes: Record<string, string>; text: string };

function readMessages(xml: string): ReplyInstruction[] {
  const open: Element[] = [];
  const replies: ReplyInstruction[] = [];
  let read = 0;
  for (const token of xml.matchAll(TOKEN)) {
    if (token.index !== read) break;
    read += token[0].length;
    const text = token[1] ?? (token[6] === undefined ? undefined : decode(token[6]));
    if (text !== undefined) addText(open, text);
    else if (token[3])
      readTag(open, replies, {
        name: token[3],
        isEnd: token[2] === '/',
        isEmpty: token[5] === '/',
        attributes: token[4] ?? '',
      });
  }
  if (read !== xml.length || open.length > 0) throw new Error('12100: document parse failure');
  return replies;
}

function readTag(
  open: Element[],
  replies: ReplyInstruction[],
  tag: { name: string; isEnd: boolean; isEmpty: boolean; attributes: string },
): void {
  if (!tag.isEnd) {
    if (open.length === 0 && tag.name !== 'Response') throw new Error('12100: the root must be <Response>');
    open.push({ name: tag.name, attributes: attributesIn(tag.attributes), text: '' });
  }
  if (!tag.isEnd && !tag.isEmpty) return;
  const element = open.pop();
  if (element?.name !== tag.name) throw new Error(`12100: unexpected </${tag.name}>`);
  const parent = open.at(-1);
  if (element.name === 'Body' && parent?.name === 'Message') parent.text += element.text;
  if (element.name === 'Message' && parent?.name === 'Response') replies.push(instructionOf(element));
}

function instructionOf({ attributes, text }: Element): ReplyInstruction {
  return {
    body: text.trim(),
    to: attributes.to ?? null,
    from: attributes.from ?? null,
    statusCallback: attributes.statusCallback ?? attributes.action ?? null,
  };
}

function addText(open: Element[], text: string): void {
  const element = open.at(-1);
  if (element) element.text += text;
  else if (text.trim() !== '') throw new Error('12100: text outside the document');
}

function attributesIn(source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', double, single] of source.matchAll(/([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    attributes[name] = decode(double ?? single ?? '');
  }
  return attributes;
}

function decode(text: string): string {
  return text.replace(/&(#x?[0-9a-fA-F]+|[a-z]+);/g, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES.get(name) ?? whole;
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
