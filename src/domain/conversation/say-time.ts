import { DAY_MS, localTime, weekdayOf } from '#domain/window-clock.ts';

type Words = {
  days: readonly string[];
  months: readonly string[];
  today: string;
  tomorrow: string;
  on(weekday: string): string;
  onDate(weekday: string, date: number, month: string): string;
  at(hour: number, minute: number): string;
};

/** An instant as it is spoken to somebody, on their clock: “tomorrow at 3 PM”, “on Monday, December 7, at 9:30 AM”. */
export function sayTime(at: Date, now: Date, zone: string, language: string): string {
  const words = WORDS[language.slice(0, 2)] ?? ENGLISH;
  const [local, today] = [localTime(zone, at), localTime(zone, now)];
  if (!local || !today) return sayTime(at, now, 'UTC', language);
  const time = words.at(Math.floor(local.minuteOfDay / 60), local.minuteOfDay % 60);
  return `${dayWords(words, local.day, today.day)} ${time}`;
}

function dayWords(words: Words, day: number, today: number): string {
  if (day === today) return words.today;
  if (day === today + 1) return words.tomorrow;
  const weekday = words.days[weekdayOf(day)] ?? '';
  if (day < today + 7) return words.on(weekday);
  const date = new Date(day * DAY_MS);
  return words.onDate(weekday, date.getUTCDate(), words.months[date.getUTCMonth()] ?? '');
}

const two = (value: number) => String(value).padStart(2, '0');

const ENGLISH: Words = {
  days: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  months: 'January February March April May June July August September October November December'.split(' '),
  today: 'today',
  tomorrow: 'tomorrow',
  on: (weekday) => `on ${weekday}`,
  onDate: (weekday, date, month) => `on ${weekday}, ${month} ${date},`,
  at(hour, minute) {
    if (hour === 12 && minute === 0) return 'at noon';
    const half = hour < 12 ? 'AM' : 'PM';
    return `at ${hour % 12 === 0 ? 12 : hour % 12}${minute === 0 ? '' : `:${two(minute)}`} ${half}`;
  },
};

const WORDS: Readonly<Record<string, Words>> = {
  en: ENGLISH,
  de: {
    days: ['Sonntag', 'Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag'],
    months: 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(' '),
    today: 'heute',
    tomorrow: 'morgen',
    on: (weekday) => `am ${weekday}`,
    onDate: (weekday, date, month) => `am ${weekday}, dem ${date}. ${month},`,
    at: (hour, minute) => `um ${hour} Uhr${minute === 0 ? '' : ` ${minute}`}`,
  },
  es: {
    days: ['domingo', 'lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábado'],
    months: 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(
      ' ',
    ),
    today: 'hoy',
    tomorrow: 'mañana',
    on: (weekday) => `el ${weekday}`,
    onDate: (weekday, date, month) => `el ${weekday} ${date} de ${month}`,
    at: (hour, minute) => `${hour === 1 ? 'a la' : 'a las'} ${hour}:${two(minute)}`,
  },
  fr: {
    days: ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'],
    months: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
    today: 'aujourd’hui',
    tomorrow: 'demain',
    on: (weekday) => weekday,
    onDate: (weekday, date, month) => `le ${weekday} ${date} ${month}`,
    at: (hour, minute) => `à ${hour} heures${minute === 0 ? '' : ` ${minute}`}`,
  },
};
