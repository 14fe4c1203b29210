/**
 * What one outbound text segment costs, in micro-dollars (1 USD = 1,000,000): the provider's list price plus the least
 * and the most that carriers add to it. `source` and `asOf` say where the figures come from; `estimate` marks rows
 * that are a guess and not a published price.
 */
type TextRate = {
  low: number;
  high: number;
  source: string;
  asOf: string;
  estimate: boolean;
};

/** The country key for every destination without a row of its own. */
export const OTHER_COUNTRIES = 'other';

const PRICE_LIST =
  'Twilio public price list (SMSPricing.csv), dearest network of the country, as republished';
const PRICE_LIST_DATE = '2026-10-08';

/** List prices to which carriers add nothing that is published. */
const LIST_PRICES: Record<string, number> = {
  AT: 97_900,
  AU: 51_500,
  BH: 38_600,
  BR: 59_900,
  CH: 76_900,
  CL: 79_700,
  CO: 59_200,
  CY: 86_400,
  CZ: 70_600,
  DK: 59_200,
  EE: 95_800,
  ES: 87_500,
  FI: 86_100,
  FR: 79_800,
  GB: 56_000,
  GR: 65_700,
  HK: 72_300,
  HU: 91_000,
  IE: 77_900,
  IN: 83_200,
  IS: 71_900,
  IT: 92_700,
  JP: 89_000,
  KR: 52_400,
  LT: 57_800,
  LU: 81_800,
  LV: 80_100,
  MT: 68_900,
  NO: 69_700,
  PL: 45_700,
  PR: 54_000,
  PT: 50_100,
  RO: 78_100,
  SE: 64_600,
  SG: 59_100,
  SK: 88_300,
  TH: 30_500,
  TR: 30_500,
  TW: 84_200,
  UY: 85_200,
};

/** Micro-dollars per outbound segment by ISO country of the destination. */
export const TEXT_RATES: Readonly<Record<string, TextRate>> = {
  ...Object.fromEntries(
    Object.entries(LIST_PRICES).map(([country, price]) => [
      country,
      { low: price, high: price, source: PRICE_LIST, asOf: PRICE_LIST_DATE, estimate: false },
    ]),
  ),
  US: {
    low: 8300 + 3500,
    high: 8300 + 5000,
    source: 'Twilio US SMS page: list price 0.0083, carrier fees 0.0035 to 0.005',
    asOf: '2026-11-09',
    estimate: false,
  },
  CA: {
    low: 8300 + 6400,
    high: 8300 + 8700,
    source: 'Twilio Canada SMS page: list price 0.0083, carrier fees 0.0064 to 0.0087',
    asOf: '2026-08-14',
    estimate: false,
  },
  DE: { low: 112_000, high: 112_000, source: 'Twilio Germany SMS page', asOf: '2026-08-28', estimate: false },
  MX: { low: 181_900, high: 181_900, source: 'Twilio Mexico SMS page', asOf: '2026-10-03', estimate: false },
  [OTHER_COUNTRIES]: {
    low: 30_000,
    high: 400_000,
    source: 'cheapest and dearest country of the Twilio price list outside North America',
    asOf: PRICE_LIST_DATE,
    estimate: true,
  },
};

/** A cost as a range in integer micro-dollars. `estimate` is true when a part of it rests on a guessed rate. */
export type CostRange = { low: number; high: number; currency: 'USD'; estimate: boolean };

/** Nothing at all. */
export const NO_COST: CostRange = { low: 0, high: 0, currency: 'USD', estimate: false };

/** Two costs together. */
export function addCosts(one: CostRange, other: CostRange): CostRange {
  return {
    low: one.low + other.low,
    high: one.high + other.high,
    currency: 'USD',
    estimate: one.estimate || other.estimate,
  };
}

/**
 * What the texts of a campaign will cost, from the segments per destination country (ISO codes). Countries without a
 * price of their own count as `other`; the range then says how little is known. Throws `RangeError` for a segment
 * count that is not a whole number of at least zero.
 */
export function estimateTextCost(segmentsByCountry: Readonly<Record<string, number>>): CostRange {
  const range: CostRange = { low: 0, high: 0, currency: 'USD', estimate: false };
  for (const [country, segments] of Object.entries(segmentsByCountry)) {
    if (!Number.isSafeInteger(segments) || segments < 0) {
      throw new RangeError(`${segments} is not a number of segments`);
    }
    const rate = rateOf(country);
    range.low += rate.low * segments;
    range.high += rate.high * segments;
    range.estimate ||= rate.estimate && segments > 0;
  }
  return range;
}

/** A range in words, to the cent: `$11.80 to $13.30`, `$0.06`, `less than $0.01`. */
export function formatCostRange(range: CostRange): string {
  const low = formatMicroDollars(range.low);
  const high = formatMicroDollars(range.high);
  return low === high ? low : `${low} to ${high}`;
}

/** Micro-dollars as dollars and cents; above zero never `$0.00`. */
export function formatMicroDollars(amount: number): string {
  if (amount > 0 && amount < 5000) return 'less than $0.01';
  const cents = Math.round(amount / 10_000);
  const dollars = Math.floor(cents / 100).toLocaleString('en-US');
  return `$${dollars}.${String(cents % 100).padStart(2, '0')}`;
}

/** A provider's decimal amount, which counts a charge as negative, in micro-dollars. */
export function microDollarsOf(amount: string): number {
  return Math.round(Math.abs(Number(amount)) * 1_000_000);
}

function rateOf(country: string): TextRate {
  const known = Object.hasOwn(TEXT_RATES, country) ? TEXT_RATES[country] : TEXT_RATES[OTHER_COUNTRIES];
  if (known === undefined) throw new Error('the rate table has no row for other countries');
  return known;
}
