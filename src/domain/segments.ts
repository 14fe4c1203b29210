/**
 * How a text travels: its alphabet, its length and the segments it is billed as. `characters` counts UTF-16 code units,
 * as the provider's limit does. `firstNonGsm` names the character that forced UCS-2, with a GSM-7 replacement when
 * there is one (an empty suggestion means: leave it out); `index` is its place in the text.
 */
export type TextMeasure = {
  encoding: 'GSM-7' | 'UCS-2';
  characters: number;
  segments: number;
  firstNonGsm?: { char: string; index: number; suggestion?: string };
};

/** The longest text a provider takes (telephony.md §3), in UTF-16 code units. */
export const MAX_TEXT_CHARACTERS = 1600;

/**
 * Measures a text as carriers do (3GPP TS 23.038, telephony.md §3). GSM-7: 160 septets alone, 153 per part of several,
 * extension characters are an escape and a letter; UCS-2: 70 and 67 code units. Neither an escape nor a surrogate pair
 * is ever split over two parts, so a part may end one unit early.
 */
export function measureText(text: string): TextMeasure {
  const firstNonGsm = findFirstNonGsm(text);
  const gsm = firstNonGsm === undefined;
  const limits = gsm ? GSM_LIMITS : UCS2_LIMITS;
  const sizes = Array.from(text, gsm ? septetsOf : codeUnitsOf);
  const measure: TextMeasure = {
    encoding: gsm ? 'GSM-7' : 'UCS-2',
    characters: text.length,
    segments: countSegments(sizes, limits),
  };
  return firstNonGsm === undefined ? measure : { ...measure, firstNonGsm };
}

/** Why a text cannot be sent at all, as a sentence: it is empty or too long. Null when it can. */
export function refuseText(text: string): string | null {
  if (text.trim() === '') return 'The text is empty. Write at least one word.';
  if (text.length <= MAX_TEXT_CHARACTERS) return null;
  const excess = text.length - MAX_TEXT_CHARACTERS;
  return `The text has ${text.length} characters, ${MAX_TEXT_CHARACTERS} are allowed. Shorten it by ${excess}.`;
}

/** The same text with every character that has a GSM-7 replacement replaced; others stay and keep it in UCS-2. */
export function replaceWithGsm(text: string): string {
  return Array.from(text.normalize('NFC'), (char) =>
    isGsm(char) ? char : (suggestReplacement(char) ?? char),
  ).join('');
}

type Limits = { alone: number; perPart: number };
const GSM_LIMITS: Limits = { alone: 160, perPart: 153 };
const UCS2_LIMITS: Limits = { alone: 70, perPart: 67 };

const GSM_BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const GSM_EXTENSION = new Set('\f^{}\\[~]|€');

const REPLACEMENTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "'": '‘’‚‛′´`ʻʼ‹›',
    '"': '“”„‟″«»',
    '-': '‐‑‒–—―−•‧∙',
    '.': '·',
    ' ': '\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000',
    '': '\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f',
    x: '×',
    '/': '⁄÷',
  }).flatMap(([replacement, chars]) => Array.from(chars, (char): [string, string] => [char, replacement])),
);
const LONGER_REPLACEMENTS: ReadonlyMap<string, string> = new Map([
  ['…', '...'],
  ['™', '(TM)'],
  ['®', '(R)'],
  ['©', '(C)'],
  ['→', '->'],
  ['←', '<-'],
  ['œ', 'oe'],
  ['Œ', 'OE'],
]);

function countSegments(sizes: readonly number[], limits: Limits): number {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === 0) return 0;
  if (total <= limits.alone) return 1;
  let parts = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > limits.perPart) {
      parts += 1;
      used = 0;
    }
    used += size;
  }
  return parts;
}

function isGsm(char: string): boolean {
  return GSM_BASIC.has(char) || GSM_EXTENSION.has(char);
}

function septetsOf(char: string): number {
  return GSM_EXTENSION.has(char) ? 2 : 1;
}

function codeUnitsOf(char: string): number {
  return char.length;
}

function findFirstNonGsm(text: string): TextMeasure['firstNonGsm'] {
  let index = 0;
  let before = '';
  for (const char of text) {
    if (!isGsm(char)) return describeNonGsm(before, char, index);
    index += char.length;
    before = char;
  }
  return undefined;
}

/** A letter and its accent may be two characters (`e` + U+0301); together they are what a person sees. */
function describeNonGsm(before: string, char: string, index: number): TextMeasure['firstNonGsm'] {
  const seen = (before + char).normalize('NFC');
  const composed = /\p{M}/u.test(char) && Array.from(seen).length === 1;
  const [shown, at] = composed ? [seen, index - before.length] : [char, index];
  const suggestion = suggestReplacement(shown);
  return suggestion === undefined ? { char: shown, index: at } : { char: shown, index: at, suggestion };
}

function suggestReplacement(char: string): string | undefined {
  if (isGsm(char)) return char;
  const listed = REPLACEMENTS.get(char) ?? LONGER_REPLACEMENTS.get(char);
  if (listed !== undefined) return listed;
  const plain = char.normalize('NFKD').replace(/\p{M}/gu, '');
  return plain !== '' && Array.from(plain).every(isGsm) ? plain : undefined;
}
