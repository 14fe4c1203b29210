import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearestWord } from '#domain/nearest-word.ts';

const COMMANDS = [
  'help',
  'new',
  'list',
  'show',
  'import',
  'preview',
  'start',
  'pause',
  'resume',
  'cancel',
  'why',
];

describe('the word that was meant', () => {
  test.each([
    ['strat', 'start'],
    ['stat', 'start'],
    ['Pause', 'pause'],
    ['puase', 'pause'],
    ['resumee', 'resume'],
    ['cansel', 'cancel'],
    ['previw', 'preview'],
    ['hlep', 'help'],
    ['wyh', 'why'],
    ['sgow', 'show'],
    ['imprt', 'import'],
    ['START', 'start'],
  ])('%s is %s', (typed, expected) => {
    expect(nearestWord(typed, COMMANDS)).toBe(expected);
  });

  test.each(['', 'delete', 'xy', 'abc', 'launch', 'no', 'x'.repeat(5000)])('%s is none', (typed) => {
    expect(nearestWord(typed, COMMANDS)).toBeUndefined();
  });

  test('among equals the one with the same first letter wins, then the earlier', () => {
    expect(nearestWord('bat', ['cat', 'bar', 'bad'])).toBe('bar');
    expect(nearestWord('stort', ['short', 'start'])).toBe('short');
  });

  test('a single slip in a long word is always found', () => {
    const word = fc.stringMatching(/^[a-z]{5,12}$/);
    fc.assert(
      fc.property(word, fc.nat(), fc.stringMatching(/^[a-z]$/), (wanted, place, letter) => {
        const at = place % wanted.length;
        const slips = [
          wanted.slice(0, at) + wanted.slice(at + 1),
          wanted.slice(0, at) + letter + wanted.slice(at),
          wanted.slice(0, at) + letter + wanted.slice(at + 1),
          wanted.slice(0, at) +
            wanted
              .slice(at, at + 2)
              .split('')
              .reverse()
              .join('') +
            wanted.slice(at + 2),
        ];
        for (const slip of slips) expect(nearestWord(slip, [wanted])).toBe(wanted);
      }),
    );
  });

  test('three slips are too many', () => {
    expect(nearestWord('xxxview', ['preview'])).toBeUndefined();
  });
});
