import { BUILT_IN_RATES, type RateTable, rateOf } from './rates.ts';
import { addCosts, type CostRange, NO_COST } from './text-cost.ts';

/**
 * What comes on top and is in no call’s own price: the relay of speech by the minute (telephony.md §4, about $0.07) and
 * the recognition of machines by the call (telephony.md §2, $0.0075).
 */
export const CALL_EXTRAS = { relayPerMinute: 70_000, detectionPerCall: 7_500 } as const;

/**
 * How many calls are picked up, and for how many begun minutes, where nobody has called yet: at the least three in ten
 * hear one minute, at the most everybody talks for two. Machines count as picking up: they cost as people do.
 */
const EXPECTED = { low: { share: 0.3, minutes: 1 }, high: { share: 1, minutes: 2 } } as const;

/**
 * What one call to each of these contacts will cost, from their number per destination country (ISO codes); retries are
 * not in it. Throws `RangeError` for a count that is not a whole number of at least zero.
 */
export function estimateCallCost(
  contactsByCountry: Readonly<Record<string, number>>,
  { isDetecting }: { isDetecting: boolean },
  rates: RateTable = BUILT_IN_RATES,
): CostRange {
  let total = NO_COST;
  for (const [country, contacts] of Object.entries(contactsByCountry)) {
    if (!Number.isSafeInteger(contacts) || contacts < 0)
      throw new RangeError(`${contacts} is not a number of contacts`);
    const { low, high } = rateOf(rates, 'call', country);
    const minutes = (bound: keyof typeof EXPECTED) =>
      contacts * EXPECTED[bound].share * EXPECTED[bound].minutes;
    const detection = isDetecting ? CALL_EXTRAS.detectionPerCall * contacts : 0;
    total = addCosts(total, {
      low: Math.round(minutes('low') * (low + CALL_EXTRAS.relayPerMinute) + detection),
      high: Math.round(minutes('high') * (high + CALL_EXTRAS.relayPerMinute) + detection),
      currency: 'USD',
      estimate: contacts > 0,
    });
  }
  return total;
}
