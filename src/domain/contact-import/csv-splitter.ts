import { countNewlines } from './encoding.ts';
import { FILE_LIMITS, FileRefused } from './file-problems.ts';

/** What stands between the cells of a row. */
export type Delimiter = ',' | ';' | '\t' | '|';

/** A row as it stands in the file. `line` is the physical line where it starts; quoted cells may run over several. */
export type CsvRow = { line: number; cells: string[] };

/**
 * Cuts CSV that arrives in pieces into rows (RFC 4180), holding one unfinished row at a time. Forgiving as exports
 * demand: spaces around quotes, quotes within words, rows of any width, no line end at the end. Line ends are `\n` alone.
 */
export type CsvSplitter = {
  /** The rows completed by this piece. Throws `FileRefused` when a row grows past its limit. */
  write(text: string): CsvRow[];
  /** The last row, if the text does not end with a line end. Throws `FileRefused` when a quotation mark is still open. */
  end(): CsvRow[];
};

/** A splitter for one file, whose first row stands in `firstLine`. */
export function createCsvSplitter(delimiter: Delimiter, firstLine = 1): CsvSplitter {
  const scan: Scan = { text: '', at: 0, isLast: false, delimiter: delimiter.charCodeAt(0), newlines: 0 };
  let line = firstLine;
  const rowsOf = (text: string, isLast: boolean): CsvRow[] => {
    const rows: CsvRow[] = [];
    let start = 0;
    Object.assign(scan, { text, at: 0, isLast });
    while (start < text.length) {
      const cells = readRow(scan);
      const end = cells ? scan.at : text.length;
      if (end - start > FILE_LIMITS.rowBytes) throw new FileRefused('row_too_large', line);
      if (!cells) break;
      rows.push({ line, cells });
      line += scan.newlines;
      start = end;
    }
    scan.text = text.slice(start);
    if (isLast && scan.text !== '') throw new FileRefused('quote_not_closed', line);
    return rows;
  };
  return {
    write: (text) => rowsOf(scan.text + text, false),
    end: () => rowsOf(scan.text, true),
  };
}

type Scan = { text: string; at: number; isLast: boolean; delimiter: number; newlines: number };

const QUOTE = 34;
const NEWLINE = 10;
const SPACE = 32;

/** The cells of the row at `scan.at`, which moves behind it; null when the text ends before the row does. */
function readRow(scan: Scan): string[] | null {
  const { text } = scan;
  const cells: string[] = [];
  scan.newlines = 1;
  for (;;) {
    const cell = readCell(scan);
    if (cell === null) return null;
    cells.push(cell);
    const isOver = scan.at >= text.length;
    if (isOver && !scan.isLast) return null;
    scan.at += 1;
    if (isOver || text.charCodeAt(scan.at - 1) === NEWLINE) return cells;
  }
}

/** One cell; `scan.at` is then at the delimiter or line end after it. Null when more text is needed to tell its end. */
function readCell(scan: Scan): string | null {
  const start = skipSpaces(scan.text, scan.at);
  if (scan.text.charCodeAt(start) !== QUOTE) return readPlain(scan, scan.at);
  let from = start + 1;
  for (;;) {
    const quote = scan.text.indexOf('"', from);
    if (quote === -1) return null;
    if (scan.text.charCodeAt(quote + 1) !== QUOTE) return closeQuoted(scan, start, quote);
    from = quote + 2;
  }
}

/** A quoted cell whose closing mark was found; what stands between it and the next delimiter belongs to it, if anything. */
function closeQuoted(scan: Scan, start: number, quote: number): string | null {
  const { text } = scan;
  const after = skipSpaces(text, quote + 1);
  if (after >= text.length && !scan.isLast) return null;
  const inner = text.slice(start + 1, quote);
  const value = inner.includes('""') ? inner.replaceAll('""', '"') : inner;
  if (value.includes('\n')) scan.newlines += countNewlines(value);
  scan.at = after;
  return isEnd(scan, after) ? value : `"${value}"${readPlain(scan, quote + 1)}`;
}

function readPlain(scan: Scan, start: number): string {
  let end = start;
  while (!isEnd(scan, end)) end += 1;
  scan.at = end;
  return scan.text.slice(start, end);
}

function isEnd({ text, delimiter }: Scan, at: number): boolean {
  if (at >= text.length) return true;
  const code = text.charCodeAt(at);
  return code === delimiter || code === NEWLINE;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at += 1;
  return at;
}
