import type { HolidaysTypes } from 'date-holidays';
import type { Holidays } from '#ports/holidays.ts';

type Calendar = {
  init(country: string, state?: string): void;
  getHolidays(year: number): HolidaysTypes.Holiday[];
};

/**
 * Public holidays from the `date-holidays` tables, which are loaded on first use: they weigh 40 MB and most processes
 * never ask. Answers are kept, since a year's holidays do not change.
 */
export function createHolidays(): Holidays {
  const known = new Map<string, { date: string; name: string }[]>();
  let calendar: Promise<Calendar> | null = null;
  return {
    async knows(place) {
      const { country, state } = partsOf(place);
      const { default: Tables } = await import('date-holidays');
      const tables = new Tables();
      if (!Object.hasOwn(tables.getCountries(), country)) return false;
      return state === undefined || Object.hasOwn(tables.getStates(country) ?? {}, state);
    },
    async places() {
      const { default: Tables } = await import('date-holidays');
      const tables = new Tables();
      return Object.entries(tables.getCountries('en')).flatMap(([country, name]) => [
        { place: country, name },
        ...Object.entries(tables.getStates(country, 'en') ?? {}).map(([state, own]) => ({
          place: `${country}-${state}`,
          name: `${own}, ${name}`,
        })),
      ]);
    },
    async datesOf(place, years) {
      calendar ??= import('date-holidays').then(({ default: Tables }) => new Tables());
      const tables = await calendar;
      return years.flatMap((year) => {
        const key = `${place} ${year}`;
        const found = known.get(key) ?? publicHolidays(tables, place, year);
        known.set(key, found);
        return found;
      });
    },
  };
}

function publicHolidays(tables: Calendar, place: string, year: number) {
  const { country, state } = partsOf(place);
  tables.init(country, state);
  return tables
    .getHolidays(year)
    .filter(({ type }) => type === 'public' || type === 'bank')
    .flatMap((holiday) => daysOf(holiday).map((date) => ({ date, name: holiday.name })));
}

const DAY_MS = 86_400_000;

/** The dates of a holiday: a feast may last for days, and its hours may begin on the eve. */
function daysOf({ date, start, end }: HolidaysTypes.Holiday): string[] {
  const first = Date.parse(date.slice(0, 10));
  const count = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
  return Array.from({ length: count }, (_, i) => new Date(first + i * DAY_MS).toISOString().slice(0, 10));
}

function partsOf(place: string): { country: string; state?: string } {
  const [country = '', state] = place.split('-');
  return state === undefined ? { country } : { country, state };
}
