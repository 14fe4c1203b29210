import { DAY_MS, MINUTE_MS, spanAt, weekdayOf } from './window-clock.ts';

/** Minutes since local midnight, `until` exclusive, at most 1440. */
export type MinuteRange = { from: number; until: number };

/** Open ranges of the seven weekdays from Sunday on, in order, and of single local days (counted from 1970-01-01). */
export type OpenHours = {
  weekdays: readonly (readonly MinuteRange[])[];
  dates: ReadonlyMap<number, readonly MinuteRange[]> | null;
};

/** One condition: these hours, on the wall clock of this zone. */
export type WindowRule = { hours: OpenHours; zone: string };

/** A stretch of time in milliseconds, `until` exclusive. */
export type Stretch = { from: number; until: number };

/** The first stretch from an instant on in which all rules are open; null when none begins by the horizon. */
export function openStretch(rules: readonly WindowRule[], from: number, horizon: number): Stretch | null {
  let start = from;
  for (;;) {
    const stretch = commonStretch(rules, start, horizon);
    if (stretch === null || stretch.from === start) return stretch;
    start = stretch.from;
  }
}

/** Stretches are cut at midnight and where clocks change; those that touch are one opening. At most the horizon. */
export function endOfOpening(rules: readonly WindowRule[], first: Stretch, horizon: number): number {
  let until = first.until;
  while (until < horizon) {
    const next = openStretch(rules, until, horizon);
    if (next?.from !== until) return until;
    until = next.until;
  }
  return Math.min(until, horizon);
}

/** Whether one rule is open at an instant. */
export function isOpenAt(rule: WindowRule, at: number): boolean {
  const stretch = ruleStretch(rule, at, at);
  return stretch !== null && stretch.from <= at;
}

/** From `start` on when all are open then; otherwise from the instant before which one of them is surely not. */
function commonStretch(rules: readonly WindowRule[], start: number, horizon: number): Stretch | null {
  let until = Number.POSITIVE_INFINITY;
  for (const rule of rules) {
    const stretch = ruleStretch(rule, start, horizon);
    if (stretch === null || stretch.from > start) return stretch;
    until = Math.min(until, stretch.until);
  }
  return { from: start, until };
}

/** The stretch of one rule that contains an instant or follows it, cut where the clock changes. */
function ruleStretch({ hours, zone }: WindowRule, from: number, horizon: number): Stretch | null {
  let t = from;
  while (t <= horizon) {
    const span = spanAt(zone, t);
    if (!span) return null;
    const day = Math.floor((t + span.offsetMs) / DAY_MS);
    const midnight = day * DAY_MS - span.offsetMs;
    for (const range of hours.dates?.get(day) ?? hours.weekdays[weekdayOf(day)] ?? []) {
      const start = Math.max(midnight + range.from * MINUTE_MS, span.from);
      const until = Math.min(midnight + range.until * MINUTE_MS, span.until);
      if (until > t && start < until) return start <= horizon ? { from: start, until } : null;
    }
    t = Math.min(midnight + DAY_MS, span.until);
  }
  return null;
}
