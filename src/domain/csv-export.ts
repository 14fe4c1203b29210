const FORMULA_START = /^[\s\0]*[=+\-@＝＋－＠]|^[\t\r]/u;
const PLAIN_SIGNED_NUMBER = /^[+-]\d+(?:\.\d+)?$/;
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/**
 * One CSV row with its line end (RFC 4180: commas, CRLF, quotes doubled), ready to be written to a stream.
 *
 * A cell that a spreadsheet would run as a formula (campaign-api §7.26) gets an apostrophe in front: it starts, after
 * any blanks, with `=`, `+`, `-`, `@` or their full-width forms, or with a tab or carriage return. Plain signed numbers
 * are left alone, phone numbers such as `+15551234567` among them: they run nothing, and the file can be imported again.
 */
export function csvRow(cells: readonly string[]): string {
  // A lone empty cell would be an empty line, which readers skip.
  if (cells.length === 1 && cells[0] === '') return '""\r\n';
  return `${cells.map((cell) => quote(neutraliseCell(cell))).join(',')}\r\n`;
}

/** The text of a cell as it is exported: unchanged, or with an apostrophe in front when a spreadsheet would run it. */
export function neutraliseCell(cell: string): string {
  if (!FORMULA_START.test(cell) || PLAIN_SIGNED_NUMBER.test(cell)) return cell;
  return `'${cell}`;
}

function quote(cell: string): string {
  return NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
