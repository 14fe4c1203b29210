/**
 * A cell as a person meant it: without what spreadsheets, address books and word processors leave around a number
 * (`="+1555…"`, a leading apostrophe, quotes, direction marks, zero-width and non-breaking spaces, digits and dashes
 * of other scripts).
 */
export function plainText(cell: string): string {
  const text = cell
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(/\p{Nd}/gu, asciiDigit)
    .replace(DASHES, '-')
    .replace(/\s*[\n\r]\s*/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .trim();
  return unwrap(text);
}

/** `4.47E+11`, `4,47e11`: what a spreadsheet makes of a long number. Its last digits are gone. */
export function isScientific(text: string): boolean {
  return /^[+-]?\d+(?:[.,]\d+)?e\+?\d{1,2}$/i.test(text);
}

/** Takes off what a spreadsheet adds to a number it believes in: `15551234567.0`, `5,551,234,567`. */
export function withoutNumberFormat(text: string): string {
  if (/^\+?\d{7,15}[.,]0{1,2}$/.test(text)) return text.slice(0, text.search(/[.,]/));
  return /^\+?\d{1,3}(?:,\d{3}){2,4}$/.test(text) ? text.replaceAll(',', '') : text;
}

/** Whether this is a number written with letters, as `1-800-FLOWERS` is; blanked digits (`212-XXX-4253`) are not. */
export function isSpelled(text: string): boolean {
  if (!/^\+?(?:1[ .-]*)?\(?\d{3}\)?[\dA-Z ./-]*$/i.test(text)) return false;
  const signs = text.replace(/[^\dA-Z]/gi, '').length;
  return /[A-Z]{2}/i.test(text) && !/X{2}/i.test(text) && signs >= 7 && signs <= 15;
}

/** The ways in which a cell may hold several numbers, each as the pieces it would split into. */
export function splitNumbers(text: string): string[][] {
  return SEPARATORS.map((separator) =>
    text
      .split(separator)
      .map((piece) => piece.trim())
      .filter((piece) => piece !== ''),
  ).filter((pieces) => pieces.length > 1);
}

/** `0044…`, `+0044…` and `++44…` with the one `+` that they mean; any other text unchanged. */
export function withPlus(text: string): string {
  return text.replace(/^[( ]*(?:\+ *)*00[) ]*|^\+(?: *\+)+/, '+');
}

/** How many digits a text holds. */
export function countDigits(text: string): number {
  return text.replace(/\D/g, '').length;
}

// Soft hyphen, zero-width characters, direction marks and isolates, word joiners, byte order mark.
const INVISIBLE = /[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/g;
const DASHES = /[\u2010-\u2015\u2043\u2212\u30FC]/g;
const SEPARATORS = [
  /[;|\n]+/,
  /,+/,
  / \/ /,
  /\//,
  / +(?:or|and|oder|und|ou|et|o|y|e|of|en|&) +/i,
  / (?=\+|00)/,
  / (?=\()/,
  / /,
];
function unwrap(text: string): string {
  const formula = /^=\s*"?([^"]*)"?$/.exec(text);
  const inner = (formula?.[1] ?? text).replace(/^["'`´‘’“”]+|["'`´‘’“”]+$/g, '').trim();
  return inner === text ? text : unwrap(inner);
}

/** Unicode keeps the ten digits of every script in a row, starting at a code point that ends in 0 or 6. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  const row = code & ~0xf;
  const startsAtZero = code - row < 10 && /\p{Nd}/u.test(String.fromCodePoint(row));
  return String(code - row - (startsAtZero ? 0 : 6));
}
