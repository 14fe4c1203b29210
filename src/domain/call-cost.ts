import { addCosts, type CostRange, NO_COST, OTHER_COUNTRIES } from './text-cost.ts';

/**
 * What a minute of an outbound call costs, in micro-dollars (1 USD = 1,000,000), from the cheapest landline to the dearest
 * mobile of the country. `source` and `asOf` say where the figures come from.
 */
type CallRate = { low: number; high: number; source: string; asOf: string };

const ORDER_OF_MAGNITUDE =
  'order of magnitude of Twilio’s list prices, local to mobile; the account’s own prices are at pricing.twilio.com/v2/Voice/Countries';
const rate = (low: number, high: number): CallRate => ({
  low,
  high,
  source: ORDER_OF_MAGNITUDE,
  asOf: '2026-11-22',
});

/** Micro-dollars per minute by ISO country of the destination. All of it is an estimate; edit it to your account’s prices. */
export const CALL_RATES: Readonly<Record<string, CallRate>> = {
  US: rate(14_000, 14_000),
  CA: rate(14_000, 14_000),
  PR: rate(14_000, 30_000),
  MX: rate(10_000, 60_000),
  GB: rate(12_000, 45_000),
  IE: rate(15_000, 60_000),
  DE: rate(15_000, 60_000),
  AT: rate(15_000, 80_000),
  CH: rate(20_000, 250_000),
  FR: rate(12_000, 60_000),
  ES: rate(10_000, 60_000),
  IT: rate(12_000, 80_000),
  NL: rate(12_000, 80_000),
  AU: rate(20_000, 80_000),
  NZ: rate(15_000, 80_000),
  [OTHER_COUNTRIES]: rate(10_000, 600_000),
};

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
): CostRange {
  let total = NO_COST;
  for (const [country, contacts] of Object.entries(contactsByCountry)) {
    if (!Number.isSafeInteger(contacts) || contacts < 0)
      throw new RangeError(`${contacts} is not a number of contacts`);
    const { low, high } = rateOf(country);
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

/**
 * What calls that took place cost beside what the provider has charged already: their begun minutes by country where no
 * price is known yet, the minutes of conversation, and the calls in which a machine was looked for.
 */
export function estimateRemainder(calls: {
  unpricedMinutes: Readonly<Record<string, number>>;
  relayMinutes: number;
  detectedCalls: number;
}): CostRange {
  const extras =
    calls.relayMinutes * CALL_EXTRAS.relayPerMinute + calls.detectedCalls * CALL_EXTRAS.detectionPerCall;
  let total: CostRange = { low: extras, high: extras, currency: 'USD', estimate: extras > 0 };
  for (const [country, minutes] of Object.entries(calls.unpricedMinutes)) {
    const { low, high } = rateOf(country);
    const legs = {
      low: low * minutes,
      high: high * minutes,
      currency: 'USD' as const,
      estimate: minutes > 0,
    };
    total = addCosts(total, legs);
  }
  return total;
}

function rateOf(country: string): CallRate {
  const known = Object.hasOwn(CALL_RATES, country) ? CALL_RATES[country] : CALL_RATES[OTHER_COUNTRIES];
  if (known === undefined) throw new Error('the rate table has no row for other countries');
  return known;
}
