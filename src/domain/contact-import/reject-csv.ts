import { csvRow } from '#domain/csv-export.ts';

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

/** Whether a header is one that we put before the rows we returned: the mended file can be dropped again as it is. */
export function isRejectColumn(header: string): boolean {
  return REJECT_COLUMNS.includes(header.trim().toLowerCase());
}

const REJECT_COLUMNS = ['rejected_line', 'rejected_value', 'rejected_reason', 'rejected_explanation'];
