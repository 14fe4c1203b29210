import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measureText, refuseText, replaceWithGsm } from '#domain/segments.ts';

const GSM = 'a';
const UCS = 'ж';
const TWO_SEPTETS = '€';
const PAIR = '🙂';

describe('how a text travels', () => {
  test.each<[string, string, 'GSM-7' | 'UCS-2', number, number]>([
    ['nothing', '', 'GSM-7', 0, 0],
    ['one segment of GSM-7', GSM.repeat(160), 'GSM-7', 160, 1],
    ['one character more', GSM.repeat(161), 'GSM-7', 161, 2],
    ['two full parts', GSM.repeat(306), 'GSM-7', 306, 2],
    ['a third part', GSM.repeat(307), 'GSM-7', 307, 3],
    ['the longest text', GSM.repeat(1600), 'GSM-7', 1600, 11],
    ['one segment of UCS-2', UCS.repeat(70), 'UCS-2', 70, 1],
    ['one character more of UCS-2', UCS.repeat(71), 'UCS-2', 71, 2],
    ['two full parts of UCS-2', UCS.repeat(134), 'UCS-2', 134, 2],
    ['a third part of UCS-2', UCS.repeat(135), 'UCS-2', 135, 3],
    ['extension characters, two septets each', TWO_SEPTETS.repeat(80), 'GSM-7', 80, 1],
    ['one extension character too many', TWO_SEPTETS.repeat(81), 'GSM-7', 81, 2],
    ['every extension character', '^{}\\[~]|€\f', 'GSM-7', 10, 1],
    [
      'an escape that would be split moves to the next part',
      `${GSM.repeat(152)}€${GSM.repeat(152)}`,
      'GSM-7',
      305,
      3,
    ],
    ['an escape that just fits', `${GSM.repeat(151)}€${GSM.repeat(153)}`, 'GSM-7', 305, 2],
    ['76 extension characters per part, not 76.5', TWO_SEPTETS.repeat(153), 'GSM-7', 153, 3],
    ['a surrogate pair counts two units', PAIR.repeat(35), 'UCS-2', 70, 1],
    ['a surrogate pair that would be split', `${UCS.repeat(66)}${PAIR}${UCS.repeat(66)}`, 'UCS-2', 134, 3],
    ['33 pairs per part, not 33.5', PAIR.repeat(67), 'UCS-2', 134, 3],
    ['national letters of GSM-7', 'ÄÖÑÜ§¿äöñüà èéùìòÇØøÅåÆæßÉ ΔΦΓΛΩΠΨΣΘΞ £$¥ ¤¡ @_', 'GSM-7', 47, 1],
    ['line ends', 'a\r\nb', 'GSM-7', 4, 1],
  ])('%s', (_, text, encoding, characters, segments) => {
    expect(measureText(text)).toMatchObject({ encoding, characters, segments });
  });

  test.each<[string, { char: string; index: number; suggestion?: string }]>([
    ['It’s', { char: '’', index: 2, suggestion: "'" }],
    ['a “b”', { char: '“', index: 2, suggestion: '"' }],
    ['a – b', { char: '–', index: 2, suggestion: '-' }],
    ['wait…', { char: '…', index: 4, suggestion: '...' }],
    ['a\u00a0b', { char: '\u00a0', index: 1, suggestion: ' ' }],
    ['a\tb', { char: '\t', index: 1, suggestion: ' ' }],
    ['a\u200bb', { char: '\u200b', index: 1, suggestion: '' }],
    ['día', { char: 'í', index: 1, suggestion: 'i' }],
    ['garçon', { char: 'ç', index: 3, suggestion: 'c' }],
    ['ＡＢ', { char: 'Ａ', index: 0, suggestion: 'A' }],
    ['`x`', { char: '`', index: 0, suggestion: "'" }],
    ['cafe\u0301', { char: 'é', index: 3, suggestion: 'é' }],
    ['di\u0301a', { char: 'í', index: 1, suggestion: 'i' }],
    ['hi 🙂', { char: '🙂', index: 3 }],
    ['Привет', { char: 'П', index: 0 }],
    ['👍 it’s', { char: '👍', index: 0 }],
  ])('%s is UCS-2 because of one character', (text, firstNonGsm) => {
    expect(measureText(text).firstNonGsm).toEqual(firstNonGsm);
  });

  test('a GSM-7 text blames no character', () => {
    expect(measureText('plain')).toEqual({ encoding: 'GSM-7', characters: 5, segments: 1 });
  });

  test('replacing gives GSM-7 wherever every character has a replacement', () => {
    expect(replaceWithGsm('“It’s” – cafe\u0301…')).toBe('"It\'s" - café...');
    expect(measureText(replaceWithGsm('“It’s” – œuf…™ ')).encoding).toBe('GSM-7');
    expect(replaceWithGsm('hi 🙂')).toBe('hi 🙂');
  });

  test('a text is refused when it is empty or over 1600 characters', () => {
    expect(refuseText(GSM.repeat(1600))).toBeNull();
    expect(refuseText(GSM.repeat(1601))).toBe(
      'The text has 1601 characters, 1600 are allowed. Shorten it by 1.',
    );
    expect(refuseText(' \n')).toBe('The text is empty. Write at least one word.');
  });

  test('the segments hold the text, and no shorter split could', () => {
    const piece = fc.constantFrom(GSM, TWO_SEPTETS, UCS, PAIR, '\n', 'é', '\ud83d');
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, fc.nat(80)), { maxLength: 8 }), (runs) => {
        const text = runs.map(([char, count]) => char.repeat(count)).join('');
        const { encoding, segments } = measureText(text);
        expect(segments).toBe(fewestParts(text, encoding));
      }),
    );
  });
});

/** The same count the slow way: the fewest parts over every place where a part may end. */
function fewestParts(text: string, encoding: 'GSM-7' | 'UCS-2'): number {
  const [alone, perPart] = encoding === 'GSM-7' ? [160, 153] : [70, 67];
  const sizes = Array.from(text, (char) =>
    encoding === 'UCS-2' ? char.length : '\f^{}\\[~]|€'.includes(char) ? 2 : 1,
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= alone) return total === 0 ? 0 : 1;
  const fewest = [0];
  for (let end = 1; end <= sizes.length; end += 1) {
    let used = 0;
    let best = Number.POSITIVE_INFINITY;
    for (let start = end - 1; start >= 0; start -= 1) {
      used += sizes[start] ?? 0;
      if (used > perPart) break;
      best = Math.min(best, (fewest[start] ?? 0) + 1);
    }
    fewest.push(best);
  }
  return fewest.at(-1) ?? 0;
}
