import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_NAMES, DEFAULT_ALLOWED_HOURS, windowVerdict } from '#domain/calling-window.ts';
import { sayTime } from '#domain/conversation/say-time.ts';
import { readSpokenTime } from '#domain/conversation/spoken-time.ts';
import { localTime } from '#domain/window-clock.ts';

const ZONE = 'America/New_York';
/** Tuesday, 24 November 2026, 14:00 in New York. */
const NOW = new Date('2026-11-24T19:00:00Z');
const REACH = { zone: ZONE, zones: [ZONE], hours: [DEFAULT_ALLOWED_HOURS] };

function heard(text: string, language = 'en', now = NOW): string {
  const read = readSpokenTime(text, now, REACH, language);
  if (read.kind !== 'at') return read.kind;
  const local = new Intl.DateTimeFormat('en-CA', {
    timeZone: ZONE,
    dateStyle: 'short',
    timeStyle: 'short',
    hour12: false,
  }).format(read.at);
  return `${local.replace(',', '')}${read.isMoved ? ' moved' : ''}`;
}

describe('a time that somebody says at 14:00 on a Tuesday', () => {
  it.each([
    ['tomorrow at three', '2026-11-25 15:00'],
    ['Tomorrow at 3.', '2026-11-25 15:00'],
    ['Could you call me tomorrow at three p.m.?', '2026-11-25 15:00'],
    ['tomorrow at three thirty', '2026-11-25 15:30'],
    ['tomorrow at half past nine', '2026-11-25 09:30'],
    ['quarter to four tomorrow', '2026-11-25 15:45'],
    ['a quarter past ten tomorrow', '2026-11-25 10:15'],
    ['twenty past five', '2026-11-24 17:20'],
    ['tomorrow morning', '2026-11-25 09:00'],
    ['tomorrow morning at eight', '2026-11-25 08:00'],
    ['tomorrow evening at seven', '2026-11-25 19:00'],
    ['tomorrow afternoon', '2026-11-25 14:00'],
    ['tomorrow at noon', '2026-11-25 12:00'],
    ['tomorrow', '2026-11-25 10:00'],
    ['the day after tomorrow at ten', '2026-11-26 10:00'],
    ['Monday morning', '2026-11-30 09:00'],
    ['on Friday at eleven', '2026-11-27 11:00'],
    ['next Monday at 2', '2026-11-30 14:00'],
    ['Monday next week at nine', '2026-11-30 09:00'],
    ['Thursday after five', '2026-11-26 17:00'],
    ['Wednesday before noon', '2026-11-25 09:00'],
    ['in an hour', '2026-11-24 15:00'],
    ['in half an hour', '2026-11-24 14:30'],
    ['in 20 minutes', '2026-11-24 14:20'],
    ['call me back in a couple of hours', '2026-11-24 16:00'],
    ['in an hour and a half', '2026-11-24 15:30'],
    ['two hours from now', '2026-11-24 16:00'],
    ['in two days at four', '2026-11-26 16:00'],
    ['in a week', '2026-12-01 10:00'],
    ['next week', '2026-12-01 10:00'],
    ['15:30', '2026-11-24 15:30'],
    ['at 3:30', '2026-11-24 15:30'],
    ['3:30 pm', '2026-11-24 15:30'],
    ['three', '2026-11-24 15:00'],
    ['maybe around three', '2026-11-24 15:00'],
    ["five o'clock", '2026-11-24 17:00'],
    ['at nine', '2026-11-25 09:00'],
    ['at two', '2026-11-25 14:00'],
    ['this evening', '2026-11-24 18:00'],
    ['tonight at eight', '2026-11-24 20:00'],
    ['later today', '2026-11-24 17:00'],
    ['today at four', '2026-11-24 16:00'],
    ['December 3rd at 10', '2026-12-03 10:00'],
    ['the 3rd of December at half past two', '2026-12-03 14:30'],
    ['on the 30th at 11', '2026-11-30 11:00'],
    ['this weekend', '2026-11-28 10:00'],
    ['2026-11-25T15:00', '2026-11-25 15:00'],
    ['2026-11-25 15:00', '2026-11-25 15:00'],
    ['Between three and five tomorrow', '2026-11-25 15:00'],
  ])('“%s” is %s', (text, expected) => expect(heard(text)).toBe(expected));

  it.each([
    ['tomorrow at 6 am', '2026-11-25 08:00 moved'],
    ['tonight at eleven', '2026-11-25 08:00 moved'],
    ['03:00', '2026-11-25 08:00 moved'],
    ['tomorrow at 23:00', '2026-11-26 08:00 moved'],
  ])('“%s” is outside the hours, so it becomes %s', (text, expected) => expect(heard(text)).toBe(expected));

  it.each(['in three weeks', 'January 15th at ten', 'in 20 days'])('“%s” is too far ahead', (text) =>
    expect(heard(text)).toBe('too_far'),
  );

  it.each([
    '',
    'I do not know',
    'whenever you like',
    'my number is 5 5 5',
    'never',
    'call me later',
    'banana',
  ])('“%s” is no time', (text) => expect(heard(text)).toBe('unclear'));

  it.each([
    ['de', 'morgen um drei', '2026-11-25 15:00'],
    ['de', 'morgen früh um neun Uhr', '2026-11-25 09:00'],
    ['de', 'am Montag um halb vier', '2026-11-30 15:30'],
    ['de', 'um 15 Uhr 30', '2026-11-24 15:30'],
    ['de', 'übermorgen Nachmittag', '2026-11-26 14:00'],
    ['de', 'in einer Stunde', '2026-11-24 15:00'],
    ['de', 'in einer halben Stunde', '2026-11-24 14:30'],
    ['de', 'in zwei Stunden', '2026-11-24 16:00'],
    ['es', 'mañana a las tres', '2026-11-25 15:00'],
    ['es', 'mañana por la mañana', '2026-11-25 09:00'],
    ['es', 'el lunes a las once y media', '2026-11-30 11:30'],
    ['es', 'en una hora', '2026-11-24 15:00'],
    ['es', 'pasado mañana por la tarde', '2026-11-26 14:00'],
    ['fr', 'demain à trois heures', '2026-11-25 15:00'],
    ['fr', 'demain à 15h30', '2026-11-25 15:30'],
    ['fr', 'lundi matin', '2026-11-30 09:00'],
    ['fr', 'dans une heure', '2026-11-24 15:00'],
    ['fr', 'dans deux heures', '2026-11-24 16:00'],
    ['fr', 'après-demain à neuf heures et demie', '2026-11-26 09:30'],
  ])('in %s “%s” is %s', (language, text, expected) => expect(heard(text, language)).toBe(expected));

  it('clears the hours of every zone that the number may be in', () => {
    const reach = { ...REACH, zones: [ZONE, 'America/Los_Angeles'] };
    const read = readSpokenTime('tomorrow at nine in the morning', NOW, reach);
    expect(read).toEqual({ kind: 'at', at: new Date('2026-11-25T16:00:00Z'), isMoved: true });
  });

  it('is the moment after the gap of daylight saving time when their clock never shows it', () => {
    const hours = [{ start: '00:00', end: '24:00', days: [...DAY_NAMES] }];
    const read = readSpokenTime('tomorrow at 2:30 am', new Date('2027-03-13T17:00:00Z'), { ...REACH, hours });
    expect(read).toEqual({ kind: 'at', at: new Date('2027-03-14T07:00:00Z'), isMoved: false });
  });

  it('is too far ahead when they may never be called', () => {
    const hours = [
      { start: '08:00', end: '09:00', days: [DAY_NAMES[0]] },
      { start: '10:00', end: '11:00', days: [...DAY_NAMES] },
    ];
    expect(readSpokenTime('tomorrow at three', NOW, { ...REACH, hours })).toEqual({ kind: 'too_far' });
  });
});

const zones = fc.constantFrom(
  'America/New_York',
  'America/Los_Angeles',
  'America/Phoenix',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'UTC',
);
const instants = fc.date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2027-12-31T00:00:00Z'),
  noInvalidDate: true,
});

describe('whatever is said', () => {
  const words = fc.array(
    fc.constantFrom(
      'tomorrow',
      'at',
      'three',
      'monday',
      'next',
      'in',
      'an',
      'hour',
      '15:30',
      'half',
      'past',
      'to',
      'the',
      '5th',
      'morning',
      'pm',
      'am',
      'december',
      '99',
      'week',
      'two',
      'days',
      'noon',
      'tonight',
      '2026-12-01',
      '0',
      'before',
      'after',
      '31',
      'february',
    ),
    { maxLength: 8 },
  );

  it('nobody is promised a call outside their hours, in the past, or more than 14 days ahead', () => {
    fc.assert(
      fc.property(words, instants, zones, (said, now, zone) => {
        const reach = { zone, zones: [zone], hours: [DEFAULT_ALLOWED_HOURS] };
        const read = readSpokenTime(said.join(' '), now, reach);
        if (read.kind !== 'at') return;
        expect(read.at.getTime()).toBeGreaterThan(now.getTime());
        expect(read.at.getTime() - now.getTime()).toBeLessThanOrEqual(14 * 86_400_000);
        expect(windowVerdict({ at: read.at, zones: [zone], hours: reach.hours }).open).toBe(true);
        expect(read.at.getTime() % 60_000).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('free text of any kind is survived', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void readSpokenTime(text, NOW, REACH)));
  });
});

describe('a time read back', () => {
  it.each([
    ['en', 'tomorrow at 3 PM'],
    ['de', 'morgen um 15 Uhr'],
    ['es', 'mañana a las 15:00'],
    ['fr', 'demain à 15 heures'],
  ])('in %s is “%s”', (language, expected) => {
    expect(sayTime(new Date('2026-11-25T20:00:00Z'), NOW, ZONE, language)).toBe(expected);
  });

  it('names the date when the weekday alone could be this week’s', () => {
    expect(sayTime(new Date('2026-12-04T14:30:00Z'), NOW, ZONE, 'en-US')).toBe(
      'on Friday, December 4, at 9:30 AM',
    );
  });

  it.each(['en', 'de', 'es', 'fr'])('is understood as the same instant when it is said in %s', (language) => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 5, max: 6 * 1440 }), zones, (start, minutesAhead, zone) => {
        const now = new Date(Math.floor(start.getTime() / 60_000) * 60_000);
        const at = new Date(now.getTime() + minutesAhead * 60_000);
        const hours = [{ start: '08:00', end: '21:00', days: [...DAY_NAMES] }];
        fc.pre(windowVerdict({ at, zones: [zone], hours }).open);
        const [today, day] = [localTime(zone, now)?.day ?? 0, localTime(zone, at)?.day ?? 0];
        fc.pre(day < today + 7);
        const read = readSpokenTime(
          sayTime(at, now, zone, language),
          now,
          { zone, zones: [zone], hours },
          language,
        );
        expect(read).toEqual({ kind: 'at', at, isMoved: false });
      }),
      { numRuns: 500 },
    );
  });
});
