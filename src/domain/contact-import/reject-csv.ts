/**
 * One line of CSV that any spreadsheet opens as text: quoted where needed, and cells that a spreadsheet would run as a
 * formula get an apostrophe in front (OWASP, "CSV injection").
 */
export function csvLine(cells: readonly string[], delimiter = ','): string {
  return `${cells.map((cell) => csvCell(cell, delimiter)).join(delimiter)}\r\n`;
}

/** The head of a file of rejected rows: what happened to each row, then the row as it was. */
export function rejectHeader(headers: readonly string[], delimiter: string): string {
  return csvLine([...REJECT_COLUMNS, ...headers], delimiter);
}

/** A rejected row. `line` is its physical line in the file, `value` the phone cell as written. */
export type RejectedRow = {
  line: number;
  value: string;
  reason: string;
  sentence: string;
  cells: readonly string[];
};

/** The line for one rejected row. */
export function rejectLine(row: RejectedRow, delimiter: string): string {
  return csvLine([String(row.line), row.value, row.reason, row.sentence, ...row.cells], delimiter);
}

/** Whether a header is one that we put before the rows we returned: the mended file can be dropped again as it is. */
export function isRejectColumn(header: string): boolean {
  return REJECT_COLUMNS.includes(header.trim().toLowerCase());
}

const REJECT_COLUMNS = ['rejected_line', 'rejected_value', 'rejected_reason', 'rejected_explanation'];

function csvCell(cell: string, delimiter: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  const needsQuotes = /["\n\r]|^\s|\s$/.test(safe) || safe.includes(delimiter);
  return needsQuotes ? `"${safe.replaceAll('"', '""')}"` : safe;
}
