import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delimiter } from '#domain/contact-import/csv-splitter.ts';
import type { Encoding } from '#domain/contact-import/encoding.ts';
import { readSample } from '#domain/contact-import/file-sample.ts';
import { readRows, type SourceRow } from '#operations/import-rows.ts';
import { csv, encode, inPieces, usNumber } from '#support/contact-files.ts';

/** Reads a file as an import does: understood from its beginning, then row by row. */
async function rowsOf(bytes: Uint8Array, pieceSize = 64 * 1024) {
  const sample = readSample({ bytes, isWhole: true }, 'US');
  const pieces = async function* () {
    yield* inPieces(bytes, pieceSize);
  };
  const rows: SourceRow[] = [];
  for await (const batch of readRows(pieces(), sample)) rows.push(...batch.rows);
  return { sample, rows, cells: rows.map((row) => row.cells) };
}

const ENCODINGS: [Encoding, boolean][] = [
  ['utf-8', false],
  ['utf-8', true],
  ['utf-16le', true],
  ['utf-16le', false],
  ['utf-16be', true],
  ['utf-16be', false],
  ['windows-1252', false],
];
const DELIMITERS: Delimiter[] = [',', ';', '\t', '|'];
const LINE_ENDS = ['\n', '\r\n', '\r'];

describe('the rows of a file', () => {
  const header = ['Téléphone', 'Nom', 'Remarque'];
  const data = [
    [usNumber(1), 'Zoé "Zaza" Müller', 'ligne 1\nligne 2; a, b | c\t d'],
    [usNumber(2), 'Ünal Çelik', '€ 5 – “bon”'],
    [usNumber(3), '', ''],
  ];
  const written = ENCODINGS.flatMap(([encoding, hasBom]) =>
    DELIMITERS.flatMap((delimiter) => LINE_ENDS.map((lineEnd) => ({ encoding, hasBom, delimiter, lineEnd }))),
  );

  it.each(written)(
    'are the same in $encoding (mark: $hasBom), cut at $delimiter, ended by $lineEnd',
    async (how) => {
      const bytes = encode(csv([header, ...data], how.delimiter, how.lineEnd), how.encoding, how.hasBom);
      for (const size of [1, 7, bytes.length]) {
        const { sample, cells } = await rowsOf(bytes, size);
        expect(sample.decoding.encoding).toBe(how.encoding);
        expect(sample.format).toMatchObject({ kind: 'csv', delimiter: how.delimiter, hasHeader: true });
        expect(sample.headers).toEqual(header);
        expect(cells).toEqual(data);
      }
    },
  );

  it('know the lines where they start, behind the hint, the blank lines and the header', async () => {
    const text = `sep=;\n\nphone;note\n\n${usNumber(1)};"a\r\nb"\r\n;\n${usNumber(2)};c\n`;
    const { rows } = await rowsOf(encode(text, 'utf-8'));
    const filled = rows.filter(({ cells }) => cells?.some((cell) => cell !== ''));
    expect(filled).toEqual([
      { line: 5, cells: [usNumber(1), 'a\nb'] },
      { line: 8, cells: [usNumber(2), 'c'] },
    ]);
  });

  it('are all there in a file much longer than its beginning, whatever the pieces', async () => {
    const many = Array.from({ length: 9_000 }, (_, index) => [usNumber(index), `Person "${index}", é`]);
    const bytes = encode(csv([['phone', 'name'], ...many]), 'utf-8');
    for (const size of [1_000, 300_000]) {
      const { cells, rows } = await rowsOf(bytes, size);
      expect(cells).toEqual(many);
      expect(rows.at(-1)?.line).toBe(9_001);
    }
  });

  it('are none that the file does not have', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', ' ', '1'), maxLength: 6 });
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(...ENCODINGS),
        fc.constantFrom(...LINE_ENDS),
        async (rows, [encoding, hasBom], lineEnd) => {
          const file = csv(
            [['phone', 'a', 'b'], ...rows.map((row, index) => [usNumber(index), ...row])],
            ',',
            lineEnd,
          );
          const { cells } = await rowsOf(encode(file, encoding, hasBom), 11);
          expect(cells).toEqual(rows.map((row, index) => [usNumber(index), ...row]));
        },
      ),
      { numRuns: 200 },
    );
  });
});
