import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCsvSplitter, type Delimiter } from '#domain/contact-import/csv-splitter.ts';
import { FileRefused } from '#domain/contact-import/file-problems.ts';
import { csv } from '#support/contact-files.ts';

/** Cuts a text that arrives in pieces of this size. */
function split(text: string, delimiter: Delimiter = ',', pieceSize = text.length || 1) {
  const splitter = createCsvSplitter(delimiter);
  const rows = [];
  for (let at = 0; at < text.length; at += pieceSize)
    rows.push(...splitter.write(text.slice(at, at + pieceSize)));
  return [...rows, ...splitter.end()];
}
const cells = (text: string, delimiter: Delimiter = ',') => split(text, delimiter).map((row) => row.cells);

describe('rows of a CSV file', () => {
  it.each<[string, string, string[][]]>([
    [
      'plain cells',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'no line end at the end',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a delimiter in quotes', '"a,b",c\n', [['a,b', 'c']]],
    ['a line end in quotes', '"a\nb",c\n', [['a\nb', 'c']]],
    ['doubled quotes', '"say ""hi""",c\n', [['say "hi"', 'c']]],
    ['an empty quoted cell', '"",""\n', [['', '']]],
    ['empty cells and rows', ',\n\na,\n', [['', ''], [''], ['a', '']]],
    ['short and long rows', 'a\nb,c,d,e\n', [['a'], ['b', 'c', 'd', 'e']]],
    ['spaces around quotes', ' "a,b" , "c"\n', [['a,b', 'c']]],
    ['spaces that belong to a cell', ' a , b \n', [[' a ', ' b ']]],
    ['a quote within a word', '5" pipe,d"e"f\n', [['5" pipe', 'd"e"f']]],
    ['a word after the quotes', '"Bob" Smith,b\n', [['"Bob" Smith', 'b']]],
    ['a quoted cell at the very end', 'a,"b"', [['a', 'b']]],
    ['a last cell that is empty', 'a,', [['a', '']]],
  ])('%s', (_case, text, expected) => {
    expect(cells(text)).toEqual(expected);
  });

  it.each<Delimiter>([',', ';', '\t', '|'])('are cut at %j', (delimiter) => {
    expect(cells(`a${delimiter}"b${delimiter}c"\n`, delimiter)).toEqual([['a', `b${delimiter}c`]]);
  });

  it('know the physical line where they start, over line ends in quotes and empty lines', () => {
    expect(split('a\n"b\n\nb",c\n\nd\n').map((row) => row.line)).toEqual([1, 2, 5, 6]);
  });

  it('of an unclosed quotation mark are refused with the line where it was opened', () => {
    expect(() => split('a,b\nc,"d\ne,f\n')).toThrow(
      'A quotation mark in the row that starts at line 2 is opened and never closed.',
    );
  });

  it('that grow past 64 KB are refused with their line, in one piece or in many', () => {
    const text = `a,b\n"${'x'.repeat(70_000)}",c\n`;
    for (const size of [text.length, 60_000]) {
      expect(() => split(text, ',', size)).toThrow(/row that starts at line 2 is larger than 64 KB/);
    }
  });
});

describe('any table', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', 'é', '1', '"', ',', ';', '\n', ' ', '=', '\t'),
    maxLength: 8,
  });
  const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 });

  it('is the same after it was written as CSV, wherever the pieces are cut', () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom<Delimiter>(',', ';', '\t', '|'),
        fc.integer({ min: 1, max: 9 }),
        (rows, delimiter, size) => {
          const read = split(csv(rows, delimiter), delimiter, size).map((row) => row.cells);
          expect(read).toEqual(rows);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is read as csv-parse reads it', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const text = csv(rows);
        const theirs = parse(text, { relax_column_count: true, relax_quotes: true, record_delimiter: '\n' });
        expect(cells(text)).toEqual(theirs);
      }),
      { numRuns: 2000 },
    );
  });

  it('is read as csv-parse reads it when nobody quoted anything', () => {
    const loose = fc.string({ unit: fc.constantFrom('a', '1', '"', ',', '\n'), maxLength: 24 });
    fc.assert(
      fc.property(loose, (text) => {
        const ours = settle(() => cells(text));
        const theirs = settle(() =>
          parse(text, { relax_column_count: true, relax_quotes: true, record_delimiter: '\n' }),
        );
        // The two differ in what they make of quotes that open in one row and close in another.
        if (!/"[^"]*\n[^"]*"/.test(text)) expect(ours).toEqual(theirs);
      }),
      { numRuns: 2000 },
    );
  });

  it('either loads or is refused, and its rows never lose or gain a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' '), maxLength: 40 }), (text) => {
        const rows = settle(() => split(text));
        if (rows === 'refused') return text.includes('"');
        return rows.every((row, index) => row.line > (rows[index - 1]?.line ?? 0));
      }),
      { numRuns: 2000 },
    );
  });
});

function settle<T>(work: () => T): T | 'refused' {
  try {
    return work();
  } catch (error) {
    if (error instanceof FileRefused || (error as { code?: string }).code === 'CSV_QUOTE_NOT_CLOSED')
      return 'refused';
    throw error;
  }
}
