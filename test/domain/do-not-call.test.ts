import { describe, expect, it } from 'vitest';
import { readListSearch, readListWords, readRange } from '#domain/do-not-call.ts';

describe('what somebody says about the do-not-call list', () => {
  it.each([
    ['+14155550123', { number: '+14155550123', channel: 'all', campaign: null, reason: null }],
    ['(415) 555-0123 calls', { number: '(415) 555-0123', channel: 'voice', campaign: null, reason: null }],
    ['415 555 0123 for texts', { number: '415 555 0123', channel: 'sms', campaign: null, reason: null }],
    ['+1900* in Spring', { number: '+1900*', channel: 'all', campaign: 'Spring', reason: null }],
    [
      '+14155550123 calls only in 12 because they wrote to us in May',
      { number: '+14155550123', channel: 'voice', campaign: '12', reason: 'they wrote to us in May' },
    ],
    ['', { number: '', channel: 'all', campaign: null, reason: null }],
  ])('“%s” is taken apart', (words, expected) => {
    expect(readListWords(words)).toEqual(expected);
  });
});

describe('a range of numbers', () => {
  it.each([
    ['+1900*', { prefix: '+1900' }],
    ['+1 (900) *', { prefix: '+1900' }],
    ['+44*', { prefix: '+44' }],
    ["'+1900*", { prefix: '+1900' }],
    ['+14155550123', null],
    ['abc', null],
  ])('“%s” is read as %o', (text, expected) => {
    expect(readRange(text)).toEqual(expected);
  });

  it.each(['+1*', '900*', '*', '+0900*', '+1900*5', '+1*900'])(
    '“%s” is refused with the way to write it',
    (text) => {
      expect(readRange(text)).toEqual({ problem: expect.stringContaining('like +1900*') });
    },
  );
});

describe('a search of the list', () => {
  it.each([
    ['+1 (415) 555', { digits: '1415555' }],
    ['0123', { digits: '0123' }],
    ['  they wrote ', { words: 'they wrote' }],
    ['case 21', { words: 'case 21' }],
    ['+', { words: '+' }],
    ['  ', null],
  ])('“%s” is for %o', (text, expected) => {
    expect(readListSearch(text)).toEqual(expected);
  });
});
