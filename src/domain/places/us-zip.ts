import { zonesOfRegion } from './region-zones.ts';

/** Where a ZIP code is: its state, and every zone in which it may be. */
export type ZipPlace = { region: string; zones: readonly string[] };

/**
 * The first three digits of the ZIP codes of each state, as ranges (USPS, reviewed 2026-11-22). Military mail (090–098, 340,
 * 962–966) has no place.
 */
const STATE_RANGES =
  'AL:350-352,354-369 AK:995-999 AZ:850-853,855-857,859-860,863-865 AR:716-729 CA:900-908,910-928,930-961 CO:800-816 ' +
  'CT:060-069 DE:197-199 DC:200,202-205,569 FL:320-339,341-342,344,346-347,349 GA:300-319,398-399 HI:967-968 ' +
  'ID:832-838 IL:600-620,622-629 IN:460-479 IA:500-516,520-528 KS:660-662,664-679 KY:400-418,420-427 ' +
  'LA:700-701,703-708,710-714 ME:039-049 MD:206-212,214-219 MA:010-027,055 MI:480-499 MN:550-551,553-567 ' +
  'MS:386-397 MO:630-631,633-641,644-658 MT:590-599 NE:680-681,683-693 NV:889-891,893-895,897-898 NH:030-038 ' +
  'NJ:070-089 NM:870-871,873-875,877-884 NY:005,100-149 NC:270-289 ND:580-588 OH:430-459 OK:730-731,734-741,743-749 ' +
  'OR:970-979 PA:150-196 RI:028-029 SC:290-299 SD:570-577 TN:370-385 TX:733,750-770,772-799,885 UT:840-847 ' +
  'VT:050-054,056-059 VA:201,220-246 WA:980-986,988-994 WV:247-268 WI:530-532,534-535,537-549 WY:820-831 ' +
  'PR:006-007,009 VI:008';

const EASTERN = 'America/New_York';
const CENTRAL = 'America/Chicago';
const MOUNTAIN = 'America/Denver';
const PACIFIC = 'America/Los_Angeles';
const ARIZONA = 'America/Phoenix';
const ALASKA = 'America/Anchorage';

/**
 * In states with several zones: the prefixes that surely lie in one (49 CFR part 71 and the counties they serve). Every
 * other prefix of such a state stands with all zones of the state.
 */
const SURE: Record<string, string> = {
  [`AZ ${ARIZONA}`]: '850-853,855-857,859,863-864',
  [`FL ${EASTERN}`]: '320-323,326-339,341-342,344,346-347,349',
  [`FL ${CENTRAL}`]: '325',
  [`ID ${MOUNTAIN}`]: '832-834,836-837',
  [`ID ${PACIFIC}`]: '838',
  [`IN ${EASTERN}`]: '460-462,466-468,470-474,478',
  [`IN ${CENTRAL}`]: '464,477',
  [`KS ${CENTRAL}`]: '660-662,664-676,679',
  [`KY ${EASTERN}`]: '400,402-418',
  [`KY ${CENTRAL}`]: '420-424',
  [`MI ${EASTERN}`]: '480-497',
  [`NE ${CENTRAL}`]: '680-681,683-689',
  [`NE ${MOUNTAIN}`]: '693',
  [`NV ${PACIFIC}`]: '889-891,893-895,897',
  [`ND ${CENTRAL}`]: '580-584',
  [`OR ${PACIFIC}`]: '970-978',
  [`SD ${CENTRAL}`]: '570-574',
  [`SD ${MOUNTAIN}`]: '577',
  [`TN ${EASTERN}`]: '374,376,379',
  [`TN ${CENTRAL}`]: '370-372,375,380-385',
  [`TX ${CENTRAL}`]: '733,750-770,772-797',
  [`TX ${MOUNTAIN}`]: '799,885',
};

/** Where custom goes beside the law of time zones: the west of Georgia's neighbour, the end of the Oklahoma Panhandle. */
const BESIDE: Record<string, readonly string[]> = {
  '368': [CENTRAL, EASTERN],
  '739': [CENTRAL, MOUNTAIN],
};

/** Single codes that are not where their prefix is. */
const SINGLE: Record<string, ZipPlace> = {
  '06390': { region: 'US-NY', zones: [EASTERN] },
  '83414': { region: 'US-WY', zones: [MOUNTAIN] },
  '96799': { region: 'US-AS', zones: ['Pacific/Pago_Pago'] },
  '96950': { region: 'US-MP', zones: ['Pacific/Saipan'] },
  '96951': { region: 'US-MP', zones: ['Pacific/Saipan'] },
  '96952': { region: 'US-MP', zones: ['Pacific/Saipan'] },
  '99546': { region: 'US-AK', zones: ['America/Adak'] },
  '99547': { region: 'US-AK', zones: ['America/Adak'] },
  '99903': { region: 'US-AK', zones: [ALASKA, PACIFIC, 'America/Vancouver'] },
};

/**
 * Where a ZIP code is, or null when it is none or has no place. Spreadsheets drop leading zeros, so three and four digits are
 * read as if they were there; ZIP+4 is read too.
 */
export function placeOfZip(text: string): ZipPlace | null {
  const found = /^(\d{3,5})(?:[- ]?\d{4})?$/.exec(text.trim());
  if (!found?.[1]) return null;
  const code = found[1].padStart(5, '0');
  const single = SINGLE[code];
  if (single) return single;
  if (/^969[123]/.test(code) && code < '96933') return { region: 'US-GU', zones: zonesOfRegion('US-GU') };
  const prefix = code.slice(0, 3);
  const region = BY_PREFIX.get(prefix);
  return region === undefined ? null : { region, zones: zonesOf(prefix, region) };
}

function zonesOf(prefix: string, region: string): readonly string[] {
  if (region === 'US-AK') return [ALASKA];
  const sure = SURE_ZONES.get(prefix);
  return BESIDE[prefix] ?? (sure ? [sure] : zonesOfRegion(region));
}

/** The prefixes of `010-027,055`. */
function* prefixesOf(ranges: string): Generator<string> {
  for (const range of ranges.split(',')) {
    const [from = '', until = from] = range.split('-');
    for (let n = Number(from); n <= Number(until); n += 1) yield String(n).padStart(3, '0');
  }
}

const BY_PREFIX = new Map<string, string>();
for (const entry of STATE_RANGES.split(' ')) {
  const [state = '', ranges = ''] = entry.split(':');
  for (const prefix of prefixesOf(ranges)) BY_PREFIX.set(prefix, `US-${state}`);
}

const SURE_ZONES = new Map<string, string>();
for (const [place, ranges] of Object.entries(SURE)) {
  const zone = place.slice(3);
  for (const prefix of prefixesOf(ranges)) SURE_ZONES.set(prefix, zone);
}
