import { type CsvError, type Options, parse } from 'csv-parse/sync';
import { countNewlines } from './encoding.ts';
import { FILE_LIMITS, FileRefused } from './file-problems.ts';

/** What stands between the cells of a row. */
export type Delimiter = ',' | ';' | '\t' | '|';

/** How a CSV file is written. `skippedLines` counts the hint `sep=;` that spreadsheets put before the header. */
export type CsvDialect = { delimiter: Delimiter; skippedLines: 0 | 1 };

/** How the parser reads this dialect: rows as arrays, forgiving about quotes and missing cells, never about size. */
export function csvOptions(delimiter: Delimiter): Options {
  return {
    delimiter,
    record_delimiter: ['\n'],
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: FILE_LIMITS.rowBytes,
  };
}

/** Finds the delimiter: the one by which the rows fall into the same number of cells. */
export function detectDialect(text: string): CsvDialect {
  const hint = /^"?sep=([,;\t|])"?\n/i.exec(text);
  if (hint) return { delimiter: hint[1] as Delimiter, skippedLines: 1 };
  const judged = DELIMITERS.map((delimiter) => ({ delimiter, ...consistency(text, delimiter) }))
    .filter(({ width }) => width > 1)
    .sort((a, b) => b.agreement - a.agreement || b.width - a.width);
  return { delimiter: judged[0]?.delimiter ?? ',', skippedLines: 0 };
}

/** The first rows of a text; a last row that the text breaks off in is left out unless it is the only one. */
export function firstRows(text: string, dialect: CsvDialect, isWhole: boolean): string[][] {
  const body = dialect.skippedLines === 1 ? text.slice(text.indexOf('\n') + 1) : text;
  const rows = parseRows(body, dialect.delimiter, isWhole);
  return isWhole || rows.length < 2 ? rows : rows.slice(0, -1);
}

/** The sentence behind an error of the CSV parser, or null when it is not about the file. */
export function refusalOf(error: unknown, line: number): FileRefused | null {
  const code = (error as Partial<CsvError> | null)?.code;
  if (code === 'CSV_MAX_RECORD_SIZE') return new FileRefused('row_too_large', line);
  if (code === 'CSV_QUOTE_NOT_CLOSED') return new FileRefused('quote_not_closed', line);
  return null;
}

/** How many physical lines a row takes up: cells in quotes may run over several. */
export function linesOf(row: readonly string[]): number {
  let lines = 1;
  for (const cell of row) if (cell.includes('\n')) lines += countNewlines(cell);
  return lines;
}

const DELIMITERS: Delimiter[] = [',', ';', '\t', '|'];
const SAMPLE_ROWS = 60;

function consistency(text: string, delimiter: Delimiter): { width: number; agreement: number } {
  const rows = parseRows(text, delimiter, false).filter((row) => row.some((cell) => cell.trim() !== ''));
  const width = rows[0]?.length ?? 0;
  const agreeing = rows.filter((row) => row.length === width).length;
  return { width, agreement: rows.length === 0 ? 0 : agreeing / rows.length };
}

function parseRows(text: string, delimiter: Delimiter, isWhole: boolean): string[][] {
  try {
    return tolerantRows(text, delimiter, !isWhole);
  } catch (error) {
    const before = tolerantRows(text, delimiter, true);
    throw (
      refusalOf(
        error,
        before.reduce((line, row) => line + linesOf(row), 1),
      ) ?? error
    );
  }
}

/** Left to itself, the parser throws at a row it cannot read; a text that breaks off mostly ends within one. */
function tolerantRows(text: string, delimiter: Delimiter, isTolerant: boolean): string[][] {
  const options = { ...csvOptions(delimiter), skip_records_with_error: isTolerant, to: SAMPLE_ROWS };
  return parse(text, options) as string[][];
}
