import { WEEK, WEEKDAYS } from '#domain/week-hours.ts';
import { from, type LawRow } from './law-row.ts';

/** When the rows were last compared with their sources. */
const REVIEWED = '2026-11-22';
/** Two tables of state calling hours; where they differ, the stricter one (telephony.md §6). */
const TABLES = 'state calling-hour tables of 2025-11 and 2026';

const MON_SAT = [...WEEKDAYS, 'saturday'] as const;
const THRICE_A_DAY = [{ limit: 3, hours: 24 }];

type Few = Pick<LawRow, 'hours' | 'source'> & Partial<LawRow>;

function state(code: string, name: string, row: Few): LawRow {
  return {
    key: `US-${code}`,
    name,
    closedOn: [],
    caps: [],
    applies: 'calls_and_texts',
    asOf: REVIEWED,
    note: null,
    ...row,
  };
}

const FEDERAL: LawRow = {
  key: 'US',
  name: 'United States',
  hours: [from('08:00', '21:00', WEEK)],
  closedOn: [],
  caps: [],
  applies: 'calls_and_texts',
  source: '47 CFR 64.1200(c)(1); 16 CFR 310.4(c)',
  asOf: REVIEWED,
  note: 'It holds in every state and territory, beside the row of the state. Courts apply it to texts too.',
};

const EIGHT_TO_EIGHT = [from('08:00', '20:00', WEEK)];
const NINE_TO_NINE = [from('09:00', '21:00', WEEK)];
const EIGHT_TO_EIGHT_NO_SUNDAY = [from('08:00', '20:00', MON_SAT)];

const STATES: readonly LawRow[] = [
  state('AL', 'Alabama', { hours: EIGHT_TO_EIGHT_NO_SUNDAY, closedOn: ['US-AL'], source: TABLES }),
  state('CT', 'Connecticut', {
    hours: [from('09:00', '20:00', WEEK)],
    source: 'Conn. Gen. Stat. § 42-288a',
    note: 'Up to $20,000 for each violation.',
  }),
  state('FL', 'Florida', {
    hours: EIGHT_TO_EIGHT,
    caps: THRICE_A_DAY,
    source: 'Fla. Stat. § 501.616(6)',
    note: 'Automated systems need written consent besides.',
  }),
  state('IL', 'Illinois', {
    hours: NINE_TO_NINE,
    applies: 'calls',
    source: TABLES,
    note: 'For recorded and artificial voices, which an assistant’s is.',
  }),
  state('KY', 'Kentucky', { hours: [from('10:00', '21:00', WEEK)], source: 'KRS 367.46955' }),
  state('LA', 'Louisiana', {
    hours: EIGHT_TO_EIGHT_NO_SUNDAY,
    closedOn: ['US-LA'],
    source: TABLES,
    note: 'None in a state of emergency either, which no table knows: pause campaigns there.',
  }),
  state('ME', 'Maine', {
    hours: [from('08:00', '21:00', WEEK)],
    caps: [{ limit: 1, hours: 8 }],
    source: '10 M.R.S. § 1498',
    note: 'No hours of its own; automated devices may reach a number once in eight hours.',
  }),
  state('MD', 'Maryland', { hours: EIGHT_TO_EIGHT, caps: THRICE_A_DAY, source: TABLES }),
  state('MA', 'Massachusetts', { hours: EIGHT_TO_EIGHT, source: 'M.G.L. c. 159C § 3' }),
  state('MI', 'Michigan', { hours: NINE_TO_NINE, source: TABLES }),
  state('MN', 'Minnesota', { hours: NINE_TO_NINE, source: 'Minn. Stat. § 325E.30' }),
  state('MS', 'Mississippi', {
    hours: EIGHT_TO_EIGHT_NO_SUNDAY,
    closedOn: ['US-MS'],
    source: TABLES,
  }),
  state('NV', 'Nevada', { hours: [from('09:00', '20:00', WEEK)], source: TABLES }),
  state('NJ', 'New Jersey', {
    hours: EIGHT_TO_EIGHT,
    source: TABLES,
    note: 'In one of the two tables only.',
  }),
  state('NM', 'New Mexico', { hours: NINE_TO_NINE, source: 'N.M. Stat. § 57-12-22' }),
  state('OK', 'Oklahoma', {
    hours: EIGHT_TO_EIGHT,
    caps: THRICE_A_DAY,
    source: 'Okla. Stat. tit. 15 § 775C.4',
  }),
  state('PA', 'Pennsylvania', {
    hours: [from('09:00', '21:00', MON_SAT), from('13:30', '21:00', ['sunday'])],
    closedOn: ['US-PA'],
    source: TABLES,
    note: 'The tables garble Sunday morning; the later start is kept to.',
  }),
  state('RI', 'Rhode Island', {
    hours: [from('09:00', '18:00', WEEKDAYS), from('10:00', '17:00', ['saturday'])],
    closedOn: ['US-RI'],
    source: 'R.I. Gen. Laws § 5-61-3.6',
    note: 'The tables disagree about Sunday; it is closed here.',
  }),
  state('SD', 'South Dakota', {
    hours: [from('09:00', '21:00', MON_SAT)],
    source: 'SDCL § 37-30-28',
    note: 'For automated dialing it says “weekdays”, read as Monday to Saturday; own hours can close Saturday.',
  }),
  state('TX', 'Texas', {
    hours: [from('09:00', '21:00', MON_SAT), from('12:00', '21:00', ['sunday'])],
    source: 'Tex. Bus. & Com. Code § 301.051; SB 140 (2025-09-01)',
    note: 'Texts are covered. Whoever solicits has to register and put up a bond.',
  }),
  state('UT', 'Utah', {
    hours: [from('08:00', '21:00', MON_SAT)],
    closedOn: ['US-UT'],
    source: 'Utah Code § 13-25a-103',
    note: 'Whoever asks is told that it is an AI.',
  }),
  state('WA', 'Washington', { hours: EIGHT_TO_EIGHT, source: 'RCW 80.36.390' }),
  state('WY', 'Wyoming', { hours: EIGHT_TO_EIGHT, source: TABLES }),
];

/** The key of the row that satisfies every row of a state. */
export const STRICT_KEY = 'US-STRICT';

/** Kentucky opens at 10, Rhode Island closes at 18, and at 17 on Saturdays (telephony.md §6). */
const STRICT: LawRow = {
  key: STRICT_KEY,
  name: 'United States, any state',
  hours: [from('10:00', '18:00', WEEKDAYS), from('10:00', '17:00', ['saturday'])],
  closedOn: ['US', ...new Set(STATES.flatMap(({ closedOn }) => closedOn))],
  caps: [...THRICE_A_DAY, { limit: 1, hours: 8 }],
  applies: 'calls_and_texts',
  source: 'what satisfies every row of a state',
  asOf: REVIEWED,
  note: 'For whoever may be in any state, and everywhere with the preset “strict”.',
};

/** The rows that hold in the United States; whoever is in a state with a row keeps to both (telephony.md §6). */
export const UNITED_STATES: readonly LawRow[] = [FEDERAL, ...STATES, STRICT];
