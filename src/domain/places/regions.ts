import { getCountries } from 'libphonenumber-js/max';

/** States of the United States, its territories, Canada's provinces and Australia's states: code and name. */
const STATES: Record<'US' | 'CA' | 'AU', string> = {
  US:
    'AL:Alabama AK:Alaska AZ:Arizona AR:Arkansas CA:California CO:Colorado CT:Connecticut DE:Delaware ' +
    'DC:District_of_Columbia FL:Florida GA:Georgia HI:Hawaii ID:Idaho IL:Illinois IN:Indiana IA:Iowa KS:Kansas ' +
    'KY:Kentucky LA:Louisiana ME:Maine MD:Maryland MA:Massachusetts MI:Michigan MN:Minnesota MS:Mississippi ' +
    'MO:Missouri MT:Montana NE:Nebraska NV:Nevada NH:New_Hampshire NJ:New_Jersey NM:New_Mexico NY:New_York ' +
    'NC:North_Carolina ND:North_Dakota OH:Ohio OK:Oklahoma OR:Oregon PA:Pennsylvania RI:Rhode_Island ' +
    'SC:South_Carolina SD:South_Dakota TN:Tennessee TX:Texas UT:Utah VT:Vermont VA:Virginia WA:Washington ' +
    'WV:West_Virginia WI:Wisconsin WY:Wyoming ' +
    'PR:Puerto_Rico VI:Virgin_Islands GU:Guam MP:Northern_Mariana_Islands AS:American_Samoa',
  CA:
    'AB:Alberta BC:British_Columbia MB:Manitoba NB:New_Brunswick NL:Newfoundland_and_Labrador NS:Nova_Scotia ' +
    'NT:Northwest_Territories NU:Nunavut ON:Ontario PE:Prince_Edward_Island QC:Quebec SK:Saskatchewan YT:Yukon',
  AU:
    'NSW:New_South_Wales VIC:Victoria QLD:Queensland SA:South_Australia WA:Western_Australia TAS:Tasmania ' +
    'NT:Northern_Territory ACT:Australian_Capital_Territory',
};

/** What people write besides code and name. */
const OTHER_STATE_NAMES: Record<string, string> = {
  'washington dc': 'US-DC',
  'us virgin islands': 'US-VI',
  newfoundland: 'CA-NL',
  labrador: 'CA-NL',
  nfld: 'CA-NL',
  pei: 'CA-PE',
  'yukon territory': 'CA-YT',
  pq: 'CA-QC',
};

/** What people write for a country besides its code and its English name. */
const OTHER_COUNTRY_NAMES: Record<string, string> = {
  usa: 'US',
  'us of a': 'US',
  'united states of america': 'US',
  america: 'US',
  can: 'CA',
  uk: 'GB',
  gbr: 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  eire: 'IE',
  'republic of ireland': 'IE',
  irl: 'IE',
  deutschland: 'DE',
  deu: 'DE',
  ger: 'DE',
  osterreich: 'AT',
  aut: 'AT',
  schweiz: 'CH',
  suisse: 'CH',
  che: 'CH',
  fra: 'FR',
  espana: 'ES',
  esp: 'ES',
  italia: 'IT',
  ita: 'IT',
  nederland: 'NL',
  holland: 'NL',
  'the netherlands': 'NL',
  nld: 'NL',
  belgique: 'BE',
  belgie: 'BE',
  bel: 'BE',
  portugal: 'PT',
  prt: 'PT',
  polska: 'PL',
  pol: 'PL',
  aus: 'AU',
  nzl: 'NZ',
  brasil: 'BR',
  bra: 'BR',
  mex: 'MX',
  ind: 'IN',
  jpn: 'JP',
  'czech republic': 'CZ',
  'russian federation': 'RU',
  'south korea': 'KR',
  'republic of korea': 'KR',
};

/** The ISO code of a country that somebody wrote down, by code or English name; null when it names none. */
export function readCountry(text: string): string | null {
  const name = plain(text);
  return COUNTRIES.get(name) ?? null;
}

/**
 * The state that somebody wrote down as `US-FL`, `CA-ON` or `AU-NSW`, by code or name: in this country, or in the United
 * States and Canada, whose codes differ, where no country is known. Null when it names none.
 */
export function readState(text: string, country: string | null): string | null {
  const name = plain(text).replace(/^(us|ca|au) /, '');
  const countries = country === null ? ['US', 'CA'] : [country];
  for (const one of countries) {
    const found = REGIONS.get(`${one} ${name}`);
    if (found) return found;
  }
  return null;
}

/** Whether `US-FL` or `CA-ON` is a state that the tables know. */
export function isRegion(region: string): boolean {
  return KNOWN.has(region);
}

/** Whether the states of a country are known at all. */
export function hasStates(country: string): boolean {
  return Object.hasOwn(STATES, country);
}

/** Every state of a country by its region, with its name. */
export function regionsOf(country: keyof typeof STATES): [region: string, name: string][] {
  return entries(country);
}

const REGIONS = new Map<string, string>();
for (const country of ['US', 'CA', 'AU'] as const) {
  for (const [region, name] of entries(country)) {
    REGIONS.set(`${country} ${plain(region.slice(3))}`, region);
    REGIONS.set(`${country} ${plain(name)}`, region);
  }
}
for (const [name, region] of Object.entries(OTHER_STATE_NAMES))
  REGIONS.set(`${region.slice(0, 2)} ${name}`, region);

const KNOWN = new Set(REGIONS.values());

const NAMES = new Intl.DisplayNames(['en'], { type: 'region' });
const COUNTRIES = new Map<string, string>([
  ...getCountries().flatMap((code): [string, string][] => [
    [plain(code), code],
    [plain(NAMES.of(code) ?? code), code],
  ]),
  ...Object.entries(OTHER_COUNTRY_NAMES),
]);

function entries(country: keyof typeof STATES): [region: string, name: string][] {
  return STATES[country].split(' ').map((entry) => {
    const [code = '', name = ''] = entry.split(':');
    return [`${country}-${code}`, name.replaceAll('_', ' ')];
  });
}

/** Without accents, punctuation, case and double spaces: what two people write alike is alike. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('.', '')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}
