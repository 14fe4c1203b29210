/** Product time began at `productEpochMs` when real time was `realEpochMs` and runs `speed` times as fast. */
export type ClockSetting = { realEpochMs: number; productEpochMs: number; speed: number };

/** What is remembered of a clock: how it ran, when that was noted, and whether it was stopped then. */
export type ClockNote = ClockSetting & { notedAtMs: number; isStopped: boolean };

export type ProductClock = {
  now(): number;
  readonly speed: number;
  setting(): ClockSetting;
  /** From this moment on time runs at another speed; it neither jumps nor goes back. */
  setSpeed(speed: number): void;
  note(isStopped: boolean): ClockNote;
};

/** A note is at most this old when the sandbox is killed; product time may have run on as long. */
export const NOTE_AGE_MAX_MS = 5_000;

const NEW_YORK = 'America/New_York';
const HOUR_MS = 3_600_000;
const STARTS_AT_HOUR = 14;

export function createProductClock(
  setting: ClockSetting,
  realNow: () => number = () => Date.now(),
): ProductClock {
  let current = setting;
  const now = () => productAt(current, realNow());
  return {
    now,
    get speed() {
      return current.speed;
    },
    setting: () => current,
    setSpeed(speed) {
      current = { realEpochMs: realNow(), productEpochMs: now(), speed };
    },
    note: (isStopped) => ({ ...current, notedAtMs: realNow(), isStopped }),
  };
}

/**
 * How time runs from now on: where it was stopped; after a kill, no earlier than it can have been; with no note, the
 * first afternoon.
 */
export function resumeClock(note: ClockNote | null, speed: number | null, realNowMs: number): ClockSetting {
  if (!note) {
    return { realEpochMs: realNowMs, productEpochMs: firstAfternoon(realNowMs), speed: speed ?? 1 };
  }
  return {
    realEpochMs: realNowMs,
    productEpochMs: latestProductTime(note, realNowMs),
    speed: speed ?? note.speed,
  };
}

/**
 * 14:00 in New York of this weekday, or the next one: every zone of the contiguous United States is between 08:00 and
 * 21:00 then, so that a new user is not met by closed hours.
 */
export function firstAfternoon(realNowMs: number): number {
  const { year, month, day } = newYorkTime(realNowMs);
  for (let ahead = 0; ; ahead += 1) {
    const midnight = Date.UTC(year, month - 1, day + ahead);
    const weekday = new Date(midnight).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    const inSummer = midnight + (STARTS_AT_HOUR + 4) * HOUR_MS;
    return newYorkTime(inSummer).hour === STARTS_AT_HOUR ? inSummer : inSummer + HOUR_MS;
  }
}

/** As people say it, in New York. */
export function sayProductTime(productMs: number): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: NEW_YORK,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  });
  return `${format.format(productMs).replace(' at ', ', ')} in New York`;
}

function productAt({ realEpochMs, productEpochMs, speed }: ClockSetting, realMs: number): number {
  return Math.round(productEpochMs + Math.max(0, realMs - realEpochMs) * speed);
}

function latestProductTime(note: ClockNote, realNowMs: number): number {
  const noted = productAt(note, note.notedAtMs);
  if (note.isStopped) return noted;
  return Math.max(noted, productAt(note, Math.min(realNowMs, note.notedAtMs + NOTE_AGE_MAX_MS)));
}

function newYorkTime(ms: number): { year: number; month: number; day: number; hour: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: NEW_YORK,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(ms);
  const number = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return { year: number('year'), month: number('month'), day: number('day'), hour: number('hour') };
}
