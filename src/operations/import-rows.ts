import { createCsvSplitter } from '#domain/contact-import/csv-splitter.ts';
import { createTextReader } from '#domain/contact-import/encoding.ts';
import type { FileFormat, FileSample } from '#domain/contact-import/file-sample.ts';
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
export async function* readRows(
  bytes: AsyncIterable<Uint8Array>,
  { decoding, format, headers }: FileSample,
): AsyncGenerator<RowBatch> {
  const reader = createTextReader(decoding);
  const cutter = format.kind === 'csv' ? createCsvCutter(format) : createJsonCutter(format.shape, headers);
  for await (const piece of bytes) yield cutter.write(reader.write(piece));
  const last = reader.end();
  if (last !== '') yield cutter.write(last);
  yield cutter.end();
}

type Cutter = { write(text: string): RowBatch; end(): RowBatch };

function createCsvCutter(format: FileFormat & { kind: 'csv' }): Cutter {
  const splitter = createCsvSplitter(format.delimiter, 1 + format.skippedLines);
  let isHeaderAhead = format.hasHeader;
  let isHintAhead = format.skippedLines === 1;
  const batch = (rows: SourceRow[]): RowBatch => {
    if (isHeaderAhead) {
      const header = rows.findIndex(({ cells }) => cells?.some((cell) => cell.trim() !== ''));
      isHeaderAhead = header === -1;
      rows.splice(0, isHeaderAhead ? rows.length : header + 1);
    }
    return { rows, newColumns: [] };
  };
  return {
    write(text) {
      const body = isHintAhead ? text.slice(text.indexOf('\n') + 1) : text;
      isHintAhead = false;
      return batch(splitter.write(body));
    },
    end: () => batch(splitter.end()),
  };
}

function createJsonCutter(shape: JsonShape, known: readonly string[]): Cutter {
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
  return { write: (text) => batch(splitter.write(text)), end: () => batch(splitter.end()) };
}
