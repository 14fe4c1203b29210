import { shown } from './given-value.ts';
import { dateOfDay, dayOfDate } from './local-moment.ts';

/** Most local dates that one campaign pauses on. */
const MOST_DATES = 366;

export type ParsedDates = { ok: true; dates: string[] } | { ok: false; problem: string };

/**
 * Reads dates as people list them: `2026-12-24, 2026-12-27 to 2027-01-02`, on one line or several. Answers local dates
 * (`YYYY-MM-DD`) in order and once each.
 */
export function parseDates(typed: string): ParsedDates {
  const parts = typed.split(/[,;\n]/).flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
  const dates = new Set<string>();
  for (const part of parts) {
    const [first = '', last = first, ...more] = part.split(/\s+(?:to|until|-|–)\s+|\s*(?:\.\.|–)\s*/);
    const [from, until] = [dayOfDate(first), dayOfDate(last)];
    if (from === null || until === null || more.length > 0) return { ok: false, problem: unreadable(part) };
    if (from > until) return { ok: false, problem: `“${shown(part.trim())}” ends before it begins.` };
    if (until - from >= MOST_DATES) return { ok: false, problem: TOO_MANY };
    for (let day = from; day <= until; day += 1) dates.add(dateOfDay(day));
  }
  if (dates.size > MOST_DATES) return { ok: false, problem: TOO_MANY };
  return { ok: true, dates: [...dates].sort() };
}

/** The dates as `parseDates` reads them back, with days in a row as a stretch. */
export function formatDates(dates: readonly string[]): string {
  const stretches: { from: number; until: number }[] = [];
  for (const day of [...new Set(dates)].sort().flatMap((date) => dayOfDate(date) ?? [])) {
    const before = stretches.at(-1);
    if (before && before.until === day - 1) before.until = day;
    else stretches.push({ from: day, until: day });
  }
  return stretches
    .map(({ from, until }) =>
      from === until ? dateOfDay(from) : `${dateOfDay(from)} to ${dateOfDay(until)}`,
    )
    .join(', ');
}

/** What is wrong with a list of pause dates that came over the API, or null. */
export function datesProblem(value: unknown): string | null {
  if (!Array.isArray(value)) return 'Pause dates are a list of dates like 2026-12-24.';
  const odd = value.find((date) => typeof date !== 'string' || dayOfDate(date) === null);
  if (odd !== undefined) return unreadable(typeof odd === 'string' ? odd : JSON.stringify(odd));
  return value.length > MOST_DATES ? TOO_MANY : null;
}

/** Whether a text is written like a place whose holidays can be kept: `US`, `US-FL`, `GB-SCT`. */
export function isPlace(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Z]{2}(-[A-Z0-9]{1,4})?$/.test(text);
}

const TOO_MANY = `That is more than ${MOST_DATES} pause dates; keep to those of one year.`;

function unreadable(part: string): string {
  return `“${shown(part.trim())}” is not a date; write 2026-12-24, or 2026-12-24 to 2027-01-02.`;
}
