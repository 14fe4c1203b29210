import { toE164 } from '#domain/phone.ts';
import { columnHeader, isUnsafeHeader } from './columns.ts';
import { type CsvDialect, detectDialect, firstRows } from './csv-dialect.ts';
import { createTextReader, type Decoding, detectEncoding } from './encoding.ts';
import { foreignBytes, foreignText, looksLikeJson } from './file-kind.ts';
import { FILE_LIMITS, FileRefused } from './file-problems.ts';
import { HEADER_ALIASES } from './header-aliases.ts';
import { createJsonColumns } from './json-rows.ts';
import { createJsonSplitter, type JsonShape, jsonShape } from './json-splitter.ts';
import { isEmail } from './mapping.ts';

/** How the bytes of a file become rows. */
export type FileFormat =
  | ({ kind: 'csv'; hasHeader: boolean } & CsvDialect)
  | { kind: 'json'; shape: JsonShape };

/** What the first bytes of a file tell: how to read it, its columns and its first rows. */
export type FileSample = { decoding: Decoding; format: FileFormat; headers: string[]; rows: string[][] };

/** How many bytes are enough to understand a file. */
export const HEAD_BYTES = 256 * 1024;

/** The first bytes of a file, and whether there are no more. */
export type FileBeginning = { bytes: Uint8Array; isWhole: boolean };

/**
 * Understands a file from its first `HEAD_BYTES`, however many more were read, so that it is understood the same each
 * time. Throws `FileRefused` with a sentence for anything that is not a list of contacts.
 */
export function readSample(beginning: FileBeginning, defaultCountry: string): FileSample {
  const head = beginning.bytes.subarray(0, HEAD_BYTES);
  const isWhole = beginning.isWhole && head.length === beginning.bytes.length;
  const foreign = foreignBytes(head);
  if (foreign) throw new FileRefused(foreign);
  const decoding = detectEncoding(head, isWhole);
  const reader = createTextReader(decoding);
  const text = reader.write(head) + (isWhole ? reader.end() : '');
  const alien = foreignText(text);
  if (alien) throw new FileRefused(alien);
  const sample = looksLikeJson(text) ? sampleJson(text, isWhole) : sampleCsv(text, isWhole, defaultCountry);
  if (sample.headers.length > FILE_LIMITS.columns) throw new FileRefused('too_many_columns');
  if (sample.headers.some(isUnsafeHeader)) throw new FileRefused('unsafe_column');
  return { decoding, ...sample };
}

const SAMPLE_ROWS = 50;
const PHONE_HEADERS = new Set<string>(HEADER_ALIASES.phone_number);

function sampleCsv(text: string, isWhole: boolean, defaultCountry: string): Omit<FileSample, 'decoding'> {
  const dialect = detectDialect(text);
  const rows = firstRows(text, dialect, isWhole)
    .map(({ cells }) => cells)
    .filter((cells) => cells.some((cell) => cell.trim() !== ''));
  const [first] = rows;
  if (!first) throw new FileRefused(isWhole ? 'empty' : 'row_too_large');
  const hasHeader = !holdsData(first, defaultCountry);
  const format = { kind: 'csv', hasHeader, ...dialect } as const;
  if (!hasHeader) {
    const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
    return {
      format,
      headers: Array.from({ length: width }, (_, index) => columnHeader(index)),
      rows: rows.slice(0, SAMPLE_ROWS),
    };
  }
  if (isWhole && rows.length < 2) throw new FileRefused(onlyRowProblem(first));
  return { format, headers: first.map((header) => header.trim()), rows: rows.slice(1, SAMPLE_ROWS + 1) };
}

/** Whether a first row is already a contact: headers are neither phone numbers nor e-mail addresses. */
function holdsData(row: readonly string[], defaultCountry: string): boolean {
  return row.some(
    (cell) => isEmail(cell) || (/(?:\d\D{0,3}){7}/.test(cell) && toE164(cell, defaultCountry).ok),
  );
}

/** A text of one line is a header when it names the number, and anything else otherwise. */
function onlyRowProblem(row: readonly string[]) {
  const isHeader = row.length > 1 || PHONE_HEADERS.has(row[0]?.trim().toLowerCase() ?? '');
  return isHeader ? 'header_only' : 'no_phone_column';
}

function sampleJson(text: string, isWhole: boolean): Omit<FileSample, 'decoding'> {
  const shape = jsonShape(text);
  const splitter = createJsonSplitter(shape);
  const elements = splitter.write(text);
  if (isWhole) elements.push(...splitter.end());
  if (elements.length === 0) throw new FileRefused(isWhole ? 'empty' : 'row_too_large');
  const columns = createJsonColumns();
  const rows = elements.slice(0, SAMPLE_ROWS).flatMap((element) => {
    const row = columns.rowOf(element.text);
    return row ? [row] : [];
  });
  if (rows.length === 0) throw new FileRefused('json_no_list');
  return { format: { kind: 'json', shape }, headers: [...columns.headers], rows };
}
