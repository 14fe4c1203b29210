import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AllowedHours,
  type CallingWindow,
  DAY_NAMES,
  DEFAULT_ALLOWED_HOURS,
  minutesOf,
  windowVerdict,
} from '#domain/calling-window.ts';
import { firstOpenMinute, isOpenByTheClockOnTheWall } from './wall-clock-oracle.ts';

const WEEKDAYS: AllowedHours['days'] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const OFFICE: AllowedHours = { start: '09:00', end: '17:00', days: WEEKDAYS };
const DAYTIME = DEFAULT_ALLOWED_HOURS;

function at(iso: string): Date {
  return new Date(iso);
}

function opening(
  iso: string,
  zones: string[],
  ...hours: (AllowedHours | CallingWindow)[]
): string | null | 'open' {
  const verdict = windowVerdict({ at: at(iso), zones, hours });
  return verdict.open ? 'open' : (verdict.opensAt?.toISOString() ?? null);
}

function closing(
  iso: string,
  zones: string[],
  ...hours: (AllowedHours | CallingWindow)[]
): string | 'closed' {
  const verdict = windowVerdict({ at: at(iso), zones, hours });
  return verdict.open ? verdict.closesAt.toISOString() : 'closed';
}

describe('one window in one zone', () => {
  test.each([
    ['a minute before the start', '2026-07-01T11:59:59.999Z', '2026-07-01T12:00:00.000Z'],
    ['at the start', '2026-07-01T12:00:00.000Z', 'open'],
    ['in the last millisecond', '2026-07-02T00:59:59.999Z', 'open'],
    ['at the end', '2026-07-02T01:00:00.000Z', '2026-07-02T12:00:00.000Z'],
  ])('New York by day, %s', (_, iso, expected) => {
    expect(opening(iso, ['America/New_York'], DAYTIME)).toBe(expected);
  });

  test('the weekend is passed over', () => {
    expect(opening('2026-07-03T21:30:00Z', ['America/New_York'], OFFICE)).toBe('2026-07-06T13:00:00.000Z');
  });

  test('the weekday is the one where the person is, not the one in UTC', () => {
    expect(opening('2026-07-06T00:00:00Z', ['Asia/Kolkata'], OFFICE)).toBe('2026-07-06T03:30:00.000Z');
    expect(opening('2026-07-05T23:00:00Z', ['Pacific/Auckland'], OFFICE)).toBe('open');
  });

  test('it closes at the end of the day, and nights are not bridged', () => {
    expect(closing('2026-07-01T15:00:00Z', ['America/Chicago'], DAYTIME)).toBe('2026-07-02T02:00:00.000Z');
  });

  test('a window that reaches midnight goes on into the next day', () => {
    const night: CallingWindow = {
      anyOf: [
        { start: '22:00', end: '24:00', days: ['monday'] },
        { start: '00:00', end: '06:00', days: ['tuesday'] },
      ],
    };
    expect(closing('2026-07-06T22:30:00Z', ['UTC'], night)).toBe('2026-07-07T06:00:00.000Z');
  });

  test('what never closes is told as open for the next 14 days', () => {
    const always: AllowedHours = { start: '00:00', end: '24:00', days: [...DAY_NAMES] };
    expect(closing('2026-07-01T15:00:00Z', ['Europe/London'], always)).toBe('2026-07-15T15:00:00.000Z');
  });
});

describe('several candidate zones', () => {
  test.each([
    [
      'Eastern and Pacific in winter',
      ['America/New_York', 'America/Los_Angeles'],
      '2026-12-01T16:00:00.000Z',
      '2026-12-02T02:00:00.000Z',
    ],
    [
      'with Alaska and Hawaii in winter',
      ['America/New_York', 'America/Anchorage', 'Pacific/Honolulu'],
      '2026-12-01T18:00:00.000Z',
      '2026-12-02T02:00:00.000Z',
    ],
    [
      'with Alaska and Hawaii in summer',
      ['America/New_York', 'America/Anchorage', 'Pacific/Honolulu'],
      '2026-07-01T18:00:00.000Z',
      '2026-07-02T01:00:00.000Z',
    ],
    [
      'Phoenix and the Navajo Nation in summer',
      ['America/Phoenix', 'America/Denver'],
      '2026-07-01T15:00:00.000Z',
      '2026-07-02T03:00:00.000Z',
    ],
    [
      'Newfoundland and Labrador',
      ['America/St_Johns', 'America/Goose_Bay'],
      '2026-07-01T11:00:00.000Z',
      '2026-07-01T23:30:00.000Z',
    ],
  ])('%s: only the hours that all of them share', (_, zones, opens, closes) => {
    const dawn = new Date(at(opens).getTime() - 5 * 3_600_000).toISOString();
    expect(opening(dawn, zones, DAYTIME)).toBe(opens);
    expect(closing(opens, zones, DAYTIME)).toBe(closes);
  });

  test('a zone in which it is shut is named', () => {
    const verdict = windowVerdict({
      at: at('2026-12-01T14:00:00Z'),
      zones: ['America/New_York', 'America/Los_Angeles'],
      hours: [DAYTIME],
    });
    expect(verdict).toMatchObject({ open: false, closedZone: 'America/Los_Angeles' });
  });

  test('zones on opposite sides of the earth may share no hour at all', () => {
    expect(opening('2026-07-01T12:00:00Z', ['Europe/London', 'Pacific/Auckland'], OFFICE)).toBeNull();
  });
});

describe('several windows', () => {
  const legal: CallingWindow = {
    name: 'Pennsylvania',
    anyOf: [
      {
        start: '09:00',
        end: '21:00',
        days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'],
      },
      { start: '13:30', end: '21:00', days: ['sunday'] },
    ],
    dates: { '2026-12-25': [], '2026-12-24': [{ start: '10:00', end: '14:00' }] },
  };

  test.each([
    ['Sunday noon is too early', '2026-12-20T17:00:00Z', '2026-12-20T18:30:00.000Z'],
    ['a short day follows its own hours', '2026-12-24T14:30:00Z', '2026-12-24T15:00:00.000Z'],
    ['a holiday has none', '2026-12-24T19:00:00Z', '2026-12-26T14:00:00.000Z'],
    ['an ordinary day is open', '2026-12-22T15:00:00Z', 'open'],
  ])('%s', (_, iso, expected) => {
    expect(opening(iso, ['America/New_York'], DAYTIME, legal)).toBe(expected);
  });

  test('all must be open: the campaign’s end comes before the legal one', () => {
    expect(closing('2026-12-22T15:00:00Z', ['America/New_York'], OFFICE, legal)).toBe(
      '2026-12-22T22:00:00.000Z',
    );
  });

  test('a lunch break is two windows of one day', () => {
    const withBreak: CallingWindow = {
      anyOf: [
        { start: '09:00', end: '12:00', days: ['monday'] },
        { start: '13:00', end: '17:00', days: ['monday'] },
      ],
    };
    expect(closing('2026-07-06T10:00:00Z', ['UTC'], withBreak)).toBe('2026-07-06T12:00:00.000Z');
    expect(opening('2026-07-06T12:00:00Z', ['UTC'], withBreak)).toBe('2026-07-06T13:00:00.000Z');
  });

  test('overlapping and touching ranges are one opening', () => {
    const touching: CallingWindow = {
      anyOf: [
        { start: '12:00', end: '17:00', days: ['monday'] },
        { start: '09:00', end: '12:00', days: ['monday'] },
        { start: '10:00', end: '11:00', days: ['monday'] },
      ],
    };
    expect(closing('2026-07-06T10:30:00Z', ['UTC'], touching)).toBe('2026-07-06T17:00:00.000Z');
  });

  test('a window may stand on a clock of its own, whatever the person’s zone', () => {
    const officeInBerlin: CallingWindow = { anyOf: [OFFICE], zones: ['Europe/Berlin'] };
    expect(opening('2026-07-06T06:00:00Z', ['America/New_York'], officeInBerlin)).toBe(
      '2026-07-06T07:00:00.000Z',
    );
    expect(closing('2026-07-06T13:30:00Z', ['America/New_York'], officeInBerlin, DAYTIME)).toBe(
      '2026-07-06T15:00:00.000Z',
    );
  });
});

describe('when clocks change', () => {
  const small: AllowedHours = { start: '02:00', end: '03:00', days: ['sunday'] };

  test('hours that fall into the gap of spring do not exist that day', () => {
    expect(opening('2026-03-08T06:00:00Z', ['America/New_York'], small)).toBe('2026-03-15T06:00:00.000Z');
  });

  test('hours that begin in the gap begin at its end', () => {
    const early: AllowedHours = { start: '02:30', end: '04:00', days: ['sunday'] };
    expect(opening('2026-03-08T06:00:00Z', ['America/New_York'], early)).toBe('2026-03-08T07:00:00.000Z');
  });

  test('the doubled hour of autumn is open both times, with the hour between only if it is open too', () => {
    const one: AllowedHours = { start: '01:00', end: '01:30', days: ['sunday'] };
    expect(closing('2026-11-01T05:10:00Z', ['America/New_York'], one)).toBe('2026-11-01T05:30:00.000Z');
    expect(opening('2026-11-01T05:40:00Z', ['America/New_York'], one)).toBe('2026-11-01T06:00:00.000Z');
    const both: AllowedHours = { start: '01:00', end: '02:00', days: ['sunday'] };
    expect(closing('2026-11-01T05:10:00Z', ['America/New_York'], both)).toBe('2026-11-01T07:00:00.000Z');
  });

  test('a change of half an hour counts as half an hour', () => {
    const early: AllowedHours = { start: '02:00', end: '02:45', days: ['sunday'] };
    expect(opening('2026-10-03T15:00:00Z', ['Australia/Lord_Howe'], early)).toBe('2026-10-03T15:30:00.000Z');
    expect(closing('2026-10-03T15:30:00Z', ['Australia/Lord_Howe'], early)).toBe('2026-10-03T15:45:00.000Z');
  });
});

describe('unknown means no', () => {
  test.each<[string, string[], (AllowedHours | CallingWindow)[]]>([
    ['no zone', [], [DAYTIME]],
    ['no window', ['America/New_York'], []],
    ['a zone that does not exist', ['America/New_York', 'America/Atlantis'], [DAYTIME]],
    ['hours that are no hours', ['UTC'], [{ start: '8', end: '21:00', days: [...DAY_NAMES] }]],
    ['an end before the start', ['UTC'], [{ start: '21:00', end: '08:00', days: [...DAY_NAMES] }]],
    ['no days', ['UTC'], [{ ...DAYTIME, days: [] }]],
    ['a window with no clock to stand on', ['UTC'], [{ anyOf: [DAYTIME], zones: [] }]],
    [
      'an opening more than 14 days away',
      ['UTC'],
      [{ anyOf: [], dates: { '2026-07-16': [{ start: '00:00', end: '24:00' }] } }],
    ],
  ])('%s', (_, zones, hours) => {
    expect(opening('2026-07-01T15:00:00Z', zones, ...hours)).toBeNull();
  });

  test('an opening exactly 14 days away is still found', () => {
    const later: CallingWindow = { anyOf: [], dates: { '2026-07-15': [{ start: '15:00', end: '16:00' }] } };
    expect(opening('2026-07-01T15:00:00Z', ['UTC'], later)).toBe('2026-07-15T15:00:00.000Z');
  });

  test.each([
    ['08:00', 480],
    ['00:00', 0],
    ['24:00', 1440],
    ['24:01', null],
    ['8:00', null],
    ['08:60', null],
    ['', null],
  ])('“%s” is %s minutes', (time, minutes) => {
    expect(minutesOf(time)).toBe(minutes);
  });
});

describe('against a search minute by minute', () => {
  const ZONES = [
    'America/New_York',
    'America/Phoenix',
    'America/Anchorage',
    'America/Adak',
    'Pacific/Honolulu',
    'America/St_Johns',
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'Europe/London',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
  ];
  /** The days of 2026 and 2027 on which a clock of these zones changes. */
  const CHANGES = [
    '2026-03-08',
    '2026-03-29',
    '2026-04-05',
    '2026-09-27',
    '2026-10-04',
    '2026-10-25',
    '2026-11-01',
    '2027-03-14',
    '2027-03-28',
    '2027-04-04',
    '2027-09-26',
    '2027-10-03',
    '2027-10-31',
    '2027-11-07',
  ];
  const instants = fc.oneof(
    fc
      .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -36 * 3_600_000, max: 48 * 3_600_000 }))
      .map(([day, ms]) => new Date(Date.parse(`${day}T00:00:00Z`) + ms)),
    fc.date({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-17T00:00:00Z'), noInvalidDate: true }),
  );
  const clock = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const hours = fc
    .tuple(
      fc.integer({ min: 0, max: 1439 }),
      fc.integer({ min: 1, max: 1440 }),
      fc.subarray([...DAY_NAMES], { minLength: 1 }),
    )
    .map(
      ([a, b, days]): AllowedHours => ({
        start: clock(Math.min(a, b - 1)),
        end: clock(Math.max(a + 1, b)),
        days,
      }),
    );
  const wideHours = fc
    .tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1000, max: 1440 }))
    .map(([a, b]): AllowedHours => ({ start: clock(a), end: clock(b), days: [...DAY_NAMES] }));
  const cases = fc.record({
    at: instants,
    zones: fc.uniqueArray(fc.constantFrom(...ZONES), { minLength: 1, maxLength: 3 }),
    hours: fc.oneof(
      fc.array(wideHours, { minLength: 1, maxLength: 2 }),
      fc.array(hours, { minLength: 1, maxLength: 2 }),
    ),
  });

  test('it is open exactly when every clock on the wall says so', () => {
    fc.assert(
      fc.property(cases, (input) => {
        expect(windowVerdict(input).open).toBe(isOpenByTheClockOnTheWall(input.at.getTime(), input));
      }),
      { numRuns: 2000 },
    );
  });

  test('it opens at the first open minute, and stays shut where there is none within 14 days', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const verdict = windowVerdict(input);
        fc.pre(!verdict.open);
        expect(verdict.open ? null : (verdict.opensAt?.getTime() ?? null)).toBe(firstOpenMinute(input));
      }),
      { numRuns: 150 },
    );
  });

  test('every minute until it closes is open, and the one at which it closes is not', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const verdict = windowVerdict(input);
        fc.pre(verdict.open);
        const closesAt = verdict.open ? verdict.closesAt.getTime() : 0;
        for (let t = input.at.getTime(); t < closesAt; t += 60_000) {
          expect(isOpenByTheClockOnTheWall(t, input)).toBe(true);
        }
        const isHorizon = closesAt === input.at.getTime() + 14 * 86_400_000;
        expect(isHorizon || !isOpenByTheClockOnTheWall(closesAt, input)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
