import { describe, expect, test } from 'vitest';
import { formatRate } from '#domain/money.ts';
import { describeRate, readRateWish } from '#domain/rate-words.ts';

describe('what somebody asks about rates', () => {
  test.each([
    ['', { kind: 'show' }],
    ['text US 0.0079', { kind: 'set', channel: 'sms', country: 'US', lowMicros: 7_900, highMicros: 7_900 }],
    ['Texts us $0.0079', { kind: 'set', channel: 'sms', country: 'US', lowMicros: 7_900, highMicros: 7_900 }],
    [
      'calls DE 0.02-0.06',
      { kind: 'set', channel: 'call', country: 'DE', lowMicros: 20_000, highMicros: 60_000 },
    ],
    [
      'calls DE $0.02 to $0.06',
      { kind: 'set', channel: 'call', country: 'DE', lowMicros: 20_000, highMicros: 60_000 },
    ],
    [
      'voice other 1',
      { kind: 'set', channel: 'call', country: 'other', lowMicros: 1_000_000, highMicros: 1_000_000 },
    ],
    ['sms GB reset', { kind: 'reset', channel: 'sms', country: 'GB' }],
  ])('%j', (words, wish) => {
    expect(readRateWish(words)).toEqual(wish);
  });

  test.each([
    ['fax US 1', 'Say channel, country and price'],
    ['text XX 0.01', '“XX” is no country code'],
    ['text US', '“” is no price in dollars'],
    ['text US cheap', '“cheap” is no price in dollars'],
    ['text US 0', '“0” is no price in dollars'],
    ['text US 0.06-0.02', '“0.06-0.02” is no price in dollars'],
    ['text US 101', '“101” is no price in dollars'],
    ['text US 0.01 please', 'Say channel, country and price'],
  ])('%j is not understood', (words, problem) => {
    const wish = readRateWish(words);
    expect(wish).toMatchObject({ kind: 'problem' });
    expect(wish.kind === 'problem' && wish.problem).toContain(problem);
  });
});

test.each([
  [11_800, '$0.0118'],
  [70_000, '$0.07'],
  [1_000_000, '$1.00'],
  [1, '$0.000001'],
  [0, '$0.00'],
])('%d micro-dollars a unit are %s', (micros, words) => {
  expect(formatRate(micros)).toBe(words);
});

test('a rate is a range, or one price', () => {
  expect(describeRate({ low: 11_800, high: 13_300 })).toBe('$0.0118 to $0.0133');
  expect(describeRate({ low: 14_000, high: 14_000 })).toBe('$0.014');
});
