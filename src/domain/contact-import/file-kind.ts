import type { FileProblem } from './file-problems.ts';

/** What the first bytes betray about a file that is no list at all, or null. */
export function foreignBytes(head: Uint8Array): FileProblem | null {
  if (head.length === 0) return 'empty';
  for (const [bytes, problem] of SIGNATURES) if (startsWith(head, bytes)) return problem;
  return startsWith(head, ascii('PK\x03\x04')) ? archived(head) : null;
}

/** What the first characters betray about a text that is no list of contacts, or null. */
export function foreignText(text: string): FileProblem | null {
  const start = text.slice(0, 2000).trimStart().toLowerCase();
  if (start === '') return 'empty';
  if (start.startsWith('begin:vcard')) return 'vcard';
  if (/^<(?:!doctype html|html|head|body|script|style|table|title|meta|div|p>|!--)/.test(start))
    return 'html';
  if (/^<(?:\?xml|[a-z][\w:-]*[\s>])/.test(start)) return /<html[\s>]/.test(start) ? 'html' : 'xml';
  const noise = [...start].filter((character) => CONTROL.test(character)).length;
  return noise > start.length * 0.02 ? 'binary' : null;
}

/** Whether a text begins like JSON; a CSV whose first header stands in brackets does not. */
export function looksLikeJson(text: string): boolean {
  const start = text.trimStart();
  return /^\[\s*(?:\{|\[|"|-?\d|\]\s*$|$)/.test(start) || /^\{\s*(?:"|\}|$)/.test(start);
}

function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells a binary file from text.
const CONTROL = /[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f]/;
const SIGNATURES: [number[], FileProblem][] = [
  [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], 'excel_workbook'],
  [ascii('%PDF-'), 'pdf'],
  [ascii('{\\rtf'), 'document'],
  [[0x1f, 0x8b], 'archive'],
  [ascii('7z\xbc\xaf'), 'archive'],
  [ascii('Rar!'), 'archive'],
  [[0x89, ...ascii('PNG')], 'image'],
  [[0xff, 0xd8, 0xff], 'image'],
  [ascii('GIF8'), 'image'],
];
// Names of members near the start of a zip that say which program wrote it.
const ZIP_MEMBERS: [string, FileProblem][] = [
  ['xl/', 'excel_workbook'],
  ['opendocument.spreadsheet', 'spreadsheet_document'],
  ['Index/', 'spreadsheet_document'],
  ['word/', 'document'],
  ['opendocument.text', 'document'],
  // Excel writes the list of parts first; its folders may lie beyond the bytes we saw.
  ['[Content_Types].xml', 'excel_workbook'],
];

function startsWith(head: Uint8Array, bytes: number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

function archived(head: Uint8Array): FileProblem {
  const names = new TextDecoder('windows-1252').decode(head);
  return ZIP_MEMBERS.find(([member]) => names.includes(member))?.[1] ?? 'archive';
}
