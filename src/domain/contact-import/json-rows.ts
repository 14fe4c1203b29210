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
 * map. Throws `FileRefused` when the contacts bring more keys than a file may have columns, or one that
 * no honest file has.
 */
export function createJsonColumns(known: readonly string[] = []): JsonColumns {
  const headers = [...known];
  const positions = new Map(headers.map((header, position) => [header, position]));
  const positionOf = (field: string): number => {
    const key = storable(field);
    const position = positions.get(key) ?? headers.length;
    if (position < headers.length) return position;
    if (headers.length >= FILE_LIMITS.columns) throw new FileRefused('too_many_columns');
    if (isUnsafeHeader(key)) throw new FileRefused('unsafe_column');
    positions.set(key, position);
    headers.push(key);
    return position;
  };
  return {
    headers,
    rowOf(contact) {
      const parsed = parse(contact);
      if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
      const row: string[] = [];
      for (const [key, value] of fieldsOf(parsed)) {
        const position = positionOf(key);
        while (row.length <= position) row.push('');
        if (row[position] === '') row[position] = cellOf(value);
      }
      return row;
    },
  };
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
