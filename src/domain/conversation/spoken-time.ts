import { type AllowedHours, type CallingWindow, windowVerdict } from '#domain/calling-window.ts';
import { firstInstantAt, localDateTime } from '#domain/local-moment.ts';
import { DAY_MS, localTime, MINUTE_MS, weekdayOf } from '#domain/window-clock.ts';
import { type PartOfDay, readWish, type SpokenWish } from './time-grammar.ts';

/** Where and when somebody may be called: `zone` is the clock they speak of, `zones` and `hours` decide. */
export type Reach = {
  zone: string;
  zones: readonly string[];
  hours: readonly (AllowedHours | CallingWindow)[];
};

/**
 * What somebody’s “tomorrow at three” is. `isMoved`: they may not be called at the hour they said, and `at` is the next one
 * at which they may. `unclear`: no time was understood. `too_far`: more than 14 days ahead, or no hour by then.
 */
export type SpokenTime =
  | { kind: 'at'; at: Date; isMoved: boolean }
  | { kind: 'unclear' }
  | { kind: 'too_far' };

/** Calls back are promised for two weeks and no longer (telephony.md §4: “max days”). */
const MOST_DAYS = 14;
/** Nobody is called back sooner than this. */
const SOONEST_MS = MINUTE_MS;

/**
 * Reads the time at which somebody wants to be called again, on their clock, in whole minutes, always within the hours at
 * which they may be called. An hour without half of the day is the one at which people are called: three is 15:00, nine is
 * 09:00; where that is past or outside the hours, the other half, then the next day.
 */
export function readSpokenTime(text: string, now: Date, reach: Reach, language = 'en'): SpokenTime {
  const wish = readWish(text, language);
  const wanted = instantsOf(wish, now, reach.zone);
  if (wanted === null) return { kind: 'unclear' };
  const soonest = now.getTime() + SOONEST_MS;
  const ahead = wanted.filter((at) => at >= soonest);
  const open = ahead.find((at) => isOpen(at, reach));
  if (open !== undefined) return withinReach(open, false, now);
  const first = ahead[0] ?? (wish.day?.kind === 'date' ? undefined : soonest);
  if (first === undefined) return { kind: 'unclear' };
  const verdict = windowVerdict({ at: new Date(wholeMinute(first)), zones: reach.zones, hours: reach.hours });
  if (verdict.open) return withinReach(wholeMinute(first), true, now);
  return verdict.opensAt ? withinReach(verdict.opensAt.getTime(), true, now) : { kind: 'too_far' };
}

/** Whether somebody named an hour, and not only a day or a part of one. */
export function namesHour(text: string, language: string): boolean {
  const wish = readWish(text, language);
  return wish.minute !== null || wish.delayMs !== null;
}

/** Whether somebody named a day, or a wait that leads to one. */
export function namesDay(text: string, language: string): boolean {
  const wish = readWish(text, language);
  return wish.day !== null || wish.delayMs !== null;
}

function withinReach(at: number, isMoved: boolean, now: Date): SpokenTime {
  if (at > now.getTime() + MOST_DAYS * DAY_MS) return { kind: 'too_far' };
  return { kind: 'at', at: new Date(at), isMoved };
}

function isOpen(at: number, { zones, hours }: Reach): boolean {
  return windowVerdict({ at: new Date(at), zones, hours }).open;
}

function wholeMinute(ms: number): number {
  return Math.ceil(ms / MINUTE_MS) * MINUTE_MS;
}

/** Every instant that may be meant, the likeliest first; null when no time was said. */
function instantsOf(wish: SpokenWish, now: Date, zone: string): number[] | null {
  const local = localTime(zone, now);
  if (!local || (wish.delayMs === null && !wish.day && !wish.minute && !wish.part)) return null;
  if (wish.delayMs !== null) return [wholeMinute(now.getTime() + wish.delayMs)];
  const minutes = minutesOf(wish, local.minuteOfDay);
  return daysOf(wish, local, minutes).flatMap((day) =>
    minutes.flatMap((minute) => firstInstantAt(zone, day, minute)?.getTime() ?? []),
  );
}

const USUAL_MINUTE: Record<PartOfDay, number> = {
  morning: 9 * 60,
  noon: 12 * 60,
  afternoon: 14 * 60,
  evening: 18 * 60,
};
const WITHOUT_HOUR = 10 * 60;
const LATER_TODAY = 3 * 60;
const HALF_DAY = 12 * 60;

function minutesOf({ minute, part, day }: SpokenWish, nowMinute: number): number[] {
  if (!minute) {
    if (part) return [USUAL_MINUTE[part]];
    return [day?.kind === 'ahead' && day.days === 0 ? Math.min(nowMinute + LATER_TODAY, 1439) : WITHOUT_HOUR];
  }
  const { value, isSure } = minute;
  if (isSure) return [value];
  if (part) return [inPart(value, part)];
  const early = value % HALF_DAY;
  const late = early + HALF_DAY;
  return early < 8 * 60 ? [late, early] : [early, late];
}

function inPart(value: number, part: PartOfDay): number {
  const early = value % HALF_DAY;
  if (part === 'morning') return early === 0 ? HALF_DAY : early;
  return part === 'noon' && early >= 9 * 60 ? early : early + HALF_DAY;
}

/** Local days that may be meant, counted from 1970-01-01. Without a day it is today, or else tomorrow. */
function daysOf({ day }: SpokenWish, now: { day: number; minuteOfDay: number }, minutes: number[]): number[] {
  if (!day) return [now.day, now.day + 1];
  if (day.kind === 'ahead') return [now.day + day.days];
  if (day.kind === 'date') return datesFrom(day, now.day);
  const ahead = (day.weekday - weekdayOf(now.day) + 7) % 7;
  if (day.isNextWeek) {
    const nextMonday = now.day + 7 - ((weekdayOf(now.day) + 6) % 7);
    return [nextMonday + ((day.weekday + 6) % 7)];
  }
  const isOver = ahead === 0 && minutes.every((minute) => minute <= now.minuteOfDay);
  return [now.day + (isOver ? 7 : ahead)];
}

function datesFrom(
  day: { year: number | null; month: number | null; date: number },
  today: number,
): number[] {
  const now = new Date(today * DAY_MS);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  const tries =
    day.month === null
      ? [dayOf(year, month, day.date), dayOf(year, month + 1, day.date)]
      : [
          dayOf(day.year ?? year, day.month - 1, day.date),
          dayOf(day.year ?? year + 1, day.month - 1, day.date),
        ];
  const [first, second] = tries;
  return [first, second].filter((one) => one !== undefined && one >= today).slice(0, 1) as number[];
}

function dayOf(year: number, month: number, date: number): number {
  return Math.floor(Date.UTC(year, month, date) / DAY_MS);
}

/** What the clock of a zone shows at an instant, as `YYYY-MM-DDTHH:MM`, which `readSpokenTime` reads back. */
export function localIso(at: Date, zone: string): string {
  const local = localDateTime(at, zone);
  return local ? `${local.date}T${local.time}` : at.toISOString().slice(0, 16);
}
