/** A stretch of time during which a zone keeps one offset from UTC. Instants and the offset are in milliseconds. */
export type ClockSpan = { from: number; until: number; offsetMs: number };

/** What a wall clock shows. `day` counts local days since 1970-01-01, `weekday` runs from 0 (Sunday) to 6. */
export type LocalTime = { day: number; weekday: number; minuteOfDay: number };

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** Whether a text names a time zone that clocks can be computed for. */
export function isTimeZone(zone: string): boolean {
  return clockOf(zone) !== null;
}

/**
 * The span of constant offset around an instant, or null for an unknown zone. Offsets come from the IANA data of the
 * runtime, once per zone and four days, and are remembered: asking again costs two map look-ups.
 */
export function spanAt(zone: string, ms: number): ClockSpan | null {
  const clock = clockOf(zone);
  if (!clock) return null;
  const chunk = Math.floor(ms / CHUNK_MS);
  let spans = clock.spans.get(chunk);
  if (!spans) {
    if (clock.spans.size >= MOST_CHUNKS) clock.spans.clear();
    spans = findSpans(clock, chunk * CHUNK_MS, (chunk + 1) * CHUNK_MS);
    clock.spans.set(chunk, spans);
  }
  return spans.find((span) => ms < span.until) ?? null;
}

/** What the wall clock of a zone shows at an instant, or null for an unknown zone. */
export function localTime(zone: string, at: Date): LocalTime | null {
  const span = spanAt(zone, at.getTime());
  if (!span) return null;
  const local = at.getTime() + span.offsetMs;
  const day = Math.floor(local / DAY_MS);
  return { day, weekday: weekdayOf(day), minuteOfDay: Math.floor((local - day * DAY_MS) / MINUTE_MS) };
}

/** The weekday of a local day, 0 = Sunday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** No zone changes its clock twice within four days, so comparing the two ends of a chunk finds every change. */
const CHUNK_MS = 4 * DAY_MS;
const MOST_CHUNKS = 512;

type ZoneClock = { format: Intl.DateTimeFormat; spans: Map<number, ClockSpan[]> };
const clocks = new Map<string, ZoneClock>();

function clockOf(zone: string): ZoneClock | null {
  const known = clocks.get(zone);
  if (known) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    const clock = { format, spans: new Map() };
    clocks.set(zone, clock);
    return clock;
  } catch {
    return null;
  }
}

function findSpans(clock: ZoneClock, from: number, until: number): ClockSpan[] {
  const before = offsetAt(clock, from);
  const after = offsetAt(clock, until - 1);
  if (before === after) return [{ from, until, offsetMs: before }];
  const change = firstInstantWith(clock, before, from, until - 1);
  return [
    { from, until: change, offsetMs: before },
    { from: change, until, offsetMs: after },
  ];
}

/** The first instant after `low` at which the offset is no longer `before`; it has changed by `high`. */
function firstInstantWith(clock: ZoneClock, before: number, low: number, high: number): number {
  let [unchanged, changed] = [low, high];
  while (changed - unchanged > 1) {
    const middle = Math.floor((unchanged + changed) / 2);
    if (offsetAt(clock, middle) === before) unchanged = middle;
    else changed = middle;
  }
  return changed;
}

function offsetAt(clock: ZoneClock, ms: number): number {
  const name = clock.format.formatToParts(ms).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const found = /^GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(name);
  if (!found) return 0;
  const [, sign, hours, minutes, seconds] = found;
  const size = Number(hours) * 3_600_000 + Number(minutes) * MINUTE_MS + Number(seconds ?? 0) * 1000;
  return sign === '-' ? -size : size;
}
