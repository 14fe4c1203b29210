import { readRange } from '#domain/do-not-call.ts';
import { toE164 } from '#domain/phone.ts';
import { FileRefused } from './file-problems.ts';
import type { FileSample } from './file-sample.ts';
import { suggestMapping } from './mapping.ts';

/** What one row of a list of numbers says. */
export type ListedNumber =
  | { kind: 'number'; phoneNumber: string }
  | { kind: 'range'; prefix: string }
  | { kind: 'blank' }
  | { kind: 'invalid' };

/** Reads the rows of a list of numbers. `hasHeader` is as the file is read, where its first row was taken for a header. */
export type NumberList = { hasHeader: boolean; read(cells: readonly string[] | null): ListedNumber };

/**
 * Understands a file of nothing but numbers from its first rows: a column of them under any name or none, or area code and
 * number in two columns, as the national do-not-call list of the US is handed out (telemarketing.donotcall.gov). Throws
 * `FileRefused` where no column holds numbers.
 */
export function readNumberList(sample: FileSample, defaultCountry: string): NumberList {
  const { headers, rows, format } = sample;
  const startsWithData = format.kind === 'csv' && isData(headers);
  const hasHeader = format.kind === 'csv' && format.hasHeader && !startsWithData;
  const all = startsWithData ? [headers, ...rows] : rows;
  if (all.length > 0 && all.every(isSplit)) {
    const whole = ([area = '', number = '']: readonly string[]) => `+1${area.trim()}${number.trim()}`;
    return { hasHeader, read: (cells) => readCell(cells && whole(cells), 'US') };
  }
  const index = numberColumn(headers, all, defaultCountry);
  return { hasHeader, read: (cells) => readCell(cells && (cells[index] ?? ''), defaultCountry) };
}

function isData(firstRow: readonly string[]): boolean {
  return isSplit(firstRow) || firstRow.some((cell) => isRange(cell));
}

function isSplit(cells: readonly string[]): boolean {
  const [area = '', number = ''] = cells;
  return cells.length === 2 && /^\s*\d{3}\s*$/.test(area) && /^\s*\d{7}\s*$/.test(number);
}

function isRange(cell: string): boolean {
  const range = readRange(cell);
  return range !== null && 'prefix' in range;
}

function numberColumn(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
  defaultCountry: string,
): number {
  const plain = rows.map((row) => row.map((cell) => (isRange(cell) ? '' : cell)));
  const named = suggestMapping(headers, plain, defaultCountry).find(
    ({ target }) => target === 'phone_number',
  );
  if (named) return named.index;
  if (headers.length === 1 && rows.some(([cell = '']) => isRange(cell))) return 0;
  throw new FileRefused('no_phone_column');
}

function readCell(cell: string | null, defaultCountry: string): ListedNumber {
  if (cell === null) return { kind: 'invalid' };
  if (cell.trim() === '') return { kind: 'blank' };
  const phone = toE164(cell, defaultCountry);
  if (phone.ok) return { kind: 'number', phoneNumber: phone.phoneNumber };
  const range = readRange(cell);
  return range !== null && 'prefix' in range ? { kind: 'range', prefix: range.prefix } : { kind: 'invalid' };
}
