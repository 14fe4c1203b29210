export type Element = {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
};

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z][\w.-]*)((?:\s+[\w:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/g;

/** The elements of a TwiML document, whose root must be `<Response>`. Throws what Twilio reports as 12100. */
export function parseTwiml(xml: string): Element {
  const holder: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [holder];
  let read = 0;
  for (const token of xml.matchAll(TOKEN)) {
    if (token.index !== read) break;
    read += token[0].length;
    const text = token[1] ?? (token[6] === undefined ? undefined : decode(token[6]));
    if (text !== undefined) addText(open, text);
    else if (token[3]) readTag(open, token[3], token[2] === '/', token[5] === '/', token[4] ?? '');
  }
  const [root, ...others] = holder.children;
  if (read !== xml.length || open.length > 1) throw new Error('12100: document parse failure');
  if (root?.name !== 'Response' || others.length > 0) throw new Error('12100: the root must be <Response>');
  return root;
}

function readTag(open: Element[], name: string, isEnd: boolean, isEmpty: boolean, source: string): void {
  if (isEnd) {
    const element = open.length > 1 ? open.pop() : undefined;
    if (element?.name !== name) throw new Error(`12100: unexpected </${name}>`);
    return;
  }
  const element: Element = { name, attributes: attributesIn(source), children: [], text: '' };
  open.at(-1)?.children.push(element);
  if (!isEmpty) open.push(element);
}

function addText(open: Element[], text: string): void {
  const element = open.at(-1);
  if (open.length > 1 && element) element.text += text;
  else if (text.replace('\uFEFF', '').trim() !== '') throw new Error('12100: text outside the document');
}

function attributesIn(source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', double, single] of source.matchAll(/([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (name in attributes) throw new Error(`12100: ${name} stands twice`);
    attributes[name] = decode(double ?? single ?? '');
  }
  return attributes;
}

function decode(text: string): string {
  return text.replace(/&([^;\s]*;?)/g, (whole, reference: string) => {
    const name = reference.slice(0, -1);
    const known = reference.endsWith(';') ? (ENTITIES.get(name) ?? codePoint(name)) : null;
    if (known === null) throw new Error(`12100: ${whole} is no entity`);
    return known;
  });
}

function codePoint(name: string): string | null {
  const match = /^#(?:x([0-9a-fA-F]+)|(\d+))$/.exec(name);
  if (!match) return null;
  const code = match[1] ? Number.parseInt(match[1], 16) : Number.parseInt(match[2] ?? '', 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null;
}
