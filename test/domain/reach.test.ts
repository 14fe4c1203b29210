import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AllowedHours, DAY_NAMES, windowVerdict } from '#domain/calling-window.ts';
import { LAW } from '#domain/law/legal-rules.ts';
import {
  type CampaignHours,
  type ContactPolicy,
  campaignHoursOf,
  reachOf,
  type Whereabouts,
} from '#domain/reach.ts';
import { plainPolicy } from '#support/policy.ts';
import { wallClock } from './wall-clock-oracle.ts';

const ALWAYS: AllowedHours = { start: '00:00', end: '24:00', days: [...DAY_NAMES] };
const FREE: CampaignHours = { windows: [ALWAYS], closedDates: [], zone: 'UTC', followsContact: true };
/** Thanksgiving and Christmas, the same everywhere. */
const POLICY = plainPolicy(['2026-11-26', '2026-12-25']);

type Asked = Partial<Whereabouts> & { hours?: CampaignHours; policy?: Partial<ContactPolicy> };

function reach({ hours = FREE, policy, ...who }: Asked = {}, channel: 'call' | 'sms' = 'call') {
  return reachOf({
    who: { phoneNumber: '+12125550123', ownZones: null, ownRegion: null, ...who },
    channel,
    hours,
    policy: { ...POLICY, ...policy },
  });
}

function isOpen(asked: Asked, iso: string, channel: 'call' | 'sms' = 'call'): boolean {
  const { zones, hours } = reach(asked, channel);
  return windowVerdict({ at: new Date(iso), zones: zones.zones, hours }).open;
}

describe('where somebody may be', () => {
  test.each<[string, Asked, object]>([
    [
      'the area code says',
      {},
      { zones: ['America/New_York'], certainty: 'exact', country: 'US', states: ['NY'] },
    ],
    [
      'an own zone beats it, and the state is no longer known',
      { ownZones: ['Asia/Tokyo'] },
      { zones: ['Asia/Tokyo'], certainty: 'exact', basis: 'own_zone', country: null, states: [] },
    ],
    [
      'an own zone that the number has leaves the state known',
      { phoneNumber: '+18505550123', ownZones: ['America/Chicago'] },
      { zones: ['America/Chicago'], country: 'US', states: ['FL'] },
    ],
    [
      'a zone under another name is the same clock',
      { phoneNumber: '+13135550123', ownZones: ['America/Detroit'] },
      { zones: ['America/Detroit'], states: ['MI'] },
    ],
    [
      'several own zones all count',
      { ownZones: ['America/Denver', 'America/Phoenix'], ownRegion: 'US-AZ' },
      { zones: ['America/Denver', 'America/Phoenix'], certainty: 'ambiguous', states: ['AZ'] },
    ],
    ['an own zone that could not be read', { ownZones: [] }, { zones: [], certainty: 'unknown' }],
    [
      'an own zone that clocks do not know',
      { ownZones: ['Middle/Earth'] },
      { zones: [], certainty: 'unknown' },
    ],
    [
      'an own state',
      { ownZones: ['America/Chicago'], ownRegion: 'US-TX' },
      { country: 'US', states: ['TX'], zones: ['America/Chicago'] },
    ],
    ['an own country that the number narrows', { ownRegion: 'US' }, { country: 'US', states: ['NY'] }],
    [
      'an own country that is not the number’s',
      { phoneNumber: '+491511234567', ownRegion: 'US' },
      { country: 'US', states: [], certainty: 'country', basis: 'own_region' },
    ],
    [
      'an own state without a zone, which the number is not of',
      { ownRegion: 'US-TX' },
      { zones: ['America/Chicago', 'America/Denver'], certainty: 'ambiguous', states: ['TX'] },
    ],
    [
      'an own state without a zone, which the number narrows',
      { phoneNumber: '+19155550123', ownRegion: 'US-TX' },
      { zones: ['America/Denver'], certainty: 'exact', basis: 'area_code', states: ['TX'] },
    ],
    ['a toll-free number by default', { phoneNumber: '+18005550123' }, { zones: [], certainty: 'unknown' }],
    [
      'a toll-free number with an own zone',
      { phoneNumber: '+18005550123', ownZones: ['America/Denver'] },
      { zones: ['America/Denver'], certainty: 'exact', country: 'US', states: [] },
    ],
    [
      'a toll-free number taken for the contiguous states',
      { phoneNumber: '+18005550123', policy: { tollFree: 'contiguous' } },
      { certainty: 'country', country: 'US', states: [] },
    ],
    [
      'a toll-free number where nobody is contacted whose place is unknown',
      { phoneNumber: '+18005550123', policy: { tollFree: 'contiguous', unknownPlace: 'skip' } },
      { zones: [], certainty: 'unknown' },
    ],
    [
      'an unknown area code where nobody is contacted whose place is unknown',
      { phoneNumber: '+15555550123', policy: { unknownPlace: 'skip' } },
      { zones: [], certainty: 'unknown' },
    ],
    [
      'two zones of one code are not an unknown place',
      { phoneNumber: '+18505550123', policy: { unknownPlace: 'skip' } },
      { zones: ['America/New_York', 'America/Chicago'], certainty: 'ambiguous' },
    ],
  ])('%s', (_, asked, zones) => {
    expect(reach(asked).zones).toMatchObject(zones);
  });
});

describe('which rows and caps count', () => {
  test.each<[string, Asked, string[]]>([
    ['the state of the number', { phoneNumber: '+13055550123' }, ['US', 'US-FL']],
    [
      'the own state alone',
      { phoneNumber: '+13055550123', ownRegion: 'US-TX', ownZones: ['America/Chicago'] },
      ['US', 'US-TX'],
    ],
    ['a zone that is not the number’s', { ownZones: ['America/Chicago'] }, ['US', 'US-STRICT']],
    [
      'a zone under a name that no table has',
      { phoneNumber: '+447911123456', ownZones: ['America/Detroit'] },
      ['US', 'CA', 'GB', 'ELSEWHERE', 'US-STRICT'],
    ],
    [
      'a zone that nobody keeps',
      { phoneNumber: '+80012345678', ownZones: ['Antarctica/Troll'] },
      ['ELSEWHERE'],
    ],
    ['a zone abroad', { ownZones: ['Europe/Paris'] }, ['US', 'EU', 'FR', 'US-STRICT']],
    [
      'a number that may be on either side of the border',
      { phoneNumber: '+15555550123' },
      ['US', 'CA', 'US-STRICT'],
    ],
    ['toll-free', { phoneNumber: '+18005550123', policy: { tollFree: 'contiguous' } }, ['US', 'US-STRICT']],
    ['strict, also where the state is known', { policy: { preset: 'strict' } }, ['US', 'US-STRICT']],
    ['Puerto Rico', { phoneNumber: '+17875550123' }, ['US']],
    ['Britain', { phoneNumber: '+442079460958' }, ['GB']],
    ['a calling code of two countries', { phoneNumber: '+70000000000' }, ['ELSEWHERE']],
  ])('%s', (_, asked, rules) => {
    expect([...reach(asked).rules].sort()).toEqual([...rules].sort());
  });

  test('the cap of the workspace comes with those of the rows', () => {
    const frequency = { key: 'workspace', limit: 2, hours: 48 };
    expect(reach({ phoneNumber: '+13055550123', policy: { frequency } }).caps).toEqual([
      frequency,
      { key: 'US-FL', limit: 3, hours: 24 },
    ]);
    expect(reach().caps).toEqual([]);
  });

  test('every window has a name by which it can be told', () => {
    const asked = { phoneNumber: '+13055550123', policy: { ownHours: [ALWAYS] } };
    expect(reach(asked).hours.map(({ name }) => name)).toEqual(['campaign', 'US', 'US-FL', 'workspace']);
  });
});

/** New York keeps UTC−5 in winter. */
describe('which hours count', () => {
  test.each<[string, Asked, string, boolean]>([
    ['a state without a row at 20:30', {}, '2026-12-02T01:30:00Z', true],
    ['the federal end', {}, '2026-12-02T02:00:00Z', false],
    ['Florida after 20:00', { phoneNumber: '+13055550123' }, '2026-12-02T01:00:00Z', false],
    ['Florida before 20:00', { phoneNumber: '+13055550123' }, '2026-12-02T00:59:00Z', true],
    ['Florida on two clocks', { phoneNumber: '+18505550123' }, '2026-12-02T00:59:00Z', true],
    [
      'Florida on two clocks, before eight on one',
      { phoneNumber: '+18505550123' },
      '2026-12-01T13:30:00Z',
      false,
    ],
    ['Texas on Sunday morning', { phoneNumber: '+12145550123' }, '2026-12-06T17:30:00Z', false],
    ['Texas on Sunday afternoon', { phoneNumber: '+12145550123' }, '2026-12-06T18:00:00Z', true],
    ['Rhode Island on Thanksgiving', { phoneNumber: '+14015550123' }, '2026-11-26T17:00:00Z', false],
    ['New York on Thanksgiving', {}, '2026-11-26T17:00:00Z', true],
    ['anywhere on Thanksgiving', { policy: { preset: 'strict' } }, '2026-11-26T17:00:00Z', false],
    ['Rhode Island on Sunday', { phoneNumber: '+14015550123' }, '2026-12-06T17:00:00Z', false],
    ['Utah on Sunday', { phoneNumber: '+18015550123' }, '2026-12-06T19:00:00Z', false],
    ['Paris at its noon', { phoneNumber: '+33612345678' }, '2026-12-01T12:30:00Z', false],
    [
      'London on Saturday at half past eight',
      { phoneNumber: '+447911123456' },
      '2026-12-05T08:30:00Z',
      false,
    ],
    ['Toronto on Saturday at half past nine', { phoneNumber: '+14165550123' }, '2026-12-05T14:30:00Z', false],
    [
      'Toronto on Monday at a quarter past nine at night',
      { phoneNumber: '+14165550123' },
      '2026-12-08T02:15:00Z',
      true,
    ],
  ])('%s', (_, asked, iso, open) => {
    expect(isOpen(asked, iso)).toBe(open);
  });

  test('a text goes to Paris at noon, where the row is about calls', () => {
    expect(isOpen({ phoneNumber: '+33612345678' }, '2026-12-01T12:30:00Z', 'sms')).toBe(true);
  });

  test('own hours of a workspace tighten and never loosen', () => {
    const early: AllowedHours = { start: '06:00', end: '10:00', days: [...DAY_NAMES] };
    const policy = { ownHours: [early] };
    expect(isOpen({ policy }, '2026-12-01T12:00:00Z')).toBe(false);
    expect(isOpen({ policy }, '2026-12-01T14:00:00Z')).toBe(true);
    expect(isOpen({ policy }, '2026-12-01T16:00:00Z')).toBe(false);
  });

  test('an override takes the place of its own row and of no other', () => {
    const evening: AllowedHours = { start: '07:00', end: '22:00', days: [...DAY_NAMES] };
    const florida = { phoneNumber: '+13055550123', policy: { overrides: new Map([['US-FL', [evening]]]) } };
    expect(isOpen(florida, '2026-12-02T01:30:00Z')).toBe(true);
    expect(isOpen(florida, '2026-12-02T02:30:00Z')).toBe(false);
    expect(isOpen({ ...florida, phoneNumber: '+14055550123' }, '2026-12-02T02:30:00Z')).toBe(false);
  });

  test('an override leaves the holidays and the caps of its row as they are', () => {
    const overrides = new Map([['US-RI', [ALWAYS]]]);
    const policy = { overrides };
    expect(isOpen({ phoneNumber: '+14015550123', policy }, '2026-11-26T17:00:00Z')).toBe(false);
    expect(isOpen({ phoneNumber: '+14015550123', policy }, '2026-11-29T17:00:00Z')).toBe(true);
    const florida = { phoneNumber: '+13055550123', policy: { overrides: new Map([['US-FL', [ALWAYS]]]) } };
    expect(reach(florida).caps).toEqual([{ key: 'US-FL', limit: 3, hours: 24 }]);
  });

  test('a campaign on its own clock is still bound by the law on the person’s', () => {
    const hours: CampaignHours = {
      windows: [{ ...ALWAYS, start: '08:00', end: '12:00' }],
      closedDates: [],
      zone: 'America/New_York',
      followsContact: false,
    };
    const hawaii = { phoneNumber: '+18085550123', hours };
    expect(isOpen(hawaii, '2026-12-01T14:00:00Z')).toBe(false);
    expect(isOpen({ hours }, '2026-12-01T14:00:00Z')).toBe(true);
    expect(isOpen({ hours }, '2026-12-01T17:00:00Z')).toBe(false);
  });

  test('pause dates are days on the clock that the campaign follows', () => {
    const hours = { ...FREE, closedDates: ['2026-12-01'] };
    expect(isOpen({ hours }, '2026-12-01T17:00:00Z')).toBe(false);
    expect(isOpen({ hours, phoneNumber: '+18085550123' }, '2026-12-02T05:00:00Z')).toBe(false);
    expect(isOpen({ hours }, '2026-12-02T17:00:00Z')).toBe(true);
  });

  test('whose holidays were not read is not contacted by mistake', () => {
    expect(() => reach({ phoneNumber: '+14015550123', policy: { holidays: new Map() } })).toThrow(/US-RI/);
  });
});

describe('the hours of a campaign', () => {
  const campaign = {
    allowedHours: null,
    additionalHours: [{ ...ALWAYS, days: ['sunday' as const] }],
    pauseDates: ['2026-12-24'],
    holidayPlaces: ['US', 'GB'],
    timeZone: 'America/New_York',
    contactTimeZone: false,
  };

  test('windows, pause dates and the holidays of all its places come together', () => {
    const holidays = new Map([
      ['US', ['2026-11-26']],
      ['GB', ['2026-12-28']],
    ]);
    expect(campaignHoursOf(campaign, holidays)).toEqual({
      windows: [{ start: '08:00', end: '21:00', days: [...DAY_NAMES] }, ...campaign.additionalHours],
      closedDates: ['2026-12-24', '2026-11-26', '2026-12-28'],
      zone: 'America/New_York',
      followsContact: false,
    });
  });

  test('a place whose holidays were not read is a mistake, not a place without holidays', () => {
    expect(() => campaignHoursOf(campaign, new Map([['US', []]]))).toThrow(/GB/);
  });
});

describe('every minute of a day, by the clocks on the walls', () => {
  /** Days on which clocks change in America and in Europe, holidays, and ordinary ones. */
  const DAYS = [
    '2026-03-08',
    '2026-11-01',
    '2026-10-25',
    '2026-11-26',
    '2027-03-14',
    '2026-07-04',
    '2026-12-06',
  ];
  const NUMBERS = [
    ...'212 305 850 270 907 928 808 205 401 605 214 801 709 807 555'
      .split(' ')
      .map((code) => `+1${code}5550123`),
    '+447911123456',
    '+33612345678',
    '+34612345678',
    '+61412345678',
  ];

  /** Whether each of the named rows is open on each clock, minute by minute, comparing texts. */
  function isOpenByHand(asked: Asked, at: number): boolean {
    const { zones, rules } = reach(asked);
    return zones.zones.every((zone) => {
      const [weekday, time] = wallClock(zone, at);
      const date = calendarDate(zone, at);
      return rules.every((key) => {
        const row = LAW.get(key);
        if (row?.closedOn.some((place) => POLICY.holidays.get(place)?.includes(date))) return false;
        return row?.hours.some(
          ({ start, end, days }) => days.some((day) => day === weekday) && start <= time && time < end,
        );
      });
    });
  }

  const dates = new Map<string, Intl.DateTimeFormat>();
  function calendarDate(zone: string, at: number): string {
    const format =
      dates.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
    dates.set(zone, format);
    return format.format(at);
  }

  test('a contact is within reach exactly when all rows are open in all zones', () => {
    const question = fc.record({
      phoneNumber: fc.constantFrom(...NUMBERS),
      day: fc.constantFrom(...DAYS),
      minute: fc.integer({ min: -720, max: 2160 }),
      preset: fc.constantFrom<'by_state' | 'strict'>('by_state', 'strict'),
    });
    fc.assert(
      fc.property(question, ({ phoneNumber, day, minute, preset }) => {
        const at = Date.parse(`${day}T00:00:00Z`) + minute * 60_000;
        const asked = { phoneNumber, policy: { preset } };
        expect(isOpen(asked, new Date(at).toISOString())).toBe(isOpenByHand(asked, at));
      }),
      { numRuns: 1500 },
    );
  });

  test('whoever is not within reach is from the first quarter of an hour on at which all rows are open', () => {
    const QUARTER_MS = 15 * 60_000;
    const question = fc.record({
      phoneNumber: fc.constantFrom(...NUMBERS),
      day: fc.constantFrom(...DAYS),
      quarter: fc.integer({ min: 0, max: 95 }),
      preset: fc.constantFrom<'by_state' | 'strict'>('by_state', 'strict'),
    });
    fc.assert(
      fc.property(question, ({ phoneNumber, day, quarter, preset }) => {
        const asked = { phoneNumber, policy: { preset } };
        let at = Date.parse(`${day}T00:00:00Z`) + quarter * QUARTER_MS;
        const { zones, hours } = reach(asked);
        const verdict = windowVerdict({ at: new Date(at), zones: zones.zones, hours });
        const until = at + 14 * 24 * 4 * QUARTER_MS;
        while (at <= until && !isOpenByHand(asked, at)) at += QUARTER_MS;
        if (verdict.open) expect(isOpenByHand(asked, at)).toBe(true);
        else expect(verdict.opensAt?.getTime() ?? null).toBe(at <= until ? at : null);
      }),
      { numRuns: 150 },
    );
  });
});
