import { isUnsafeHeader } from './columns.ts';
import { FILE_LIMITS, FileRefused } from './file-problems.ts';

/** The columns of a JSON file, which grow as contacts bring new keys. */
export type JsonColumns = {
  headers: readonly string[];
  /** The cells of one contact in the order of `headers`, or null when the text is not an object. */
  rowOf(contact: string): string[] | null;
};

/**
 * Reads contacts as rows (campaign-api.md §7.3): every key is a column, and so is every key of a nested `variables`
 * map. One key that contacts write in different ways, `phone_number` and `phoneNumber`, is one column, unless a contact
 * has both. Throws `FileRefused` when the contacts bring more keys than a file may have columns, or one that
 * no honest file has.
 */
export function createJsonColumns(known: readonly string[] = []): JsonColumns {
  const headers = [...known];
  const positions = new Map(headers.map((header, position) => [header, position]));
  const spellings = new Map<string, number>();
  const spell = (key: string, position: number) => {
    const spelling = spellingOf(key);
    if (!spellings.has(spelling)) spellings.set(spelling, position);
  };
  headers.forEach(spell);
  const positionOf = (field: string, hasTwice: (spelling: string) => boolean): number => {
    const key = storable(field);
    const own = positions.get(key);
    if (own !== undefined) return own;
    if (isUnsafeHeader(key)) throw new FileRefused('unsafe_column');
    const spelling = spellingOf(key);
    const alike = hasTwice(spelling) ? undefined : spellings.get(spelling);
    if (alike !== undefined) return alike;
    if (headers.length >= FILE_LIMITS.columns) throw new FileRefused('too_many_columns');
    positions.set(key, headers.length);
    spell(key, headers.length);
    return headers.push(key) - 1;
  };
  return {
    headers,
    rowOf(contact) {
      const parsed = parse(contact);
      if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
      const row: string[] = [];
      const fields = fieldsOf(parsed);
      const hasTwice = twiceIn(fields);
      for (const [key, value] of fields) {
        const position = positionOf(key, hasTwice);
        while (row.length <= position) row.push('');
        if (row[position] === '') row[position] = cellOf(value);
      }
      return row;
    },
  };
}

/** What is left of a key without case and what joins its words. */
function spellingOf(key: string): string {
  return key.replace(/[_\-\s]/g, '').toLowerCase();
}

/** Whether a contact has several keys of one spelling; counted when it is asked for the first time. */
function twiceIn(fields: [string, unknown][]): (spelling: string) => boolean {
  let counted: Map<string, number> | null = null;
  return (spelling) => {
    counted ??= countSpellings(fields);
    return (counted.get(spelling) ?? 0) > 1;
  };
}

function countSpellings(fields: [string, unknown][]): Map<string, number> {
  const counted = new Map<string, number>();
  for (const key of new Set(fields.map(([name]) => name))) {
    const spelling = spellingOf(key);
    counted.set(spelling, (counted.get(spelling) ?? 0) + 1);
  }
  return counted;
}

// Maps inside a contact whose keys are variables: the reference's own, and how it answers a contact (campaign-api.md §2.3).
const NESTED = new Set(['variables', 'variable_values', 'variableValues', 'contact_data', 'custom_fields']);
// A number that JavaScript would round or rewrite: written with an exponent, or with more digits than it keeps.
const FRAGILE_NUMBER = /[:[,\s]-?(?:\d+(?:\.\d+)?[eE][+-]?\d+|[\d.]{16,})/;

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

function parse(contact: string): unknown {
  try {
    if (!FRAGILE_NUMBER.test(contact)) return JSON.parse(contact);
    const asWritten: Reviver = (_key, value, { source }) =>
      typeof value === 'number' && source !== undefined ? source : value;
    return JSON.parse(contact, asWritten as Parameters<typeof JSON.parse>[1]);
  } catch {
    return undefined;
  }
}

/** A contact's own fields first: a nested map never overrides them. */
function fieldsOf(contact: object): [string, unknown][] {
  const entries = Object.entries(contact);
  const own = entries.filter(([key, value]) => !isNested(key, value));
  const nested = entries.filter(([key, value]) => isNested(key, value));
  return [...own, ...nested.flatMap(([, value]) => fieldsOf(value as object))];
}

function isNested(key: string, value: unknown): boolean {
  return NESTED.has(key) && typeof value === 'object' && value !== null && !Array.isArray(value);
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return storable(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** JSON may spell out what no database stores: NUL characters, and halves of characters. */
function storable(text: string): string {
  if (text.includes('\0')) throw new FileRefused('nul_bytes');
  return text.toWellFormed();
}
