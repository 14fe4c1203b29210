import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHolidays } from '#calendar/holidays.ts';
import { DAY_NAMES, type DayName } from '#domain/calling-window.ts';
import type { LawRow } from '#domain/law/law-row.ts';
import { LAW, LAW_HOLIDAY_PLACES, legalRules } from '#domain/law/legal-rules.ts';

/** Typed from the reference by hand: Monday to Friday, Saturday, Sunday, days without hours as a dash. */
const STATES: [
  key: string,
  weekdays: string,
  saturday: string,
  sunday: string,
  isClosedOnHolidays: boolean,
][] = [
  ['US', '08:00-21:00', '08:00-21:00', '08:00-21:00', false],
  ['US-AL', '08:00-20:00', '08:00-20:00', '-', true],
  ['US-CT', '09:00-20:00', '09:00-20:00', '09:00-20:00', false],
  ['US-FL', '08:00-20:00', '08:00-20:00', '08:00-20:00', false],
  ['US-IL', '09:00-21:00', '09:00-21:00', '09:00-21:00', false],
  ['US-KY', '10:00-21:00', '10:00-21:00', '10:00-21:00', false],
  ['US-LA', '08:00-20:00', '08:00-20:00', '-', true],
  ['US-ME', '08:00-21:00', '08:00-21:00', '08:00-21:00', false],
  ['US-MD', '08:00-20:00', '08:00-20:00', '08:00-20:00', false],
  ['US-MA', '08:00-20:00', '08:00-20:00', '08:00-20:00', false],
  ['US-MI', '09:00-21:00', '09:00-21:00', '09:00-21:00', false],
  ['US-MN', '09:00-21:00', '09:00-21:00', '09:00-21:00', false],
  ['US-NM', '09:00-21:00', '09:00-21:00', '09:00-21:00', false],
  ['US-MS', '08:00-20:00', '08:00-20:00', '-', true],
  ['US-NV', '09:00-20:00', '09:00-20:00', '09:00-20:00', false],
  ['US-NJ', '08:00-20:00', '08:00-20:00', '08:00-20:00', false],
  ['US-OK', '08:00-20:00', '08:00-20:00', '08:00-20:00', false],
  ['US-PA', '09:00-21:00', '09:00-21:00', '13:30-21:00', true],
  ['US-RI', '09:00-18:00', '10:00-17:00', '-', true],
  ['US-SD', '09:00-21:00', '09:00-21:00', '-', false],
  ['US-TX', '09:00-21:00', '09:00-21:00', '12:00-21:00', false],
  ['US-UT', '08:00-21:00', '08:00-21:00', '-', true],
  ['US-WA', '08:00-20:00', '08:00-20:00', '08:00-20:00', false],
  ['US-WY', '08:00-20:00', '08:00-20:00', '08:00-20:00', false],
  ['US-STRICT', '10:00-18:00', '10:00-17:00', '-', true],
  ['CA', '09:00-21:30', '10:00-18:00', '10:00-18:00', false],
  ['GB', '08:00-21:00', '09:00-21:00', '09:00-21:00', false],
  ['EU', '08:00-21:00', '08:00-21:00', '08:00-21:00', false],
  ['ES', '09:00-21:00', '-', '-', true],
  ['AU', '09:00-20:00', '09:00-17:00', '-', true],
  ['ELSEWHERE', '08:00-21:00', '08:00-21:00', '08:00-21:00', false],
];

function rowOf(key: string): LawRow {
  const row = LAW.get(key);
  if (!row) throw new Error(`there is no row ${key}`);
  return row;
}

function hoursOn(row: LawRow, day: DayName): string {
  const found = row.hours.filter(({ days }) => days.includes(day));
  return found.map(({ start, end }) => `${start}-${end}`).join(' ') || '-';
}

function isOpen(row: LawRow, day: DayName, time: string): boolean {
  return row.hours.some(({ start, end, days }) => days.includes(day) && start <= time && time < end);
}

const american = [...LAW.values()].filter(({ key }) => key.startsWith('US'));
const anyMinute = fc.record({
  row: fc.constantFrom(...american),
  day: fc.constantFrom(...DAY_NAMES),
  minute: fc.integer({ min: 0, max: 1439 }),
});

function clock(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((n) => String(n).padStart(2, '0')).join(':');
}

describe('the rows of the law', () => {
  test.each(STATES)('%s: %s, Saturday %s, Sunday %s', (key, weekdays, saturday, sunday, isClosed) => {
    const row = rowOf(key);
    for (const day of ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const)
      expect(hoursOn(row, day)).toBe(weekdays);
    expect(hoursOn(row, 'saturday')).toBe(saturday);
    expect(hoursOn(row, 'sunday')).toBe(sunday);
    expect(row.closedOn.length > 0).toBe(isClosed);
  });

  test('France has a break at noon and no weekend, for calls alone', () => {
    expect(hoursOn(rowOf('FR'), 'monday')).toBe('10:00-13:00 14:00-20:00');
    expect(hoursOn(rowOf('FR'), 'saturday')).toBe('-');
    expect(rowOf('FR').applies).toBe('calls');
  });

  test('no row is left out of the table above', () => {
    expect([...LAW.keys()].sort()).toEqual([...STATES.map(([key]) => key), 'FR'].sort());
  });

  test.each([
    ['US-FL', [{ limit: 3, hours: 24 }]],
    ['US-MD', [{ limit: 3, hours: 24 }]],
    ['US-OK', [{ limit: 3, hours: 24 }]],
    ['US-ME', [{ limit: 1, hours: 8 }]],
    ['FR', [{ limit: 4, hours: 720 }]],
    ['US', []],
  ])('%s caps attempts: %j', (key, caps) => {
    expect(rowOf(key).caps).toEqual(caps);
  });

  test('every row says where it was read and when it was last looked at', () => {
    for (const { source, asOf, name } of LAW.values()) {
      expect(source.length, name).toBeGreaterThan(5);
      expect(asOf, name).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
      expect(new Date(asOf).toISOString().slice(0, 10), name).toBe(asOf);
    }
  });

  test('the calendar knows every place whose holidays a row keeps', async () => {
    const holidays = createHolidays();
    for (const place of LAW_HOLIDAY_PLACES) {
      expect(await holidays.knows(place), place).toBe(true);
      expect((await holidays.datesOf(place, [2027])).length, place).toBeGreaterThan(5);
    }
  });

  test('no row of a state allows what the federal one forbids', () => {
    fc.assert(
      fc.property(anyMinute, ({ row, day, minute }) => {
        if (isOpen(row, day, clock(minute))) expect(isOpen(rowOf('US'), day, clock(minute))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('the strict row is open only when every row of a state is', () => {
    fc.assert(
      fc.property(anyMinute, ({ row, day, minute }) => {
        if (isOpen(rowOf('US-STRICT'), day, clock(minute)))
          expect(isOpen(row, day, clock(minute))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('the strict row keeps every holiday and every cap of a state', () => {
    const strict = rowOf('US-STRICT');
    for (const { closedOn, caps } of american) {
      expect(strict.closedOn).toEqual(expect.arrayContaining([...closedOn]));
      for (const cap of caps) expect(strict.caps).toContainEqual(cap);
    }
  });

  test('the strict row satisfies Canada too, whose numbers look the same', () => {
    for (const day of DAY_NAMES)
      for (let minute = 0; minute < 1440; minute += 1)
        if (isOpen(rowOf('US-STRICT'), day, clock(minute)))
          expect(isOpen(rowOf('CA'), day, clock(minute))).toBe(true);
  });
});

describe('which rows hold', () => {
  const keysFor = (
    countries: string[],
    states: string[],
    more: Partial<Parameters<typeof legalRules>[0]> = {},
  ) => legalRules({ countries, states, preset: 'by_state', channel: 'call', ...more }).map(({ key }) => key);

  test.each<[string, string[], string[], string[]]>([
    ['a state with a row, beside the federal one', ['US'], ['FL'], ['US', 'US-FL']],
    ['a state without a row of its own', ['US'], ['NY'], ['US']],
    ['an area code of two states', ['US'], ['FL', 'KY'], ['US', 'US-FL', 'US-KY']],
    ['an unknown state', ['US'], [], ['US', 'US-STRICT']],
    ['a state that does not exist', ['US'], ['ZZ'], ['US', 'US-STRICT']],
    ['a territory', ['PR'], [], ['US']],
    ['a territory as a state', ['US'], ['PR'], ['US']],
    ['Canada', ['CA'], ['ON'], ['CA']],
    ['either side of the border', ['US', 'CA'], [], ['US', 'CA', 'US-STRICT']],
    ['Jersey', ['JE'], [], ['GB']],
    ['Germany', ['DE'], [], ['EU']],
    ['France', ['FR'], [], ['EU', 'FR']],
    ['Réunion', ['RE'], [], ['EU', 'FR']],
    ['Japan', ['JP'], [], ['ELSEWHERE']],
    ['Russia or Kazakhstan', ['RU', 'KZ'], [], ['ELSEWHERE']],
  ])('%s', (_, countries, states, keys) => {
    expect(keysFor(countries, states)).toEqual(keys);
  });

  test('the strict preset holds in every state, also where one is known', () => {
    expect(keysFor(['US'], ['NY'], { preset: 'strict' })).toEqual(['US', 'US-STRICT']);
    expect(keysFor(['GB'], [], { preset: 'strict' })).toEqual(['GB']);
  });

  test('rows about calls say nothing about texts', () => {
    expect(keysFor(['US'], ['IL'], { channel: 'sms' })).toEqual(['US']);
    expect(keysFor(['US'], ['IL'])).toEqual(['US', 'US-IL']);
    expect(keysFor(['FR'], [], { channel: 'sms' })).toEqual(['EU']);
  });
});
