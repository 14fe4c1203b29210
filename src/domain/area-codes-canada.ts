import type { AreaCodeBlock } from './area-codes.ts';

/**
 * Canada, every code in service or announced on 2026-11-22, by province. Codes: the phone library's metadata of 2026-07. Zones: the
 * IANA time zone data of 2026, in which British Columbia and Alberta no longer change their clocks. An overlay of a whole
 * province stands with the union of its zones.
 */
export const CANADA_AREA_CODES: readonly AreaCodeBlock[] = [
  { states: ['AB'], zones: ['America/Edmonton'], codes: '368 403 587 780 825' },
  { states: ['BC'], zones: ['America/Vancouver'], codes: '604' },
  {
    states: ['BC'],
    zones: ['America/Vancouver', 'America/Edmonton', 'America/Fort_Nelson'],
    codes: '236 250 257 672 778',
    why: 'the East Kootenay keeps Alberta’s time, the Peace River and Creston keep Mountain Standard Time all year',
  },
  { states: ['MB'], zones: ['America/Winnipeg'], codes: '204 431 584' },
  { states: ['NB'], zones: ['America/Moncton'], codes: '428 506' },
  {
    states: ['NL'],
    zones: ['America/St_Johns', 'America/Goose_Bay'],
    codes: '709 879',
    why: 'most of Labrador keeps Atlantic Time',
  },
  { states: ['NS', 'PE'], zones: ['America/Halifax'], codes: '782 902' },
  {
    states: ['ON'],
    zones: ['America/Toronto'],
    codes: '226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 905 942',
  },
  {
    states: ['ON'],
    zones: ['America/Toronto', 'America/Winnipeg', 'America/Atikokan'],
    codes: '807',
    why: 'west of 90° Ontario keeps Central Time, and Atikokan and Pickle Lake never change their clocks',
  },
  { states: ['QC'], zones: ['America/Toronto'], codes: '263 354 438 450 468 514 579 819 873' },
  {
    states: ['QC'],
    zones: ['America/Toronto', 'America/Halifax', 'America/Blanc-Sablon'],
    codes: '273 367 418 581',
    why: 'the Magdalen Islands keep Atlantic Time, the Lower North Shore keeps it all year',
  },
  {
    states: ['SK'],
    zones: ['America/Regina', 'America/Edmonton', 'America/Winnipeg'],
    codes: '306 474 639',
    why: 'Lloydminster keeps Alberta’s time, Creighton and Denare Beach keep Manitoba’s',
  },
  {
    states: ['YT', 'NT', 'NU'],
    zones: [
      'America/Whitehorse',
      'America/Inuvik',
      'America/Edmonton',
      'America/Winnipeg',
      'America/Toronto',
      'America/Atikokan',
    ],
    codes: '867',
    why: 'one code serves three territories from Yukon Time to Eastern Time',
  },
];
