import { describe, expect, it } from 'vitest';
import {
  type ClockNote,
  createProductClock,
  firstAfternoon,
  NOTE_AGE_MAX_MS,
  resumeClock,
  sayProductTime,
} from '#sandbox/product-clock.ts';

const ms = (text: string) => Date.parse(text);

describe('the first afternoon', () => {
  it.each([
    ['a weekday before that hour', '2026-11-24T10:00:00Z', '2026-11-24T19:00:00Z'],
    ['a weekday after that hour', '2026-11-24T23:00:00Z', '2026-11-24T19:00:00Z'],
    ['a Saturday', '2026-11-21T12:00:00Z', '2026-11-23T19:00:00Z'],
    ['a Sunday', '2026-11-22T12:00:00Z', '2026-11-23T19:00:00Z'],
    ['Friday night in New York, Saturday in London', '2026-11-21T03:00:00Z', '2026-11-20T19:00:00Z'],
    ['Sunday night in New York, Monday in London', '2026-11-23T03:00:00Z', '2026-11-23T19:00:00Z'],
    ['daylight saving time', '2026-07-15T12:00:00Z', '2026-07-15T18:00:00Z'],
    ['the weekend on which clocks go forward', '2026-03-08T12:00:00Z', '2026-03-09T18:00:00Z'],
    ['the last day of a year', '2026-12-31T12:00:00Z', '2026-12-31T19:00:00Z'],
  ])('on %s is 14:00 in New York on a weekday', (_, now, wanted) => {
    expect(new Date(firstAfternoon(ms(now))).toISOString()).toBe(new Date(wanted).toISOString());
  });

  it('finds every zone of the contiguous United States awake', () => {
    for (let day = 0; day < 400; day += 1) {
      const at = firstAfternoon(ms('2026-01-01T12:00:00Z') + day * 86_400_000);
      for (const timeZone of [
        'America/New_York',
        'America/Chicago',
        'America/Phoenix',
        'America/Los_Angeles',
      ]) {
        const hour = Number(
          new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format(at),
        );
        expect(hour >= 8 && hour < 21, `${timeZone} ${new Date(at).toISOString()}`).toBe(true);
      }
    }
  });
});

describe('product time', () => {
  it('neither jumps nor goes back when its speed changes', () => {
    let real = 1_000_000;
    const clock = createProductClock({ realEpochMs: real, productEpochMs: 5_000_000, speed: 1 }, () => real);
    real += 10_000;
    expect(clock.now()).toBe(5_010_000);
    clock.setSpeed(60);
    expect(clock.now()).toBe(5_010_000);
    real += 1_000;
    expect(clock.now()).toBe(5_070_000);
    expect(clock.setting()).toEqual({ realEpochMs: 1_010_000, productEpochMs: 5_010_000, speed: 60 });
  });

  it('stands still when the clock of the machine is set back', () => {
    let real = 1_000_000;
    const clock = createProductClock({ realEpochMs: real, productEpochMs: 5_000_000, speed: 60 }, () => real);
    real -= 3_600_000;
    expect(clock.now()).toBe(5_000_000);
  });

  const note: ClockNote = {
    realEpochMs: 1_000_000,
    productEpochMs: 5_000_000,
    speed: 10,
    notedAtMs: 1_020_000,
    isStopped: true,
  };

  it.each<[string, ClockNote | null, number, number]>([
    ['goes on where it was stopped, however long ago', note, 900_000_000, 5_200_000],
    ['goes on where it was stopped, when the machine’s clock was set back', note, 0, 5_200_000],
    [
      'is as late as it can have become before a kill',
      { ...note, isStopped: false },
      900_000_000,
      5_200_000 + NOTE_AGE_MAX_MS * 10,
    ],
    ['is not later than the present after a kill', { ...note, isStopped: false }, 1_021_000, 5_210_000],
    ['is not earlier than its note after a kill', { ...note, isStopped: false }, 0, 5_200_000],
  ])('%s', (_, saved, realNow, wanted) => {
    expect(resumeClock(saved, null, realNow)).toEqual({
      realEpochMs: realNow,
      productEpochMs: wanted,
      speed: 10,
    });
  });

  it('runs as fast as asked for, else as last, else as usual', () => {
    expect(resumeClock(note, 60, 0).speed).toBe(60);
    expect(resumeClock(note, null, 0).speed).toBe(10);
    expect(resumeClock(null, null, 0).speed).toBe(1);
  });

  it('is said as people in New York say it', () => {
    expect(sayProductTime(ms('2026-11-23T19:00:00Z'))).toBe('Monday 23 November, 14:00 in New York');
  });
});
