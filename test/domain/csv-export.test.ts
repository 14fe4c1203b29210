import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvRow, neutraliseCell } from '#domain/csv-export.ts';

describe('an exported row', () => {
  test.each<[string[], string]>([
    [['a', 'b'], 'a,b\r\n'],
    [['a,b', 'say "hi"', 'two\nlines', ' edge '], '"a,b","say ""hi""","two\nlines"," edge "\r\n'],
    [['', ''], ',\r\n'],
    [[''], '""\r\n'],
    [['a;b'], '"a;b"\r\n'],
    [['é', '🙂'], 'é,🙂\r\n'],
  ])('of %j is %j', (cells, expected) => {
    expect(csvRow(cells)).toBe(expected);
  });

  test.each([
    ['=1+1', "'=1+1"],
    ['=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'],
    ['+1+1', "'+1+1"],
    ['-1+cmd|calc', "'-1+cmd|calc"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\tx', "'\tx"],
    ['\r=1', "'\r=1"],
    ['  =1', "'  =1"],
    ['\n=1', "'\n=1"],
    ['\u00a0=1', "'\u00a0=1"],
    ['\0=1', "'\0=1"],
    ['＝1', "'＝1"],
    ['+1 (555) 123-4567', "'+1 (555) 123-4567"],
    ['-', "'-"],
  ])('disarms %j', (cell, expected) => {
    expect(neutraliseCell(cell)).toBe(expected);
  });

  test.each(['+15551234567', '-12.50', '+3', '-5', 'a=b', '5-3', "O'Neil", 'ann@example.com', '', 'x\t=1'])(
    'leaves %j alone',
    (cell) => {
      expect(neutraliseCell(cell)).toBe(cell);
    },
  );

  test('parsing back gives the cells, and none that a spreadsheet would run', () => {
    const special = fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      '\t',
      '\r',
      '\n',
      '"',
      ',',
      ';',
      "'",
      ' ',
      '\0',
      '1',
      'a',
      '.',
    );
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(special, { maxLength: 6 }).map((list) => list.join('')),
    );
    const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rows, (cells) => {
        const file = cells.map(csvRow).join('');
        const parsed: string[][] = parse(file, { record_delimiter: '\r\n' });
        expect(parsed).toEqual(cells.map((row) => row.map(neutraliseCell)));
        for (const value of parsed.flat()) expect(value).not.toMatch(/^\s*(?:[=@]|[+-](?!\d+(?:\.\d+)?$))/);
      }),
      { numRuns: 500 },
    );
  });

  test('disarming only ever puts an apostrophe in front', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (cell) => {
        expect([cell, `'${cell}`]).toContain(neutraliseCell(cell));
      }),
    );
  });
});
