/**
 * Clocks on the wall, by asking the runtime what they show: the slow and obvious way, which shares nothing with the
 * product's own reckoning.
 */
export type Wall = {
  /** `YYYY-MM-DD`. */
  date: string;
  /** 0 is Sunday. */
  weekday: number;
  minute: number;
};

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const formats = new Map<string, Intl.DateTimeFormat>();
const seen = new Map<string, Wall>();

/** What the clock of a zone shows at an instant. */
export function wallOf(zone: string, ms: number): Wall {
  const minute = Math.floor(ms / MINUTE_MS);
  const key = `${zone} ${minute}`;
  const known = seen.get(key);
  if (known) return known;
  if (seen.size > 200_000) seen.clear();
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  const wall = {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    weekday: WEEKDAYS.indexOf(parts.weekday ?? ''),
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  };
  seen.set(key, wall);
  return wall;
}

/** The first instant at which the clock of a zone shows this date and `HH:MM`, or later where it jumps over it. */
export function firstShowing(zone: string, date: string, time: string): number {
  const wanted = `${date} ${time}`;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  for (let t = midnight - 15 * HOUR_MS; t < midnight + 40 * HOUR_MS; t += 5 * MINUTE_MS) {
    if (showing(zone, t) >= wanted) return t;
  }
  throw new Error(`${zone} never shows ${wanted}`);
}

/** A date so many days later. */
export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** `HH:MM` as minutes since midnight. */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function showing(zone: string, ms: number): string {
  const { date, minute } = wallOf(zone, ms);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(zone, format);
  return format;
}
