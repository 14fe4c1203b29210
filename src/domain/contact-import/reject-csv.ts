import { csvRow } from '#domain/csv-export.ts';
import { createCsvSplitter } from './csv-splitter.ts';

/** A row that was not loaded. `line` is its physical line in the file, `value` the phone cell as written. */
export type RejectedRow = {
  line: number;
  value: string;
  reason: string;
  sentence: string;
  cells: readonly string[];
};

/** The head of a file of rejected rows: what happened to each row, then the row as it was. */
export function rejectHeader(headers: readonly string[]): string {
  return csvRow([...REJECT_COLUMNS, ...headers]);
}

/** One rejected row as a line of that file. */
export function rejectLine(row: RejectedRow): string {
  return csvRow([String(row.line), row.value, row.reason, row.sentence, ...row.cells]);
}

/** A piece of that file without the rows in which a cell is somebody's; the head stays where the piece has it. */
export function withoutRejects(csv: string, isTheirs: (cell: string) => boolean): string {
  const splitter = createCsvSplitter(',');
  const rows = [...splitter.write(csv.replaceAll('\r\n', '\n')), ...splitter.end()].map(({ cells }) => cells);
  const isHead = (cells: readonly string[]) => cells[0] === REJECT_COLUMNS[0];
  return rows
    .filter((cells) => isHead(cells) || !cells.slice(1).some(isTheirs))
    .map((cells) => csvRow(cells))
    .join('');
}

/** Whether a header is one that we put before the rows we returned: the mended file can be dropped again as it is. */
export function isRejectColumn(header: string): boolean {
  return REJECT_COLUMNS.includes(header.trim().toLowerCase());
}

const REJECT_COLUMNS = ['rejected_line', 'rejected_value', 'rejected_reason', 'rejected_explanation'];
