import type { Dice } from '#torture/dice.ts';

/** Where somebody may be, as the judge knows it: written down by hand, never asked of the product. */
export type Place = { country: string | null; states: readonly string[]; zones: readonly string[] };

/** What a row of a file says about where somebody is. */
export type Said = { zone?: string; postcode?: string; state?: string; country?: string };

export type Person = {
  phone: string;
  /** Where the number says they are. */
  byNumber: Place;
  said: Said | null;
  /** Where they are by what the file says; its absent parts are the number's. */
  place: Place;
  isTollFree: boolean;
};

const NY = 'America/New_York';
const CHICAGO = 'America/Chicago';
const DENVER = 'America/Denver';
const LA = 'America/Los_Angeles';
const HALIFAX = 'America/Halifax';

/** Beginning of the number, or the whole of it but for its station, then country, states, zones. */
const NUMBERS: [string, string | null, string, string[]][] = [
  ['+1212', 'US', 'NY', [NY]],
  ['+1312', 'US', 'IL', [CHICAGO]],
  ['+1303', 'US', 'CO', [DENVER]],
  ['+1415', 'US', 'CA', [LA]],
  ['+1602', 'US', 'AZ', ['America/Phoenix']],
  ['+1928', 'US', 'AZ', ['America/Phoenix', DENVER]],
  ['+1907', 'US', 'AK', ['America/Anchorage', 'America/Adak']],
  ['+1808', 'US', 'HI', ['Pacific/Honolulu']],
  ['+1305', 'US', 'FL', [NY]],
  ['+1850', 'US', 'FL', [NY, CHICAGO]],
  ['+1270', 'US', 'KY', [NY, CHICAGO]],
  ['+1859', 'US', 'KY', [NY]],
  ['+1205', 'US', 'AL', [CHICAGO]],
  ['+1504', 'US', 'LA', [CHICAGO]],
  ['+1203', 'US', 'CT', [NY]],
  ['+1617', 'US', 'MA', [NY]],
  ['+1207', 'US', 'ME', [NY]],
  ['+1410', 'US', 'MD', [NY]],
  ['+1313', 'US', 'MI', ['America/Detroit']],
  ['+1906', 'US', 'MI', [NY, CHICAGO]],
  ['+1612', 'US', 'MN', [CHICAGO]],
  ['+1505', 'US', 'NM', [DENVER]],
  ['+1601', 'US', 'MS', [CHICAGO]],
  ['+1702', 'US', 'NV', [LA]],
  ['+1201', 'US', 'NJ', [NY]],
  ['+1405', 'US', 'OK', [CHICAGO]],
  ['+1215', 'US', 'PA', [NY]],
  ['+1401', 'US', 'RI', [NY]],
  ['+1605', 'US', 'SD', [CHICAGO, DENVER]],
  ['+1214', 'US', 'TX', [CHICAGO]],
  ['+1915', 'US', 'TX', [DENVER]],
  ['+1801', 'US', 'UT', [DENVER]],
  ['+1206', 'US', 'WA', [LA]],
  ['+1307', 'US', 'WY', [DENVER]],
  ['+1541', 'US', 'OR', ['America/Boise', LA]],
  ['+1208', 'US', 'ID', ['America/Boise', LA]],
  ['+1219', 'US', 'IN', [CHICAGO, 'America/Indiana/Indianapolis']],
  ['+1416', 'CA', 'ON', ['America/Toronto']],
  ['+1604', 'CA', 'BC', ['America/Vancouver']],
  ['+1403', 'CA', 'AB', ['America/Edmonton']],
  ['+1204', 'CA', 'MB', ['America/Winnipeg']],
  ['+1902', 'CA', 'NS PE', [HALIFAX]],
  ['+1709', 'CA', 'NL', ['America/St_Johns', HALIFAX]],
  ['+1787', 'PR', '', ['America/Puerto_Rico']],
  ['+1671', 'GU', '', ['Pacific/Guam']],
  ['+4420794####6', 'GB', '', ['Europe/London']],
  ['+353861####12', 'IE', '', ['Europe/Dublin']],
  ['+491511####123', 'DE', '', ['Europe/Berlin']],
  ['+33612####12', 'FR', '', ['Europe/Paris']],
  ['+34612####12', 'ES', '', ['Europe/Madrid', 'Atlantic/Canary']],
  [
    '+61412####12',
    'AU',
    '',
    ['Australia/Sydney', 'Australia/Adelaide', 'Australia/Darwin', 'Australia/Perth'],
  ],
  ['+919812####12', 'IN', '', ['Asia/Kolkata']],
  ['+9779812####12', 'NP', '', ['Asia/Kathmandu']],
  [
    '+5511912####12',
    'BR',
    '',
    ['America/Sao_Paulo', 'America/Manaus', 'America/Rio_Branco', 'America/Noronha'],
  ],
  ['+64211####12', 'NZ', '', ['Pacific/Auckland', 'Pacific/Chatham']],
  ['+819012####12', 'JP', '', ['Asia/Tokyo']],
];

/** From Newfoundland to Hawaii: where a North American number of no known area may be. */
const MAINLAND = [
  'America/St_Johns',
  HALIFAX,
  NY,
  CHICAGO,
  'America/Regina',
  DENVER,
  'America/Phoenix',
  LA,
  'America/Anchorage',
  'America/Adak',
  'Pacific/Honolulu',
];

const CONTIGUOUS = [NY, CHICAGO, DENVER, 'America/Phoenix', LA];

/** What files say about people, and where those are by it. */
const SAYINGS: { said: Said; region: [string, string[]] | null; zones: string[] }[] = [
  { said: { postcode: '60601' }, region: ['US', ['IL']], zones: [CHICAGO] },
  { said: { postcode: '33101' }, region: ['US', ['FL']], zones: [NY] },
  { said: { postcode: '32501' }, region: ['US', ['FL']], zones: [CHICAGO] },
  { said: { postcode: '96813-1234' }, region: ['US', ['HI']], zones: ['Pacific/Honolulu'] },
  { said: { postcode: '99501' }, region: ['US', ['AK']], zones: ['America/Anchorage'] },
  { said: { postcode: '85001' }, region: ['US', ['AZ']], zones: ['America/Phoenix'] },
  { said: { postcode: '02903' }, region: ['US', ['RI']], zones: [NY] },
  { said: { postcode: '84101' }, region: ['US', ['UT']], zones: [DENVER] },
  { said: { postcode: '79901' }, region: ['US', ['TX']], zones: [DENVER] },
  { said: { state: 'FL' }, region: ['US', ['FL']], zones: [NY, CHICAGO] },
  { said: { state: 'Texas' }, region: ['US', ['TX']], zones: [CHICAGO, DENVER] },
  { said: { state: 'CA', country: 'US' }, region: ['US', ['CA']], zones: [LA] },
  { said: { zone: 'Asia/Tokyo' }, region: null, zones: ['Asia/Tokyo'] },
  { said: { zone: 'America/Phoenix' }, region: null, zones: ['America/Phoenix'] },
  { said: { zone: 'Middle/Earth' }, region: null, zones: [] },
  { said: { postcode: 'M5V 2T6', country: 'CA' }, region: ['CA', ['ON']], zones: ['America/Toronto'] },
  { said: { country: 'GB' }, region: ['GB', []], zones: ['Europe/London'] },
];

/** People of every place, in order; some of them with a file that knows better than their number. */
export function makePeople(count: number, dice: Dice): Person[] {
  return Array.from({ length: count }, (_, index) => {
    if (index % 29 === 11) return placeless(`+1555555${station(index)}`, MAINLAND, false);
    if (index % 37 === 13) return placeless(`+1800555${station(index)}`, [], true);
    const [prefix, country, states, zones] = NUMBERS[index % NUMBERS.length] ?? NUMBERS[0] ?? never();
    const filled = prefix.includes('#')
      ? prefix.replace('####', station(index))
      : `${prefix}555${station(index)}`;
    const byNumber = { country, states: states.split(' ').filter(Boolean), zones };
    const saying = country === 'US' && dice.chance(0.2) ? dice.pick(SAYINGS) : null;
    if (!saying) return { phone: filled, byNumber, said: null, place: byNumber, isTollFree: false };
    const [ownCountry, ownStates] = saying.region ?? [country, byNumber.states];
    const place = { country: ownCountry, states: ownStates, zones: saying.zones };
    return { phone: filled, byNumber, said: saying.said, place, isTollFree: false };
  });
}

/** Where a toll-free number may be, where the workspace takes them for the contiguous states. */
export const TOLL_FREE_PLACE: Place = { country: 'US', states: [], zones: CONTIGUOUS };

function placeless(phone: string, zones: string[], isTollFree: boolean): Person {
  const place = { country: null, states: [], zones };
  return { phone, byNumber: place, said: null, place, isTollFree };
}

function station(index: number): string {
  return String(1000 + index);
}

function never(): never {
  throw new Error('there are no numbers');
}
