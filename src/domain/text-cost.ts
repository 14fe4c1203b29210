import { formatMicroDollars } from './money.ts';
import { BUILT_IN_RATES, type RateTable, rateOf } from './rates.ts';

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
export function estimateTextCost(
  segmentsByCountry: Readonly<Record<string, number>>,
  rates: RateTable = BUILT_IN_RATES,
): CostRange {
  const range: CostRange = { low: 0, high: 0, currency: 'USD', estimate: false };
  for (const [country, segments] of Object.entries(segmentsByCountry)) {
    if (!Number.isSafeInteger(segments) || segments < 0) {
      throw new RangeError(`${segments} is not a number of segments`);
    }
    const rate = rateOf(rates, 'sms', country);
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
