import { CANADA_AREA_CODES } from './area-codes-canada.ts';
import { ISLAND_AREA_CODES } from './area-codes-islands.ts';
import { US_AREA_CODES } from './area-codes-us.ts';

/** Codes that share states and zones, separated by spaces. `why` tells why a code has the zones it has. */
export type AreaCodeBlock = {
  states: readonly string[];
  zones: readonly string[];
  codes: string;
  why?: string;
};

/** Where the numbers of one area code live: an ISO country, its states or provinces, and every zone it serves. */
export type AreaCode = {
  country: string;
  states: readonly string[];
  zones: readonly string[];
  why: string | null;
};

/** Where a North American area code lives, or null when it is not in service there. */
export function areaCode(code: string): AreaCode | null {
  return TABLE.get(code) ?? null;
}

/** What a code of the plan is when it is not a place: a toll-free line, or a number that belongs to no place. */
export function placelessCode(code: string): 'toll_free' | 'non_geographic' | null {
  if (TOLL_FREE.has(code)) return 'toll_free';
  return NON_GEOGRAPHIC.has(code) || /^[2-9]11$/.test(code) ? 'non_geographic' : null;
}

/** Every area code of the table. */
export function allAreaCodes(): string[] {
  return [...TABLE.keys()];
}

/** Every zone of the 50 states, the District of Columbia and Canada: where an unknown code would most likely be new. */
export function mainlandZones(): string[] {
  return MAINLAND;
}

/** The zones of the contiguous United States, for the policy that calls toll-free numbers. */
export const CONTIGUOUS_ZONES: readonly string[] = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Phoenix',
  'America/Los_Angeles',
];

/** In use or set aside for it (47 CFR 52.101; the phone library's metadata of 2026-07). */
const TOLL_FREE = new Set('800 822 833 844 855 866 877 880 881 882 883 884 885 886 887 888 889'.split(' '));

/** Personal and machine numbers, Canada's own non-geographic codes, carriers, government, premium (same source). */
const NON_GEOGRAPHIC = new Set(
  '456 500 521 522 523 524 525 526 527 528 529 532 533 544 566 577 588 600 622 633 700 710 900'.split(' '),
);

const TABLE = new Map<string, AreaCode>([
  ...entries('US', US_AREA_CODES),
  ...entries('CA', CANADA_AREA_CODES),
  ...ISLAND_AREA_CODES.flatMap((block) => entries(block.country, [block])),
]);

const MAINLAND: string[] = [
  ...new Set(
    [...TABLE.values()].filter(({ country }) => 'US CA'.includes(country)).flatMap(({ zones }) => zones),
  ),
];

function entries(country: string, blocks: readonly AreaCodeBlock[]): [string, AreaCode][] {
  return blocks.flatMap(({ codes, states, zones, why }) =>
    codes.split(' ').map((code): [string, AreaCode] => [code, { country, states, zones, why: why ?? null }]),
  );
}
