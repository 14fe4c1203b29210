import { DAY_MS } from './window-clock.ts';
import {
  endOfOpening,
  isOpenAt,
  type MinuteRange,
  type OpenHours,
  openStretch,
  type WindowRule,
} from './window-search.ts';

export const DAY_NAMES = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
export type DayName = (typeof DAY_NAMES)[number];

/** Hours on some weekdays as the API writes them (campaign-api §3.2): `start` inclusive, `end` exclusive, `HH:MM`. */
export type AllowedHours = { start: string; end: string; days: DayName[] };

/**
 * Any set of hours: open during any of `anyOf`; the local dates (`YYYY-MM-DD`) in `dates` have hours of their own, or
 * none, instead. `zones` says where this window's clock stands when that is not where the person is. Plain data, so that
 * it can be kept as evidence; laws, several windows a day and holidays are rows of this shape.
 */
export type CallingWindow = {
  name?: string;
  anyOf: AllowedHours[];
  dates?: Record<string, { start: string; end: string }[]>;
  zones?: string[];
};

/**
 * `closesAt`: when it shuts, or 14 days ahead when it stays open longer. `opensAt`: the first instant at which every
 * window is open in every zone, or null when there is none within 14 days. `closedZone`: a zone in which it is shut now.
 */
export type WindowVerdict =
  | { open: true; closesAt: Date }
  | { open: false; opensAt: Date | null; closedZone: string | null };

/** 08:00 to 21:00 where the person is: the federal hours of the United States (telephony.md §6). */
export const DEFAULT_ALLOWED_HOURS: AllowedHours = { start: '08:00', end: '21:00', days: [...DAY_NAMES] };

/** How far ahead an opening is looked for (telephony.md §6). */
const SEARCH_DAYS = 14;

/**
 * Whether somebody who may be in any of these zones may be contacted now: every window must be open in every zone. No
 * zone, no window, an unknown zone or unreadable hours mean no. Wall clocks decide, so the gaps and overlaps of daylight
 * saving time need no rule of their own.
 */
export function windowVerdict(input: {
  at: Date;
  zones: readonly string[];
  hours: readonly (AllowedHours | CallingWindow)[];
}): WindowVerdict {
  const at = input.at.getTime();
  const horizon = at + SEARCH_DAYS * DAY_MS;
  const rules = rulesOf(input.zones, input.hours.map(compile));
  if (!rules) return { open: false, opensAt: null, closedZone: null };
  const first = openStretch(rules, at, horizon);
  if (first?.from === at) return { open: true, closesAt: new Date(endOfOpening(rules, first, horizon)) };
  const closedZone = rules.find((rule) => !isOpenAt(rule, at))?.zone ?? null;
  return { open: false, opensAt: first && new Date(first.from), closedZone };
}

/** Minutes since midnight of `HH:MM`, up to 24:00; null when it is not a time. */
export function minutesOf(time: string): number | null {
  const found = /^(\d{2}):(\d{2})$/.exec(time);
  if (!found) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2])];
  return minutes < 60 && hours * 60 + minutes <= 1440 ? hours * 60 + minutes : null;
}

type CompiledWindow = OpenHours & { zones: readonly string[] | null };

/** Every pair of window and zone, or null when there is nothing to judge by. */
function rulesOf(zones: readonly string[], windows: CompiledWindow[]): WindowRule[] | null {
  if (zones.length === 0 || windows.length === 0) return null;
  if (windows.some((window) => window.zones?.length === 0)) return null;
  return windows.flatMap((hours) => (hours.zones ?? zones).map((zone) => ({ hours, zone })));
}

const compiled = new WeakMap<object, CompiledWindow>();

/** The window in minutes, made once for each object. */
function compile(hours: AllowedHours | CallingWindow): CompiledWindow {
  const known = compiled.get(hours);
  if (known) return known;
  const window: CallingWindow = 'anyOf' in hours ? hours : { anyOf: [hours] };
  const made = {
    weekdays: DAY_NAMES.map((day) => merged(window.anyOf.filter(({ days }) => days.includes(day)))),
    dates: window.dates ? compileDates(window.dates) : null,
    zones: window.zones ?? null,
  };
  compiled.set(hours, made);
  return made;
}

function compileDates(dates: NonNullable<CallingWindow['dates']>): Map<number, MinuteRange[]> {
  return new Map(
    Object.entries(dates).map(([date, ranges]) => [Date.parse(`${date}T00:00:00Z`) / DAY_MS, merged(ranges)]),
  );
}

/** In order and without overlaps, so that the first range that has not ended is the next one. */
function merged(hours: { start: string; end: string }[]): MinuteRange[] {
  const result: MinuteRange[] = [];
  for (const range of hours.flatMap(rangeOf).sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && range.from <= last.until) last.until = Math.max(last.until, range.until);
    else result.push(range);
  }
  return result;
}

/** Hours that cannot be read are no hours. */
function rangeOf({ start, end }: { start: string; end: string }): MinuteRange[] {
  const [from, until] = [minutesOf(start), minutesOf(end)];
  return from !== null && until !== null && from < until ? [{ from, until }] : [];
}
