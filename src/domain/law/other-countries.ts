import { WEEK, WEEKDAYS } from '#domain/week-hours.ts';
import { from, type LawRow } from './law-row.ts';

/** When the rows were last compared with their sources. */
const REVIEWED = '2026-11-22';
const WEEKEND = ['saturday', 'sunday'] as const;
/** Eight to nine is what most countries without a law of hours would not mind, and the widest that is ever kept to. */
const EIGHT_TO_NINE = [from('08:00', '21:00', WEEK)];

type Few = Pick<LawRow, 'key' | 'name' | 'hours' | 'source'> & Partial<LawRow>;

function row(few: Few): LawRow {
  return { closedOn: [], caps: [], applies: 'calls_and_texts', asOf: REVIEWED, note: null, ...few };
}

/** The key of the row for every country without one. */
export const ELSEWHERE_KEY = 'ELSEWHERE';

/** The rows outside the United States (telephony.md §6). */
export const OTHER_COUNTRIES: readonly LawRow[] = [
  row({
    key: 'CA',
    name: 'Canada',
    hours: [from('09:00', '21:30', WEEKDAYS), from('10:00', '18:00', WEEKEND)],
    source: 'CRTC Unsolicited Telecommunications Rules, part III',
    note: 'Where a province is stricter, it comes first: the workspace’s own hours can follow it. Synthesised voices need consent.',
  }),
  row({
    key: 'GB',
    name: 'United Kingdom',
    hours: [from('08:00', '21:00', WEEKDAYS), from('09:00', '21:00', WEEKEND)],
    source: 'industry practice; no law of hours',
    note: 'Automated calls for marketing need consent (PECR reg. 19).',
  }),
  row({
    key: 'EU',
    name: 'European Union',
    hours: EIGHT_TO_NINE,
    source: 'no law of hours for the Union; the widest hours that are kept to anywhere',
    note: 'Automated calls and texts for marketing need consent (ePrivacy art. 13(1)).',
  }),
  row({
    key: 'FR',
    name: 'France',
    hours: [from('10:00', '13:00', WEEKDAYS), from('14:00', '20:00', WEEKDAYS)],
    closedOn: ['FR'],
    caps: [{ limit: 4, hours: 720 }],
    applies: 'calls',
    source: 'Code de la consommation, art. D223-9 (2023-03-01)',
    note: 'It does not hold for whoever gave consent that can be proven.',
  }),
  row({
    key: 'ES',
    name: 'Spain',
    hours: [from('09:00', '21:00', WEEKDAYS)],
    closedOn: ['ES'],
    applies: 'calls',
    source: 'Real Decreto Legislativo 1/2007, art. 96.2',
  }),
  row({
    key: 'AU',
    name: 'Australia',
    hours: [from('09:00', '20:00', WEEKDAYS), from('09:00', '17:00', ['saturday'])],
    closedOn: ['AU'],
    applies: 'calls',
    source: 'Telecommunications (Telemarketing and Research Calls) Industry Standard 2017',
  }),
  row({
    key: ELSEWHERE_KEY,
    name: 'Every other country',
    hours: EIGHT_TO_NINE,
    source: 'no row for the country; the widest hours that are kept to anywhere',
    note: 'Nobody has looked at the law there: ask somebody who knows it.',
  }),
];

/** The members of the European Union. */
const MEMBERS = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK AX';
/** Where the law of France holds beside the mainland. */
const FRENCH = 'FR BL GF GP MF MQ RE YT';

/** The keys of the rows that hold in a country, all together; states come on top. */
export function keysOfCountry(country: string): string[] {
  return BY_COUNTRY.get(country) ?? [ELSEWHERE_KEY];
}

const BY_COUNTRY = new Map<string, string[]>([
  ...list('US AS GU MP PR VI').map((country): [string, string[]] => [country, ['US']]),
  ['CA', ['CA']],
  ...list('GB GG IM JE').map((country): [string, string[]] => [country, ['GB']]),
  ...list(MEMBERS).map((country): [string, string[]] => [country, ['EU']]),
  ...list(FRENCH).map((country): [string, string[]] => [country, ['EU', 'FR']]),
  ['ES', ['EU', 'ES']],
  ...list('AU CC CX').map((country): [string, string[]] => [country, [ELSEWHERE_KEY, 'AU']]),
]);

function list(countries: string): string[] {
  return countries.split(' ');
}
