import { type AllowedHours, DAY_NAMES, type DayName, minutesOf } from './calling-window.ts';
import { capitalized, listWords } from './phrases.ts';

/** The days of a week as people list them, from Monday on. */
export const WEEK: readonly DayName[] = [...DAY_NAMES.slice(1), 'sunday'];
export const WEEKDAYS: readonly DayName[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];

/** Weekdays as clocks count them, 0 for Sunday. */
export function dayNameOf(weekday: number): DayName {
  return DAY_NAMES[weekday] ?? 'sunday';
}

/** A weekday in three letters: “Mon”. */
export function shortDay(day: DayName): string {
  return capitalized(day.slice(0, 3));
}

/** One line for each weekday, as a form has them: “09:00-12:00, 14:00-18:00”; empty on a day off. */
export type WeekLines = Record<DayName, string>;

export type ParsedWeek =
  | { ok: true; hours: AllowedHours[] }
  | { ok: false; problems: { day: DayName; sentence: string }[] };

/**
 * Reads the hours of a week, several windows a day, in the spellings people use: `9-12`, `09.00 – 12.30`, `9am-5pm`; an
 * empty line or “closed” is a day off. Days with the same window become one entry. Every problem comes back together, with
 * its day; a week without any hours is a problem of Monday.
 */
export function parseWeek(lines: Partial<WeekLines>): ParsedWeek {
  const days = WEEK.map((day) => ({ day, ...parseLine(lines[day] ?? '') }));
  const problems = days.flatMap(({ day, problem }) => (problem ? [{ day, sentence: problem }] : []));
  if (problems.length > 0) return { ok: false, problems };
  const daysOf = new Map<string, DayName[]>();
  for (const { day, ranges } of days)
    for (const range of ranges) daysOf.set(range, [...(daysOf.get(range) ?? []), day]);
  if (daysOf.size === 0)
    return { ok: false, problems: [{ day: 'monday', sentence: 'Give at least one day some hours.' }] };
  return { ok: true, hours: [...daysOf].map(([range, on]) => hoursFrom(range, on)) };
}

/** The windows of a week as one line a day, in order; what lies inside another window is not said twice. */
export function formatWeek(hours: readonly AllowedHours[]): WeekLines {
  const lines = WEEK.map((day) => {
    const own = hours.filter(({ days }) => days.includes(day)).map(({ start, end }) => `${start}-${end}`);
    return [day, [...new Set(own)].sort().join(', ')];
  });
  return Object.fromEntries(lines) as WeekLines;
}

/** The windows of a week in words: “Mon–Fri 09:00–12:00 and 14:00–18:00, Sat 10:00–12:00”. */
export function describeWeek(hours: readonly AllowedHours[]): string {
  const lines = formatWeek(hours);
  const stretches: { first: DayName; last: DayName; line: string }[] = [];
  for (const day of WEEK) {
    const before = stretches.at(-1);
    if (before?.line === lines[day]) before.last = day;
    else stretches.push({ first: day, last: day, line: lines[day] });
  }
  const open = stretches.filter(({ line }) => line !== '');
  if (open.length === 0) return 'never';
  return open.map(({ first, last, line }) => `${daysWords(first, last)} ${rangeWords(line)}`).join(', ');
}

const MOST_WINDOWS = 6;
const RANGE =
  /^(\d{1,2})(?:[:.](\d{2}))?\s*([ap]m)?\s*(?:-|–|—|to|until)\s*(\d{1,2})(?:[:.](\d{2}))?\s*([ap]m)?$/;

type Line = { ranges: string[]; problem?: string };

function parseLine(typed: string): Line {
  const text = typed.trim().toLowerCase();
  if (text === '' || text === '-' || text === '–' || text === 'closed' || text === 'off')
    return { ranges: [] };
  const ranges = text.split(/\s*[,;]\s*|\s+and\s+/).filter((part) => part !== '');
  if (ranges.length > MOST_WINDOWS)
    return { ranges: [], problem: `Give at most ${MOST_WINDOWS} windows a day.` };
  const read = ranges.map(readRange);
  const bad = read.find((range) => 'problem' in range);
  if (bad && 'problem' in bad) return { ranges: [], problem: bad.problem };
  const inOrder = read
    .flatMap((range) => ('start' in range ? [range] : []))
    .sort((a, b) => (a.start < b.start ? -1 : 1));
  const overlap = inOrder.findIndex((range, at) => at > 0 && range.start < (inOrder[at - 1]?.end ?? ''));
  if (overlap > 0) return { ranges: [], problem: overlapWords(inOrder[overlap - 1], inOrder[overlap]) };
  return { ranges: inOrder.map(({ start, end }) => `${start}-${end}`) };
}

type Range = { start: string; end: string };

function readRange(text: string): Range | { problem: string } {
  const shown = text.slice(0, 40);
  const found = RANGE.exec(text);
  const start = found && clockOf(found[1], found[2], found[3]);
  const end = found && clockOf(found[4], found[5], found[6]);
  if (!start || !end)
    return { problem: `“${shown}” is not a window of the day; write it like 09:00-12:00, 14:00-18:00.` };
  if (start >= end)
    return {
      problem: `“${shown}” ends before it begins. Over midnight takes two windows: until 24:00 here, from 00:00 on the next day.`,
    };
  return { start, end };
}

/** `HH:MM` of a time as typed, or null when there is none like it. */
function clockOf(hours = '', minutes = '00', half?: string): string | null {
  const typed = Number(hours);
  if (half && (typed < 1 || typed > 12)) return null;
  const hour = half ? (typed % 12) + (half === 'pm' ? 12 : 0) : typed;
  const clock = `${String(hour).padStart(2, '0')}:${minutes}`;
  return minutesOf(clock) === null ? null : clock;
}

function overlapWords(one: Range | undefined, other: Range | undefined): string {
  return `${one?.start}-${one?.end} and ${other?.start}-${other?.end} overlap; make them one window, or leave a gap.`;
}

function hoursFrom(range: string, days: DayName[]): AllowedHours {
  const [start = '', end = ''] = range.split('-');
  return { start, end, days: DAY_NAMES.filter((day) => days.includes(day)) };
}

function daysWords(first: DayName, last: DayName): string {
  if (first === 'monday' && last === 'sunday') return 'every day';
  return first === last ? shortDay(first) : `${shortDay(first)}–${shortDay(last)}`;
}

function rangeWords(line: string): string {
  return listWords(line.split(', ').map((range) => range.replace('-', '–')));
}
