import type { DayName } from './calling-window.ts';
import { shortDay, WEEK } from './week-hours.ts';

/** How the calls that began in one hour of the week, on the clock of whoever was called, were taken. */
export type HourRate = { weekday: DayName; hour: number; calls: number; answered: number };

/** A stretch of one weekday, in whole hours; `calls` and `answered` are 0 for one that is only a hint. */
export type TimeSlot = { weekday: DayName; from: number; until: number; calls: number; answered: number };

/** When people pick up: what is usual, until a workspace has calls enough to know better. */
export type BestTime = { basis: 'usual' | 'own'; calls: number; best: TimeSlot[]; avoid: TimeSlot[] };

/** From so many calls on a workspace’s own rates are worth more than what is usual. */
export const ENOUGH_CALLS = 200;

/** Hours in which so few calls began say nothing. */
const FEWEST_CALLS = 10;
/** Hours of the day that a table shows where nothing was ever called before or after. */
const FIRST_HOUR = 8;
const LAST_HOUR = 20;
const MOST_SLOTS = 3;

/** What is usual: call 10 to 12 and 14 to 16 from Tuesday to Thursday, not Monday morning nor Friday afternoon (campaign-api §3.2). */
const USUAL: Pick<BestTime, 'best' | 'avoid'> = {
  best: (['tuesday', 'wednesday', 'thursday'] as const).flatMap((day) => [
    hint(day, 10, 12),
    hint(day, 14, 16),
  ]),
  avoid: [hint('monday', 8, 12), hint('friday', 12, 18)],
};

/**
 * When to call. With calls enough: the hours with the best and the worst rates of the workspace itself, judged by what
 * they are worth at least and at most (95 % confidence), so that one lucky call makes no best hour; hours of a day that
 * follow each other are one slot.
 */
export function bestTime(rates: readonly HourRate[]): BestTime {
  const calls = rates.reduce((sum, rate) => sum + rate.calls, 0);
  if (calls < ENOUGH_CALLS) return { basis: 'usual', calls, ...USUAL };
  const known = rates.filter((rate) => answerRate(rate) !== null);
  const overall = rates.reduce((sum, rate) => sum + rate.answered, 0) / calls;
  const better = known.filter((rate) => rateOf(rate) > overall).sort((a, b) => atLeast(b) - atLeast(a));
  const worse = known.filter((rate) => rateOf(rate) < overall).sort((a, b) => atMost(a) - atMost(b));
  return { basis: 'own', calls, best: slotsOf(better), avoid: slotsOf(worse) };
}

/** In how many percent of the calls begun in an hour a person answered, to one decimal; null where too few began to say so. */
export function answerRate({ calls, answered }: HourRate): number | null {
  return calls < FEWEST_CALLS ? null : Math.round((1_000 * answered) / calls) / 10;
}

/** A slot in words: “Tue 10–12”, with its rate where it has one: “Tue 10–12 (41 % of 120 calls)”. */
export function describeSlot({ weekday, from, until, calls, answered }: TimeSlot): string {
  const hours = `${shortDay(weekday)} ${from}–${until}`;
  return calls === 0 ? hours : `${hours} (${percent(answered, calls)} % of ${calls} calls)`;
}

/** Slots in words; the same hours on days that follow each other are said once: “Tue–Thu 10–12 and 14–16”. */
export function describeSlots(slots: readonly TimeSlot[]): string {
  if (slots.some(({ calls }) => calls > 0)) return slots.map(describeSlot).join(', ');
  const hoursOf = new Map<DayName, string[]>();
  for (const { weekday, from, until } of slots)
    hoursOf.set(weekday, [...(hoursOf.get(weekday) ?? []), `${from}–${until}`]);
  const days = WEEK.filter((day) => hoursOf.has(day));
  const first = days[0];
  const last = days.at(-1);
  const isOneWord = new Set([...hoursOf.values()].map((hours) => hours.join())).size === 1;
  const inRow = first && last && WEEK.indexOf(last) - WEEK.indexOf(first) === days.length - 1;
  if (first && last && isOneWord && inRow && days.length > 1)
    return `${shortDay(first)}–${shortDay(last)} ${(hoursOf.get(first) ?? []).join(' and ')}`;
  return days.map((day) => `${shortDay(day)} ${(hoursOf.get(day) ?? []).join(' and ')}`).join(', ');
}

/**
 * The week as a table of text, days down and hours across: of a hundred calls that began then, how many a person took. A
 * dot stands where too few began to say so. It needs no colour, and every line has the same length.
 */
export function heatMap(rates: readonly HourRate[]): string[] {
  const hours = rates.filter(({ calls }) => calls > 0).map(({ hour }) => hour);
  const [first, last] = [Math.min(FIRST_HOUR, ...hours), Math.max(LAST_HOUR, ...hours)];
  const columns = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const header = `   ${columns.map((hour) => cell(String(hour))).join('')}`;
  const rateAt = new Map(rates.map((rate) => [`${rate.weekday} ${rate.hour}`, rate]));
  const lines = WEEK.map((day) => {
    const cells = columns.map((hour) => {
      const rate = rateAt.get(`${day} ${hour}`);
      return cell(rate && rate.calls >= FEWEST_CALLS ? String(percent(rate.answered, rate.calls)) : '·');
    });
    return `${shortDay(day)}${cells.join('')}`;
  });
  return [header, ...lines];
}

/** The best ranked hours, up to so many stretches of hours in a row, the best ranked first. */
function slotsOf(ranked: readonly HourRate[]): TimeSlot[] {
  let slots: TimeSlot[] = [];
  for (const { weekday, hour, calls, answered } of ranked) {
    const slot = { weekday, from: hour, until: hour + 1, calls, answered };
    const touching = slots.filter((one) => isTouching(one, slot));
    if (touching.length === 0 && slots.length === MOST_SLOTS) continue;
    const first = touching[0] ?? slot;
    const joined = touching.reduce(join, slot);
    const kept = touching.length === 0 ? [...slots, slot] : slots;
    slots = kept.flatMap((one) => (one === first ? [joined] : touching.includes(one) ? [] : [one]));
  }
  return slots;
}

function isTouching(one: TimeSlot, other: TimeSlot): boolean {
  return one.weekday === other.weekday && (one.until === other.from || other.until === one.from);
}

function join(one: TimeSlot, other: TimeSlot): TimeSlot {
  return {
    weekday: one.weekday,
    from: Math.min(one.from, other.from),
    until: Math.max(one.until, other.until),
    calls: one.calls + other.calls,
    answered: one.answered + other.answered,
  };
}

function hint(weekday: DayName, from: number, until: number): TimeSlot {
  return { weekday, from, until, calls: 0, answered: 0 };
}

function rateOf({ answered, calls }: HourRate): number {
  return calls === 0 ? 0 : answered / calls;
}

/** Ends of the Wilson interval of 95 %. */
const Z = 1.96;

function atLeast(rate: HourRate): number {
  return middle(rate) - spread(rate);
}

function atMost(rate: HourRate): number {
  return middle(rate) + spread(rate);
}

function middle({ answered, calls }: HourRate): number {
  return (answered + (Z * Z) / 2) / (calls + Z * Z);
}

function spread({ answered, calls }: HourRate): number {
  const share = answered / calls;
  return (Z * Math.sqrt(calls * share * (1 - share) + (Z * Z) / 4)) / (calls + Z * Z);
}

function percent(answered: number, calls: number): number {
  return Math.round((100 * answered) / calls);
}

function cell(text: string): string {
  return text.padStart(3);
}
