import { withDigits } from './spoken-number.ts';
import { TIME_WORDS } from './time-words.ts';

/** A part of a day, with the hour that is meant when none is said. */
export type PartOfDay = 'morning' | 'noon' | 'afternoon' | 'evening';

/**
 * What somebody said of a time, before it is known what that is on a calendar. `day`: so many days ahead, a weekday
 * (0 = Sunday, `weeks` further), or a date. `minute`: minutes since midnight, `isSure` when it cannot be twelve hours off.
 */
export type SpokenWish = {
  delayMs: number | null;
  day:
    | { kind: 'ahead'; days: number }
    | { kind: 'weekday'; weekday: number; isNextWeek: boolean }
    | { kind: 'date'; year: number | null; month: number | null; date: number }
    | null;
  minute: { value: number; isSure: boolean } | null;
  part: PartOfDay | null;
};

/** Takes a time out of what somebody said; everything is null when there is none in it. */
export function readWish(text: string, language: string): SpokenWish {
  const rest = { text: ` ${normal(text, language)} ` };
  const delay = takeDelay(rest);
  const day = delay?.day ?? takeDay(rest);
  const part = takePart(rest);
  const minute = takeMinute(rest, day !== null || part !== null);
  return { delayMs: delay?.ms ?? null, day, minute, part };
}

type Rest = { text: string };

function normal(text: string, language: string): string {
  const folded = text
    .slice(0, 600)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\b([ap])\.? ?m\b\.?/g, '$1m')
    .replace(/o['’ ]?clock/g, 'oclock')
    .replace(/\b(\d{1,2})[.h](\d{2})\b/g, '$1:$2')
    .replace(/(\d)(am|pm)\b/g, '$1 $2')
    .replace(/[^a-z0-9:+/ -]+/g, ' ')
    .replace(/-(?!\d)|(?<!\d)-/g, ' ')
    .replace(/\s+/g, ' ');
  const words = TIME_WORDS[language.slice(0, 2)] ?? [];
  return withDigits(words.reduce((line, [pattern, english]) => line.replace(pattern, english), folded))
    .replace(/\b(?:midday|lunch ?time|noontime)\b/g, 'noon')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Takes the first match out of the rest, so that its numbers are not read twice. */
function take(rest: Rest, pattern: RegExp): RegExpExecArray | null {
  const found = pattern.exec(rest.text);
  if (found) rest.text = rest.text.replace(found[0], ' ; ');
  return found;
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000 };
const AMOUNT = '(an?|\\d+|half an?|a couple(?: of)?|a few)';
const UNIT = '(minutes?|mins?|hours?|hrs?|days?|weeks?)';

function takeDelay(rest: Rest): { ms: number | null; day: SpokenWish['day'] } | null {
  const found =
    take(
      rest,
      new RegExp(
        ` (?:in|after|within|give me) (?:about |around |like |maybe )?${AMOUNT} ${UNIT}( and a half)?(?= )`,
      ),
    ) ?? take(rest, new RegExp(` ${AMOUNT} ${UNIT}( and a half)? (?:from now|later)(?= )`));
  if (!found) return null;
  const [, amount = '', unit = '', half] = found;
  const size = amountOf(amount) + (half ? 0.5 : 0);
  const perDay = unit.startsWith('d') ? 1 : unit.startsWith('w') ? 7 : null;
  if (perDay === null) return { ms: size * (UNIT_MS[unit.charAt(0)] ?? 0), day: null };
  return { ms: null, day: { kind: 'ahead', days: Math.round(size * perDay) } };
}

function amountOf(words: string): number {
  if (/^\d/.test(words)) return Number(words);
  if (words.startsWith('half')) return 0.5;
  if (words.startsWith('a couple')) return 2;
  return words === 'a few' ? 3 : 1;
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = `(${MONTHS.join('|')})[a-z]*`;

function takeDay(rest: Rest): SpokenWish['day'] {
  const iso = take(rest, / (\d{4})-(\d{2})-(\d{2})(?=[t ])t?/);
  if (iso) return { kind: 'date', year: Number(iso[1]), month: Number(iso[2]), date: Number(iso[3]) };
  const dated =
    take(rest, new RegExp(` (?:the )?(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${MONTH}(?= )`)) ??
    swapped(take(rest, new RegExp(` ${MONTH} (?:the )?(\\d{1,2})(?:st|nd|rd|th)?(?= )(?!:)`)));
  if (dated)
    return { kind: 'date', year: null, month: MONTHS.indexOf(dated[2] ?? '') + 1, date: Number(dated[1]) };
  if (take(rest, / (?:the )?day after tomorrow(?= )/)) return { kind: 'ahead', days: 2 };
  if (take(rest, / tomorrow(?= )/)) return { kind: 'ahead', days: 1 };
  const weekday = takeWeekday(rest);
  if (weekday) return weekday;
  if (take(rest, / next week(?= )/)) return { kind: 'ahead', days: 7 };
  if (take(rest, / (?:this |the |next )?weekend(?= )/))
    return { kind: 'weekday', weekday: 6, isNextWeek: false };
  const date = take(rest, / (?:on )?the (\d{1,2})(?:st|nd|rd|th)(?= )/);
  if (date) return { kind: 'date', year: null, month: null, date: Number(date[1]) };
  return / (?:today|tonight|this (?:morning|afternoon|evening)) /.test(rest.text)
    ? { kind: 'ahead', days: 0 }
    : null;
}

function swapped(found: RegExpExecArray | null): (string | undefined)[] | null {
  return found && [found[0], found[2], found[1]];
}

function takeWeekday(rest: Rest): SpokenWish['day'] {
  const found = take(
    rest,
    new RegExp(` (${WEEKDAYS.join('|')})(?:day|s|sday|nesday|rs|rsday|urday|r)?(?= )`),
  );
  if (!found) return null;
  const isNextWeek = take(rest, / next week(?= )/) !== null;
  return { kind: 'weekday', weekday: WEEKDAYS.indexOf(found[1] ?? ''), isNextWeek };
}

const PARTS: readonly [RegExp, PartOfDay][] = [
  [/ (?:first thing|early|before (?:noon|lunch)|morning) /, 'morning'],
  [/ (?:after (?:noon|lunch)|afternoon) /, 'afternoon'],
  [/ (?:evening|tonight|night|after work|end of (?:the |my )?day) /, 'evening'],
  [/ noon /, 'noon'],
];

function takePart(rest: Rest): PartOfDay | null {
  return PARTS.find(([pattern]) => pattern.test(rest.text))?.[1] ?? null;
}

type Minute = NonNullable<SpokenWish['minute']>;

const TO_OR_PAST =
  / (half|(?:a )?quarter|\d{1,2})(?: minutes?)? (past|after|to|before|till|of) (\d{1,2})(?= )(?! (?:minutes?|hours?|days?|weeks?))/;
const CLOCK =
  / (?:at |around |about |by |after |before |from |say )?(\d{1,2}):(\d{1,2})(?::\d{2})?(?: ?(am|pm))?(?= )/;
const HOUR_AND_MINUTE = / (\d{1,2}) (0\d|[1-5]\d)(?: ?(am|pm))?(?= )/;
const WHOLE_HOUR = / (\d{1,2}) (?:oclock(?: (am|pm))?|(am|pm))(?= )/;
const AT_HOUR =
  / (?:at|around|about|by|after|before|from|until|till|say|maybe|between) (?:like |about |around |say )?(\d{1,2})(?= )/;
const LONE_HOUR = / (\d{1,2})(?= )/;

function takeMinute(rest: Rest, isTime: boolean): Minute | null {
  const relative = take(rest, TO_OR_PAST);
  if (relative) return aroundHour(relative);
  const exact = take(rest, CLOCK) ?? take(rest, HOUR_AND_MINUTE);
  if (exact) return clockMinute(exact[1] ?? '', Number(exact[2]), exact[3]);
  const whole = take(rest, WHOLE_HOUR);
  if (whole) return clockMinute(whole[1] ?? '', 0, whole[2] ?? whole[3]);
  const isBefore = / before \d/.test(rest.text);
  const isAlone = isTime || /^(?:\D+ )?\d{1,2}(?: \D+)?$/.test(rest.text.trim());
  const hour = take(rest, AT_HOUR) ?? (isAlone ? take(rest, LONE_HOUR) : null);
  const read = hour && clockMinute(hour[1] ?? '', 0, undefined);
  return read && isBefore ? { ...read, value: (read.value + 23 * 60) % 1440 } : read;
}

function aroundHour([, amount = '', side = '', hour = '']: RegExpExecArray): Minute | null {
  const minutes = amount === 'half' ? 30 : amount.includes('quarter') ? 15 : Number(amount);
  const isPast = side === 'past' || side === 'after';
  if (minutes > 59) return null;
  const read = clockMinute(hour, 0, undefined);
  return read && { ...read, value: (read.value + (isPast ? minutes : -minutes) + 1440) % 1440 };
}

/** “03:30” and “15:30” can be nothing else; “3:30” may be either half of the day. */
function clockMinute(hourText: string, minute: number, half: string | undefined): Minute | null {
  const hour = Number(hourText);
  if (hour > 24 || minute > 59) return null;
  if (half && hour <= 12)
    return { value: ((hour % 12) + (half === 'pm' ? 12 : 0)) * 60 + minute, isSure: true };
  const isSure = hour > 12 || hour === 0 || /^0\d$/.test(hourText);
  return { value: (hour % 24) * 60 + minute, isSure };
}
