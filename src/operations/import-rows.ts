import { type Parser, parse } from 'csv-parse';
import { type CsvDialect, csvOptions, linesOf, refusalOf } from '#domain/contact-import/csv-dialect.ts';
import { createTextReader, type TextReader } from '#domain/contact-import/encoding.ts';
import type { FileSample } from '#domain/contact-import/file-sample.ts';
import { createJsonColumns } from '#domain/contact-import/json-rows.ts';
import {
  createJsonSplitter,
  type JsonElement,
  type JsonShape,
} from '#domain/contact-import/json-splitter.ts';

/**
 * A row as it stands in the file. `line` is the physical line where it starts, or its place in a JSON list. `cells` is
 * null for a JSON entry that is not an object.
 */
export type SourceRow = { line: number; cells: string[] | null };

/** The rows that one piece of the file completed, and the columns that it brought for the first time. */
export type RowBatch = { rows: SourceRow[]; newColumns: string[] };

/** Cuts a file into rows as its bytes arrive. Throws `FileRefused` where the file cannot be read any further. */
export function readRows(bytes: AsyncIterable<Uint8Array>, sample: FileSample): AsyncGenerator<RowBatch> {
  const reader = createTextReader(sample.decoding);
  return sample.format.kind === 'csv'
    ? readCsv(bytes, reader, sample.format, sample.format.hasHeader)
    : readJson(bytes, reader, sample.format.shape, sample.headers);
}

async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  reader: TextReader,
  dialect: CsvDialect,
  hasHeader: boolean,
): AsyncGenerator<RowBatch> {
  const parser = parse(csvOptions(dialect.delimiter));
  const records: string[][] = [];
  parser.on('data', (record: string[]) => records.push(record));
  let line = 1 + dialect.skippedLines;
  let isHeaderAhead = hasHeader;
  let toSkip = dialect.skippedLines;

  const number = (): SourceRow[] => {
    const rows: SourceRow[] = [];
    for (const cells of records.splice(0)) {
      const isBlank = isHeaderAhead && cells.every((cell) => cell.trim() === '');
      if (isHeaderAhead && !isBlank) isHeaderAhead = false;
      else rows.push({ line, cells });
      line += linesOf(cells);
    }
    return rows;
  };
  const parsed = async (work: Promise<void>): Promise<RowBatch> => {
    try {
      await work;
    } catch (error) {
      number();
      throw refusalOf(error, line) ?? error;
    }
    return { rows: number(), newColumns: [] };
  };
  for await (const piece of bytes) {
    let text = reader.write(piece);
    if (toSkip > 0) text = text.slice(text.indexOf('\n') + 1);
    toSkip = 0;
    yield await parsed(writeTo(parser, text));
  }
  yield await parsed(writeTo(parser, reader.end()).then(() => endOf(parser)));
}

function writeTo(parser: Parser, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.once('error', reject);
    parser.write(text, (error) => {
      parser.off('error', reject);
      if (error) reject(error);
      else resolve();
    });
  });
}

function endOf(parser: Parser): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.once('error', reject);
    parser.once('end', resolve);
    parser.end();
  });
}

async function* readJson(
  bytes: AsyncIterable<Uint8Array>,
  reader: TextReader,
  shape: JsonShape,
  known: readonly string[],
): AsyncGenerator<RowBatch> {
  const splitter = createJsonSplitter(shape);
  const columns = createJsonColumns(known);
  const batch = (elements: JsonElement[]): RowBatch => {
    const width = columns.headers.length;
    const rows = elements.map(({ text, line, position }) => ({
      line: shape === 'lines' ? line : position,
      cells: columns.rowOf(text),
    }));
    return { rows, newColumns: columns.headers.slice(width) };
  };
  for await (const piece of bytes) yield batch(splitter.write(reader.write(piece)));
  const rest = reader.end();
  yield batch([...(rest === '' ? [] : splitter.write(rest)), ...splitter.end()]);
}
