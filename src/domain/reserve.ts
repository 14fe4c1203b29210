import type { AttemptOutcome, AttemptState } from './attempt.ts';
import { CALL_EXTRAS } from './call-cost.ts';
import { pricedCountry, type RateTable, rateOf } from './rates.ts';

/** An attempt that is about to be made, as far as it decides what it may cost at the most. */
export type Planned = {
  channel: 'call' | 'sms';
  phoneNumber: string;
  /** Of a text. */
  segments: number | null;
  /** Of a call: when it is ended whatever is being said. */
  maxSeconds: number | null;
  /** Of a call: whether a machine is looked for. */
  isDetecting: boolean;
};

/** An attempt as its row and its call's row have it. `priceMicros` is null while its price in dollars is not known. */
export type Standing = Planned & {
  state: AttemptState;
  outcome: AttemptOutcome | null;
  providerRef: string | null;
  priceMicros: number | null;
  reservedMicros: number;
  /** How long the call lasted, null when nobody said; whether it was picked up, spoken on, and judged by a machine's ear. */
  durationSeconds: number | null;
  wasAnswered: boolean;
  wasSpokenOn: boolean;
  wasJudged: boolean;
};

/**
 * What is reserved for an attempt before it is made, in micro-dollars: the dearest it is likely to become. A call may last
 * as long as it is allowed to, each begun minute counting whole, with the conversation and the search for machines on top.
 */
export function reserveFor(rates: RateTable, planned: Planned): number {
  const { high } = rateOf(rates, planned.channel, pricedCountry(planned.phoneNumber));
  if (planned.channel === 'sms') return high * Math.max(1, planned.segments ?? 1);
  const detection = planned.isDetecting ? CALL_EXTRAS.detectionPerCall : 0;
  return begunMinutes(planned.maxSeconds ?? 0) * (high + CALL_EXTRAS.relayPerMinute) + detection;
}

/**
 * What stays reserved for an attempt as it now is, beside its price once that is known. Nothing for one that nobody was
 * contacted with. An open one keeps what it has. An ended call is reckoned by its real length, and what is in no call's own
 * price (telephony.md §2, §4) stays for good, because no provider tells it call by call.
 */
export function reserveLeft(rates: RateTable, standing: Standing): number {
  const { state, outcome, priceMicros } = standing;
  const isPriced = priceMicros !== null;
  if (state !== 'ended') {
    const full = standing.reservedMicros > 0 ? standing.reservedMicros : reserveFor(rates, standing);
    return isPriced && standing.channel === 'sms' ? 0 : full;
  }
  if (standing.channel === 'sms') {
    return isPriced || !mayHaveCost(outcome, standing.providerRef) ? 0 : reserveFor(rates, standing);
  }
  if (!isPriced && !mayHaveCost(outcome, standing.providerRef)) return 0;
  return callLeft(rates, standing, isPriced);
}

function callLeft(rates: RateTable, standing: Standing, isPriced: boolean): number {
  // Somebody picked up and nobody said for how long: it may have lasted as long as it was allowed to.
  const unknownSeconds = standing.wasAnswered ? (standing.maxSeconds ?? 0) : 0;
  const minutes = begunMinutes(standing.durationSeconds ?? unknownSeconds);
  const { high } = rateOf(rates, 'call', pricedCountry(standing.phoneNumber));
  const leg = isPriced ? 0 : minutes * high;
  const conversation = standing.wasSpokenOn ? minutes * CALL_EXTRAS.relayPerMinute : 0;
  return leg + conversation + (standing.wasJudged ? CALL_EXTRAS.detectionPerCall : 0);
}

const NOBODY_CONTACTED: readonly (AttemptOutcome | null)[] = [
  'withdrawn',
  'not_placed',
  'throttled',
  'canceled',
];

/** Whether a provider may charge for an attempt that ended so: one that was refused before it had an id costs nothing. */
function mayHaveCost(outcome: AttemptOutcome | null, providerRef: string | null): boolean {
  if (NOBODY_CONTACTED.includes(outcome)) return false;
  return outcome !== 'rejected' || providerRef !== null;
}

function begunMinutes(seconds: number): number {
  return Math.ceil(seconds / 60);
}
