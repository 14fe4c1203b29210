import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureText } from '#domain/segments.ts';
import { segmentsOf } from '#sandbox/carrier/segments.ts';

const CASES: [name: string, body: string, encoding: string, segments: number][] = [
  ['160 plain characters are one segment', 'a'.repeat(160), 'GSM-7', 1],
  ['161 plain characters are two', 'a'.repeat(161), 'GSM-7', 2],
  ['306 plain characters are still two', 'a'.repeat(306), 'GSM-7', 2],
  ['307 plain characters are three', 'a'.repeat(307), 'GSM-7', 3],
  ['80 euro signs fill one segment', '€'.repeat(80), 'GSM-7', 1],
  ['81 euro signs need two', '€'.repeat(81), 'GSM-7', 2],
  ['an escape pair is not torn over two parts', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 3],
  ['one emoji turns the text into UCS-2', 'Hi 👍', 'UCS-2', 1],
  ['70 UCS-2 units are one segment', 'щ'.repeat(70), 'UCS-2', 1],
  ['71 UCS-2 units are two', 'щ'.repeat(71), 'UCS-2', 2],
  ['a surrogate pair is not torn over two parts', `${'щ'.repeat(66)}😀${'щ'.repeat(66)}`, 'UCS-2', 3],
  ['German umlauts stay in GSM-7, a lower-case cedilla does not', 'ç', 'UCS-2', 1],
];

describe('segments as the carrier bills them', () => {
  it.each(CASES)('%s', (_name, body, encoding, segments) => {
    expect(segmentsOf(body)).toEqual({ encoding, segments });
  });

  it('agrees with the product’s own measure on any text', () => {
    const alphabet = fc.constantFrom(...'abcä€[]^~|\\{}\f\n ñÇçщ–…', '😀', '👍🏽');
    const body = fc
      .array(alphabet, { minLength: 1, maxLength: 700 })
      .map((characters) => characters.join(''));
    fc.assert(
      fc.property(fc.oneof(body, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 })), (text) => {
        const { encoding, segments } = measureText(text);
        expect(segmentsOf(text)).toEqual({ encoding, segments });
      }),
    );
  });
});
