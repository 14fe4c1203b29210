import type { Dice } from '#torture/dice.ts';
import type { WrittenHours, YearCampaign } from './journal.ts';
import type { Rhythm } from './occurrences.ts';
import type { Person } from './people.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './wall.ts';
import { CALM_NUMBERS } from './ways.ts';

/** When a campaign begins: at once when somebody presses the button, at an instant, or again and again. */
export type Beginning =
  | { kind: 'pressed'; at: number }
  | { kind: 'scheduled'; date: string; time: string; zone: string }
  | { kind: 'recurring'; rhythm: Rhythm };

export type PlannedCampaign = { madeAt: number; beginning: Beginning; campaign: Omit<YearCampaign, 'id'> };

const WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const WORKDAYS = WEEK.slice(0, 5);
const HOURS: WrittenHours[][] = [
  [{ start: '09:00', end: '17:00', days: WORKDAYS }],
  [{ start: '08:00', end: '21:00', days: WEEK }],
  [
    { start: '09:00', end: '12:00', days: WORKDAYS },
    { start: '14:00', end: '18:30', days: WORKDAYS },
    { start: '11:00', end: '15:00', days: ['saturday'] },
  ],
  [{ start: '10:00', end: '20:00', days: WEEK.slice(0, 6) }],
  [{ start: '00:00', end: '24:00', days: WEEK }],
];
const ZONES = ['America/New_York', 'America/Los_Angeles', 'Europe/London', 'America/Chicago', 'Asia/Kolkata'];
const PAUSES = ['2027-02-15', '2027-03-15', '2027-06-18', '2027-07-02', '2027-11-26', '2027-12-27'];
const DOLLAR = 1_000_000;

/** Campaigns of every kind, spread over the year, with people who are in several of them. */
export function mixedCampaigns(
  given: { count: number; people: readonly Person[]; each: number; from: number; until: number },
  dice: Dice,
): PlannedCampaign[] {
  const step = (given.until - given.from) / given.count;
  return Array.from({ length: given.count }, (_, index) => {
    const beginsAt = Math.round(given.from + (index + dice.roll()) * step);
    const isPressed = dice.chance(0.5);
    return {
      madeAt: beginsAt - (isPressed ? MINUTE_MS : 2 * DAY_MS),
      beginning: isPressed ? { kind: 'pressed', at: beginsAt } : scheduledAbout(beginsAt, dice),
      campaign: {
        ...plain(`Mixed ${index + 1}`, numberAt(index)),
        people: someOf(given.people, given.each, dice),
        ...wishes(dice),
        ...limits(dice),
      },
    };
  });
}

/** When and how often it wants to reach people. */
function wishes(dice: Dice) {
  return {
    hours: dice.pick(HOURS),
    zone: dice.pick(ZONES),
    followsContact: dice.chance(0.75),
    pauseDates: sometimes(dice, 0.5, PAUSES) ?? [],
    holidayPlaces: dice.pick([[], [], ['US'], ['GB'], ['US', 'DE']] as const).slice(),
    maxAttempts: dice.between(1, 4),
    retryDelayMinutes: dice.pick([5, 30, 60, 240, 1440]),
  };
}

/** What it holds itself to. */
function limits(dice: Dice) {
  const type = dice.pick(['sms', 'sms', 'call', 'call', 'mixed'] as const);
  return {
    type,
    budgetMicros: sometimes(dice, 0.35, budgetOf(type, dice)),
    excludeDays: sometimes(dice, 0.2, dice.between(1, 14)),
    textExpiryHours: sometimes(dice, 0.2, dice.pick([6, 24, 72])),
    endOfDay: sometimes(dice, 0.15, 'stop' as const) ?? ('continue' as const),
    canarySize: sometimes(dice, 0.25, dice.between(2, 8)),
  };
}

function sometimes<T>(dice: Dice, share: number, value: T): T | null {
  return dice.chance(share) ? value : null;
}

/** Campaigns that come back, with people of their own whom nothing else happens to: each is reached once each time. */
export function calmCampaigns(firstDate: string): PlannedCampaign[] {
  const rhythm = (given: Partial<Rhythm>): Rhythm => ({
    frequency: 'weekly',
    interval: 1,
    days: [],
    dayOfMonth: null,
    time: '10:00',
    zone: 'America/New_York',
    firstDate,
    endDate: null,
    ...given,
  });
  const rhythms = [
    rhythm({ days: ['monday', 'thursday'], interval: 2 }),
    rhythm({ days: ['sunday'], time: '01:30', interval: 2, zone: 'America/Chicago' }),
    rhythm({ frequency: 'monthly', dayOfMonth: 31, time: '15:00', zone: 'Europe/London' }),
    rhythm({ frequency: 'daily', interval: 4, time: '02:30', zone: 'Europe/Berlin', endDate: '2027-10-31' }),
    rhythm({ frequency: 'monthly', interval: 2, dayOfMonth: 14, time: '02:30', endDate: '2027-12-31' }),
  ];
  return rhythms.map((one, index) => ({
    madeAt: Date.parse(`${firstDate}T00:00:00Z`) - DAY_MS,
    beginning: { kind: 'recurring', rhythm: one },
    campaign: {
      ...plain(`Calm ${index + 1}`, `${CALM_NUMBERS}${1000 + index}`),
      people: calmPeople(index),
      hours: HOURS[4] ?? [],
      isCalm: true,
    },
  }));
}

/** People in places where every day has hours. */
export function calmPeople(index: number): Person[] {
  const places = [
    ['+1646', 'US', 'NY', 'America/New_York'],
    ['+1213', 'US', 'CA', 'America/Los_Angeles'],
    ['+44207946', 'GB', '', 'Europe/London'],
    ['+919845', 'IN', '', 'Asia/Kolkata'],
  ] as const;
  return places.map(([prefix, country, state, zone]) => {
    const phone = `${prefix}${prefix === '+919845' ? '01' : ''}${prefix.startsWith('+1') ? 555 : ''}${7100 + index}`;
    const place = { country, states: state ? [state] : [], zones: [zone] };
    return { phone, byNumber: place, said: null, place, isTollFree: false };
  });
}

export function plain(name: string, from: string): Omit<YearCampaign, 'id'> {
  return {
    name,
    from,
    type: 'sms',
    people: [],
    hours: [],
    zone: 'America/New_York',
    followsContact: true,
    pauseDates: [],
    holidayPlaces: [],
    maxAttempts: 1,
    retryDelayMinutes: 30,
    budgetMicros: null,
    excludeDays: null,
    textExpiryHours: null,
    endOfDay: 'continue',
    canarySize: null,
    isCalm: false,
  };
}

function scheduledAbout(ms: number, dice: Dice): Beginning {
  const [date = '', time = ''] = new Date(ms).toISOString().split('T');
  const zone = dice.pick(ZONES);
  return { kind: 'scheduled', date, time: `${time.slice(0, 2)}:${dice.pick(['00', '15', '30'])}`, zone };
}

/** Texts cost a cent or so; a call must have its longest time free. */
function budgetOf(type: YearCampaign['type'], dice: Dice): number {
  return Math.round((type === 'sms' ? 0.08 + dice.roll() * 0.4 : 3 + dice.roll() * 12) * DOLLAR);
}

function numberAt(index: number): string {
  return `+1500556${1000 + index}`;
}

function someOf(people: readonly Person[], count: number, dice: Dice): Person[] {
  const left = [...people];
  return Array.from({ length: Math.min(count, people.length) }, () => {
    const [taken] = left.splice(dice.between(0, left.length - 1), 1);
    if (!taken) throw new Error('there are fewer people than that');
    return taken;
  });
}

export const CARE_EVERY_MS = 12 * HOUR_MS;
