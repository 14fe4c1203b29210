import { describe, expect, test } from 'vitest';
import { isTimeZone, localTime, spanAt } from '#domain/window-clock.ts';
import { wallClock } from './wall-clock-oracle.ts';

const DAY_MS = 86_400_000;
const NAMES = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

describe('wall clocks', () => {
  test('every zone of the runtime shows what its own clock shows, day by day for two years', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      for (let t = Date.UTC(2026, 0, 1, 6, 30); t < Date.UTC(2028, 0, 1); t += 5 * DAY_MS + 7 * 3_600_000) {
        const local = localTime(zone, new Date(t));
        const minutes = local?.minuteOfDay ?? -1;
        const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
        expect([NAMES[local?.weekday ?? 7], time], `${zone} ${t}`).toEqual(wallClock(zone, t));
      }
    }
  });

  test.each([
    ['America/New_York', '2026-03-08T07:00:00.000Z', -5, -4],
    ['America/New_York', '2026-11-01T06:00:00.000Z', -4, -5],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00.000Z', 10.5, 11],
    ['Pacific/Chatham', '2026-04-04T14:00:00.000Z', 13.75, 12.75],
    ['Europe/London', '2027-03-28T01:00:00.000Z', 0, 1],
    ['Africa/Casablanca', '2026-02-15T02:00:00.000Z', 1, 0],
    ['Africa/Casablanca', '2026-03-22T02:00:00.000Z', 0, 1],
  ])('%s changes its clock at %s, to the millisecond', (zone, iso, before, after) => {
    const change = Date.parse(iso);
    expect((spanAt(zone, change - 1)?.offsetMs ?? 0) / 3_600_000).toBe(before);
    expect((spanAt(zone, change)?.offsetMs ?? 0) / 3_600_000).toBe(after);
    expect(spanAt(zone, change - 1)?.until).toBe(change);
    expect(spanAt(zone, change)?.from).toBe(change);
  });

  test('asking over many years, forwards and backwards, forgets nothing that matters', () => {
    const noon = (year: number) => new Date(Date.UTC(year, 6, 1, 12));
    for (let year = 1990; year < 2035; year += 1) localTime('Europe/Berlin', noon(year));
    for (let year = 2034; year >= 1996; year -= 1) {
      expect(localTime('Europe/Berlin', noon(year))?.minuteOfDay).toBe(14 * 60);
    }
  });
});

describe('names of zones', () => {
  test.each([
    ['America/New_York', true],
    ['UTC', true],
    ['US/Eastern', true],
    ['America/Atlantis', false],
    ['Eastern', false],
    ['', false],
    ['EST5EDT; drop table', false],
  ])('“%s”: %s', (zone, expected) => {
    expect(isTimeZone(zone)).toBe(expected);
    expect(localTime(zone, new Date(0)) !== null).toBe(expected);
  });
});
