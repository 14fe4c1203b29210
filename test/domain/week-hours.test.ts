import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_NAMES, type DayName } from '#domain/calling-window.ts';
import { describeWeek, formatWeek, parseWeek, WEEK } from '#domain/week-hours.ts';

const WORKDAYS: DayName[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];

describe('the hours of a week as people type them', () => {
  test.each([
    ['09:00-12:00, 14:00-18:00', '09:00-12:00, 14:00-18:00'],
    ['14:00-18:00, 09:00-12:00', '09:00-12:00, 14:00-18:00'],
    ['9-12', '09:00-12:00'],
    ['9:30 – 12:00', '09:30-12:00'],
    ['9.30-12.15', '09:30-12:15'],
    ['9am-5pm', '09:00-17:00'],
    ['12am-12pm', '00:00-12:00'],
    ['9 to 12 and 14 to 18', '09:00-12:00, 14:00-18:00'],
    ['20:00-24:00', '20:00-24:00'],
    ['09:00-12:00, 12:00-18:00', '09:00-12:00, 12:00-18:00'],
  ])('“%s” is %s', (typed, kept) => {
    const parsed = parseWeek({ tuesday: typed });
    expect(parsed.ok && formatWeek(parsed.hours).tuesday).toBe(kept);
  });

  test.each(['', '  ', '-', 'closed', 'Off'])('“%s” is a day off', (typed) => {
    const parsed = parseWeek({ monday: '9-10', tuesday: typed });
    expect(parsed.ok && formatWeek(parsed.hours).tuesday).toBe('');
  });

  test.each([
    ['noon', 'is not a window of the day'],
    ['9', 'is not a window of the day'],
    ['9-25', 'is not a window of the day'],
    ['9:70-12', 'is not a window of the day'],
    ['13pm-14pm', 'is not a window of the day'],
    ['12-9', 'ends before it begins'],
    ['09:00-09:00', 'ends before it begins'],
    ['22:00-02:00', 'from 00:00 on the next day'],
    ['9-12, 11-14', 'overlap'],
    ['1-2,3-4,5-6,7-8,9-10,11-12,13-14', 'at most 6'],
  ])('“%s” is told to be wrong: %s', (typed, told) => {
    const parsed = parseWeek({ monday: '9-10', friday: typed });
    expect(parsed).toMatchObject({ ok: false, problems: [{ day: 'friday' }] });
    expect(!parsed.ok && parsed.problems[0]?.sentence).toContain(told);
  });

  test('every wrong day is told at once', () => {
    const parsed = parseWeek({ monday: 'x', sunday: 'y' });
    expect(!parsed.ok && parsed.problems.map(({ day }) => day)).toEqual(['monday', 'sunday']);
  });

  test('a week without hours is told on its first day', () => {
    expect(parseWeek({})).toMatchObject({ ok: false, problems: [{ day: 'monday' }] });
  });

  test('days with the same window are one entry', () => {
    const parsed = parseWeek(Object.fromEntries(WORKDAYS.map((day) => [day, '9-12'])));
    expect(parsed).toEqual({ ok: true, hours: [{ start: '09:00', end: '12:00', days: WORKDAYS }] });
  });

  test('what is shown is read back as the same hours', () => {
    const minute = fc.integer({ min: 0, max: 1440 });
    const clock = (at: number) =>
      `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
    const line = fc.uniqueArray(minute, { minLength: 2, maxLength: 8 }).map((minutes) => {
      const sorted = minutes.slice(0, minutes.length - (minutes.length % 2)).sort((a, b) => a - b);
      const ranges: string[] = [];
      for (let at = 0; at < sorted.length; at += 2)
        ranges.push(`${clock(sorted[at] ?? 0)}-${clock(sorted[at + 1] ?? 0)}`);
      return ranges.join(', ');
    });
    fc.assert(
      fc.property(fc.record(Object.fromEntries(DAY_NAMES.map((day) => [day, line]))), (lines) => {
        const parsed = parseWeek(lines);
        expect(parsed.ok && formatWeek(parsed.hours)).toEqual(lines);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the hours of a week in words', () => {
  test.each([
    [[{ start: '08:00', end: '21:00', days: [...DAY_NAMES] }], 'every day 08:00–21:00'],
    [[{ start: '09:00', end: '17:00', days: WORKDAYS }], 'Mon–Fri 09:00–17:00'],
    [
      [
        { start: '09:00', end: '12:00', days: WORKDAYS },
        { start: '14:00', end: '18:00', days: WORKDAYS },
        { start: '10:00', end: '12:00', days: ['saturday' as const] },
      ],
      'Mon–Fri 09:00–12:00 and 14:00–18:00, Sat 10:00–12:00',
    ],
    [[], 'never'],
  ])('%j are “%s”', (hours, words) => {
    expect(describeWeek(hours)).toBe(words);
  });

  test('a week is listed from Monday on', () => {
    expect(WEEK[0]).toBe('monday');
    expect([...WEEK].sort()).toEqual([...DAY_NAMES].sort());
  });
});
