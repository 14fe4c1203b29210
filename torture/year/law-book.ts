/**
 * The law as telephony.md §6 has it, typed again by hand for the judge. Hours are minutes of the person's own day; a day
 * without hours is closed.
 */
export type Hours = { from: number; until: number } | null;

export type Statute = {
  key: string;
  /** From Sunday to Saturday. */
  week: readonly Hours[];
  /** Public holidays of this calendar are closed. */
  holidays: keyof typeof HOLIDAYS | null;
  /** At most so many attempts to a number within so many hours. */
  cap: { limit: number; hours: number } | null;
};

/** Public holidays of 2027 that nobody disputes, with the days on which they are kept when they fall on a weekend. */
export const HOLIDAYS = {
  US: [
    '2027-01-01',
    '2027-01-18',
    '2027-05-31',
    '2027-07-05',
    '2027-09-06',
    '2027-11-11',
    '2027-11-25',
    '2027-12-24',
    '2027-12-25',
  ],
  GB: ['2027-01-01', '2027-03-26', '2027-05-03', '2027-05-31', '2027-08-30', '2027-12-27', '2027-12-28'],
  DE: ['2027-01-01', '2027-03-26', '2027-03-29', '2027-05-01', '2027-05-06', '2027-05-17', '2027-12-25'],
} as const;

/** The statutes that bind whoever calls or texts somebody of this country and these states, all of them together. */
export function statutesOf(
  place: { country: string | null; states: readonly string[] },
  channel: 'call' | 'sms',
  preset: 'by_state' | 'strict',
): Statute[] {
  if (place.country === 'CA') return [CANADA];
  if (place.country === 'GB') return [BRITAIN];
  if (place.country !== 'US' && place.country !== null) return [FEDERAL];
  if (preset === 'strict' || place.states.length === 0) return [STRICT];
  return place.states.map((state) => STATES[channel === 'sms' && state === 'IL' ? 'rest' : state] ?? FEDERAL);
}

const hours = (text: string): Hours => {
  if (text === '-') return null;
  const [from = 0, until = 0] = text.split('-').map(Number);
  return { from: Math.round(from * 60), until: Math.round(until * 60) };
};

function statute(key: string, weekdays: string, saturday = weekdays, sunday = saturday): Statute {
  const days = [sunday, weekdays, weekdays, weekdays, weekdays, weekdays, saturday];
  return { key, week: days.map(hours), holidays: null, cap: null };
}

const closedOnHolidays = (one: Statute): Statute => ({ ...one, holidays: 'US' });
const thriceADay = (one: Statute): Statute => ({ ...one, cap: { limit: 3, hours: 24 } });

const FEDERAL = statute('US', '8-21');
const STRICT = thriceADay(closedOnHolidays(statute('US strict', '10-18', '10-17', '-')));
const CANADA = statute('CA', '9-21.5', '10-18');
const BRITAIN = statute('GB', '8-21', '9-21');

const STATES: Record<string, Statute> = {
  AL: closedOnHolidays(statute('AL', '8-20', '8-20', '-')),
  CT: statute('CT', '9-20'),
  FL: thriceADay(statute('FL', '8-20')),
  IL: statute('IL', '9-21'),
  KY: statute('KY', '10-21'),
  LA: closedOnHolidays(statute('LA', '8-20', '8-20', '-')),
  ME: { ...FEDERAL, key: 'ME', cap: { limit: 1, hours: 8 } },
  MD: thriceADay(statute('MD', '8-20')),
  MA: statute('MA', '8-20'),
  MI: statute('MI', '9-21'),
  MN: statute('MN', '9-21'),
  NM: statute('NM', '9-21'),
  MS: statute('MS', '8-20', '8-20', '-'),
  NV: statute('NV', '9-20'),
  NJ: statute('NJ', '8-20'),
  OK: thriceADay(statute('OK', '8-20')),
  PA: closedOnHolidays(statute('PA', '9-21', '9-21', '13.5-21')),
  RI: closedOnHolidays(statute('RI', '9-18', '10-17', '-')),
  SD: statute('SD', '9-21', '9-21', '-'),
  TX: statute('TX', '9-21', '9-21', '12-21'),
  UT: closedOnHolidays(statute('UT', '8-21', '8-21', '-')),
  WA: statute('WA', '8-20'),
  WY: statute('WY', '8-20'),
};
