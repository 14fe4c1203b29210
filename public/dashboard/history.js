/** Turns the feed's history into columns of a chart. */

const HOUR_MS = 3_600_000;
const FEWEST_COLUMNS = 12;

/**
 * History is cumulative: what happened in an hour is the difference to the row before. The first row has none, unless
 * everything before it is known to be nothing, because the run began within the hours that were asked for.
 */
export function perHour(rows, { startedAt, hours }) {
  const known = rows.map((row) => ({
    ...row,
    at: Math.floor(Date.parse(row.timestamp) / HOUR_MS) * HOUR_MS,
  }));
  const last = known.at(-1);
  if (!last) return [];
  const isWhole = startedAt !== null && Date.parse(startedAt) > last.at - (hours - 1) * HOUR_MS;
  const found = new Map();
  known.forEach((row, i) => {
    const before = known[i - 1] ?? (isWhole ? { completed: 0, failed: 0 } : null);
    if (before) found.set(row.at, differenceOf(row, before));
  });
  return withoutGaps(found);
}

function differenceOf(row, before) {
  return {
    at: row.at,
    completed: Math.max(0, row.completed - before.completed),
    failed: Math.max(0, row.failed - before.failed),
  };
}

/** Hours in which nothing happened have columns too, and a run that has just begun has some to fill. */
function withoutGaps(found) {
  const times = [...found.keys()];
  if (times.length === 0) return [];
  const first = Math.min(...times);
  const last = Math.max(...times, first + (FEWEST_COLUMNS - 1) * HOUR_MS);
  const columns = [];
  for (let at = first; at <= last; at += HOUR_MS) {
    columns.push(found.get(at) ?? { at, completed: 0, failed: 0 });
  }
  return columns;
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
