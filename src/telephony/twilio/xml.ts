export type Attributes = Record<string, string | number | boolean | null>;

/** An element of a document, children and all, as text that is safe whatever people wrote into it. */
export type Element = { readonly xml: string };

/** Attributes that are null are left out; children are elements, or text. */
export function element(
  name: string,
  attributes: Attributes,
  children: readonly (Element | string)[] = [],
): Element {
  const opening = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([attribute, value]) => ` ${attribute}="${escapeAttribute(String(value))}"`);
  const content = children
    .map((child) => (typeof child === 'string' ? escapeText(child) : child.xml))
    .join('');
  const tag = name + opening.join('');
  return { xml: content === '' ? `<${tag}/>` : `<${tag}>${content}</${name}>` };
}

/** The whole document. */
export function xmlDocument(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${root.xml}`;
}

/** What XML 1.0 cannot hold at all, not even escaped: one such character would void the whole document. */
const ILLEGAL = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

function escapeText(text: string): string {
  return text.replace(ILLEGAL, '').replace(/[&<>\r]/g, (character) => ENTITIES[character] ?? '');
}

function escapeAttribute(text: string): string {
  return text.replace(ILLEGAL, '').replace(/[&<"\t\n\r]/g, (character) => ENTITIES[character] ?? '');
}
