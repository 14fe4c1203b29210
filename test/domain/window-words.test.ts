import { describe, expect, test } from 'vitest';
import { describeDuration, describeInstant, describeLocalTime, placeName } from '#domain/window-words.ts';

/** Sunday noon in New York. */
const NOW = new Date('2026-11-22T17:00:00Z');

describe('instants as people say them', () => {
  test.each([
    ['2026-11-22T23:05:00Z', 'America/New_York', 'today at 18:05, New York time'],
    ['2026-11-23T13:00:00Z', 'America/New_York', 'tomorrow at 08:00, New York time'],
    ['2026-11-22T23:05:00Z', 'Asia/Kolkata', 'tomorrow at 04:35, Kolkata time'],
    ['2026-11-24T13:00:00Z', 'America/New_York', 'on Tuesday at 08:00, New York time'],
    ['2026-11-28T13:00:00Z', 'America/New_York', 'on Saturday at 08:00, New York time'],
    ['2026-11-29T13:00:00Z', 'America/New_York', 'on 29 Nov at 08:00, New York time'],
    ['2026-11-20T13:00:00Z', 'America/New_York', 'on 20 Nov at 08:00, New York time'],
    ['2026-11-23T13:00:00Z', 'UTC', 'tomorrow at 13:00, UTC'],
    ['2026-11-23T13:00:00Z', 'America/Atlantis', 'tomorrow at 13:00, UTC'],
  ])('%s in %s is %s', (at, zone, words) => {
    expect(describeInstant(new Date(at), NOW, zone)).toBe(words);
  });

  test.each([
    ['America/Denver', 'Sun 10:00 in Denver'],
    ['Asia/Kathmandu', 'Sun 22:45 in Kathmandu'],
    ['America/Atlantis', 'unknown in Atlantis'],
  ])('the wall clock in %s is evidence', (zone, words) => {
    expect(describeLocalTime(NOW, zone)).toBe(words);
  });

  test.each([
    ['America/New_York', 'New York'],
    ['America/Argentina/Buenos_Aires', 'Buenos Aires'],
    ['UTC', 'UTC'],
  ])('%s is called %s', (zone, name) => {
    expect(placeName(zone)).toBe(name);
  });
});

describe('lengths of time in at most two units', () => {
  test.each([
    [0, 'less than a minute'],
    [59_999, 'less than a minute'],
    [60_000, '1 minute'],
    [40 * 60_000, '40 minutes'],
    [60 * 60_000, '1 h'],
    [100 * 60_000, '1 h 40 min'],
    [23 * 3_600_000 + 59 * 60_000, '23 h 59 min'],
    [24 * 3_600_000, '1 day'],
    [52 * 3_600_000, '2 days 4 h'],
    [47 * 3_600_000 + 50 * 60_000, '2 days'],
  ])('%i ms is %s', (ms, words) => {
    expect(describeDuration(ms)).toBe(words);
  });
});
