import { formatMicroDollars } from './money.ts';
import { formatCostRange } from './text-cost.ts';

/**
 * What a run spends, in micro-dollars. `spent`: prices that are known and, for attempts that ended without one, what they
 * are reckoned at; `underWay`: what is reserved for attempts that go on. `settled` and `settledReserve` are of the attempts
 * whose price is known alone: what was charged for them and what had been reserved.
 */
export type Spending = {
  spentMicros: number;
  underWayMicros: number;
  limitMicros: number | null;
  estimate: { low: number; high: number } | null;
  settledAttempts: number;
  settledMicros: number;
  settledReserveMicros: number;
};

/** With fewer prices a dear country among the first few would look like a mistake of the rate table. */
const LEAST_PRICES = 5;

/** What a run has spent so far, against its budget and its estimate, as sentences; empty while there is nothing to say. */
export function describeSpending(spending: Spending): string[] {
  const { spentMicros, underWayMicros, limitMicros, estimate } = spending;
  if (spentMicros + underWayMicros === 0)
    return limitMicros === null
      ? []
      : [`Nothing spent yet of a budget of ${formatMicroDollars(limitMicros)}.`];
  const of = limitMicros === null ? '' : ` of a budget of ${formatMicroDollars(limitMicros)}`;
  const underWay =
    underWayMicros > 0 ? `; ${formatMicroDollars(underWayMicros)} more reserved for what is under way` : '';
  const range = estimate && formatCostRange({ ...estimate, currency: 'USD', estimate: true });
  const expected = range === null ? '' : `; the estimate was ${range}${aboveEstimate(spending)}`;
  return [`Spent ${amountOf(spending)}${of}${underWay}${expected}.`, ...driftOf(spending)];
}

/** What carriers have not charged yet is reckoned. */
function amountOf({ spentMicros, settledMicros }: Spending): string {
  const spent = formatMicroDollars(spentMicros);
  if (spentMicros <= settledMicros) return spent;
  return `about ${spent} (charged so far: ${formatMicroDollars(settledMicros)})`;
}

function aboveEstimate({ spentMicros, estimate }: Spending): string {
  if (!estimate || spentMicros <= estimate.high || estimate.high === 0) return '';
  return `, and this is ${percent(spentMicros / estimate.high - 1)} above it`;
}

/** By how much real prices pass what was reserved for them; below that nobody has to act. */
function driftOf({ settledAttempts, settledMicros, settledReserveMicros }: Spending): string[] {
  const isKnown = settledAttempts >= LEAST_PRICES && settledReserveMicros > 0;
  const drift = isKnown ? settledMicros / settledReserveMicros - 1 : 0;
  if (drift < 0.01) return [];
  return [
    `Prices come out ${percent(drift)} above the rate table, so a budget may be passed by what is under way; /campaign rates sets the table right.`,
  ];
}

function percent(share: number): string {
  return `${Math.max(1, Math.round(share * 100)).toLocaleString('en-US')} %`;
}
