import { firstShowing, plusDays } from './wall.ts';

/** A recurrence as somebody would write it on a calendar. */
export type Rhythm = {
  frequency: 'daily' | 'weekly' | 'monthly';
  interval: number;
  days: string[];
  dayOfMonth: number | null;
  time: string;
  zone: string;
  firstDate: string;
  endDate: string | null;
};

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Every instant at which a rhythm is due up to an instant, found by walking over the days (campaign-api §7.14). */
export function occurrencesOf(rhythm: Rhythm, untilMs: number): number[] {
  const found: number[] = [];
  for (
    let date = rhythm.firstDate;
    rhythm.endDate === null || date <= rhythm.endDate;
    date = plusDays(date, 1)
  ) {
    const at = firstShowing(rhythm.zone, date, rhythm.time);
    if (at > untilMs) break;
    if (isOn(rhythm, date)) found.push(at);
  }
  return found;
}

function isOn({ frequency, interval, days, dayOfMonth, firstDate }: Rhythm, date: string): boolean {
  if (frequency === 'daily') return daysBetween(firstDate, date) % interval === 0;
  if (frequency === 'weekly') {
    const weeks = daysBetween(mondayOf(firstDate), mondayOf(date)) / 7;
    return weeks % interval === 0 && days.includes(DAYS[weekdayOf(date)] ?? '');
  }
  const isLastDay = plusDays(date, 1).endsWith('-01');
  const day = Number(date.slice(8));
  const isDay = day === dayOfMonth || (isLastDay && (dayOfMonth ?? 0) > day);
  return isDay && monthsBetween(firstDate, date) % interval === 0;
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

function monthsBetween(from: string, to: string): number {
  return (
    (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 +
    Number(to.slice(5, 7)) -
    Number(from.slice(5, 7))
  );
}

function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}

function mondayOf(date: string): string {
  return plusDays(date, -((weekdayOf(date) + 6) % 7));
}
