import { EVERY_DAY, from, type LawRow } from './law-row.ts';

/** The rows that hold in the United States; whoever is in a state with a row keeps to both (telephony.md §6). */
export const UNITED_STATES: readonly LawRow[] = [
  {
    key: 'US',
    name: 'United States',
    hours: [from('08:00', '21:00', EVERY_DAY)],
    closedOn: [],
    caps: [],
    applies: 'calls_and_texts',
    source: '47 CFR 64.1200(c)(1), 16 CFR 310.4(c)',
    asOf: '2026-11-22',
    note: 'Courts apply it to texts too.',
  },
];
