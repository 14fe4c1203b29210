/**
 * A header in one spelling: lower case, without accents, words joined by `_`. "Appointment Date", "appointmentDate" and
 * "APPOINTMENT-DATE" are all `appointment_date`; "Téléphone" is `telephone`. Letters of other scripts are kept. At most 60
 * code units long, and cut neither behind a `_` nor in the middle of a character.
 */
export function foldHeader(header: string): string {
  return folded(header)
    .slice(0, LONGEST_FOLDED)
    .replace(/[_\uD800-\uDBFF]+$/, '');
}

function folded(header: string): string {
  return header
    .normalize('NFKD')
    .replace(/[\u0300-\u036F]/g, '')
    .normalize('NFC')
    .replace(/ß/g, 'ss')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
}

/**
 * The name under which templates see a column. Names that a template could not say (a digit in front, a word of the
 * template language) or that mean something to JavaScript's objects get `column_` in front; blank headers a number.
 */
export function variableName(header: string, position: number): string {
  const name = foldHeader(header);
  if (name === '') return `column_${position + 1}`;
  return isSayable(name) ? name : `column_${name}`;
}

/** Whether a header is one that only an attack on programs bears. */
export function isUnsafeHeader(header: string): boolean {
  return header.trim() === '__proto__';
}

/** The header that a column gets when the file has none. */
export function columnHeader(position: number): string {
  return `Column ${position + 1}`;
}

/** The first free name in a row: `company`, `company_2`, `company_3`. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}_${number}`)) number += 1;
  return `${name}_${number}`;
}

/** Whether a name can be a template variable: one that a person typed, or one of ours with what tells it from others. */
export function isVariableName(name: string): boolean {
  return name !== '' && name.length <= LONGEST_NAME && folded(name) === name && isSayable(name);
}

function isSayable(name: string): boolean {
  return !/^\d/.test(name) && !UNSAYABLE.has(name);
}

/**
 * One short text for a row of headers, under which a confirmed mapping is remembered. The same headers in the same
 * order give the same fingerprint, whatever their case, accents and punctuation.
 */
export function headerFingerprint(headers: readonly string[]): string {
  const text = headers.map(foldHeader).join('\u001f');
  // Two independent 32-bit hashes (FNV-1a and its mirror): a clash would only offer a wrong suggestion.
  let forward = 0x811c9dc5;
  let backward = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    forward = Math.imul(forward ^ text.charCodeAt(index), 0x01000193) >>> 0;
    backward = Math.imul(backward ^ text.charCodeAt(text.length - 1 - index), 0x01000193) >>> 0;
  }
  return `${headers.length}-${forward.toString(16).padStart(8, '0')}${backward.toString(16).padStart(8, '0')}`;
}

const LONGEST_FOLDED = 60;
// `column_` in front and a number behind.
const LONGEST_NAME = 80;
const UNSAYABLE = new Set([
  ...[
    'and',
    'or',
    'not',
    'in',
    'is',
    'if',
    'else',
    'elif',
    'elseif',
    'endif',
    'for',
    'endfor',
    'set',
    'block',
  ],
  ...[
    'true',
    'false',
    'none',
    'null',
    'undefined',
    'loop',
    'self',
    'super',
    'caller',
    'range',
    'cycler',
    'joiner',
  ],
  ...['proto', 'constructor', 'prototype', 'arguments', 'eval'],
]);
