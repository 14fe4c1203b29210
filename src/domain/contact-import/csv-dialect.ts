import { type CsvRow, createCsvSplitter, type Delimiter } from './csv-splitter.ts';

/** How a CSV file is written. `skippedLines` counts the hint `sep=;` that spreadsheets put before the header. */
export type CsvDialect = { delimiter: Delimiter; skippedLines: 0 | 1 };

/** Finds the delimiter: the one by which the rows fall into the same number of cells. */
export function detectDialect(text: string): CsvDialect {
  const hint = /^"?sep=([,;\t|])"?\n/i.exec(text);
  if (hint) return { delimiter: hint[1] as Delimiter, skippedLines: 1 };
  const judged = DELIMITERS.map((delimiter) => ({ delimiter, ...consistency(text, delimiter) }))
    .filter(({ width }) => width > 1)
    .sort((a, b) => b.agreement - a.agreement || b.width - a.width);
  return { delimiter: judged[0]?.delimiter ?? ',', skippedLines: 0 };
}

/** The first rows of a file. Throws `FileRefused` when the text is whole and ends within a quoted cell. */
export function firstRows(text: string, { delimiter, skippedLines }: CsvDialect, isWhole: boolean): CsvRow[] {
  const body = skippedLines === 1 ? text.slice(text.indexOf('\n') + 1) : text;
  const splitter = createCsvSplitter(delimiter, 1 + skippedLines);
  const rows = splitter.write(body);
  return isWhole ? [...rows, ...splitter.end()] : rows;
}

const DELIMITERS: Delimiter[] = [',', ';', '\t', '|'];
const SAMPLE_CHARACTERS = 20_000;
const SAMPLE_ROWS = 60;

function consistency(text: string, delimiter: Delimiter): { width: number; agreement: number } {
  const sample = text.slice(0, SAMPLE_CHARACTERS);
  const complete = createCsvSplitter(delimiter).write(`${sample}${sample.length < text.length ? '' : '\n'}`);
  const rows = complete.slice(0, SAMPLE_ROWS).filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const width = rows[0]?.cells.length ?? 0;
  const agreeing = rows.filter(({ cells }) => cells.length === width).length;
  return { width, agreement: rows.length === 0 ? 0 : agreeing / rows.length };
}
