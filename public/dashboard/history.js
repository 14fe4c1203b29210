/** @import { History } from '../api-types.ts' */
/** Turns the feed's history into columns of a chart. */

const HOUR_MS = 3_600_000;
const FEWEST_COLUMNS = 12;

/**
 * What happened in each hour until now. History is cumulative: an hour's part is the difference to the row above, and to
 * `before` for the first. Hours in which nothing happened have no row, but a column.
 *
 * @param {Pick<History, 'from' | 'until' | 'before' | 'data'>} history
 */
export function perHour({ from, until, before, data }) {
  const found = new Map();
  let sum = before;
  for (const row of data) {
    // A row stands at the end of its hour; that of the present hour, at now.
    const at = hourOf(Date.parse(row.timestamp) - 1);
    const { completed, failed } = found.get(at) ?? NOTHING;
    found.set(at, {
      completed: completed + row.completed - sum.completed,
      failed: failed + row.failed - sum.failed,
    });
    sum = row;
  }
  if (found.size === 0) return [];
  const now = hourOf(Date.parse(until));
  const first = Math.min(...found.keys(), now - (FEWEST_COLUMNS - 1) * HOUR_MS);
  const columns = [];
  // Of hours that were not asked for nothing is known.
  for (let at = Math.max(first, hourOf(Date.parse(from))); at <= now; at += HOUR_MS)
    columns.push({ at, ...(found.get(at) ?? NOTHING) });
  return columns;
}

const NOTHING = { completed: 0, failed: 0 };

function hourOf(ms) {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}

/** Whole numbers up a scale that ends above `most`: 0, 20, 40, 60. */
export function scale(highest, steps = 4) {
  const most = Math.max(1, highest);
  const rough = most / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((nice) => nice * power).find((size) => size >= rough) ?? 1);
  const ticks = [];
  for (let value = 0; value < most + step; value += step) ticks.push(value);
  return ticks;
}
