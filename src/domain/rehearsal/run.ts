import { type LastDay, lastDayOf } from '#domain/end-of-day.ts';
import type { Reach } from '#domain/reach.ts';
import { DAY_MS } from '#domain/window-clock.ts';
import type { AssumedEnd } from './assumptions.ts';
import { emptyLine, type Line } from './line.ts';
import { createPace, type Pace } from './pace.ts';
import type { Channel, Rehearsal, RehearsalInput } from './rehearsal.ts';

const LONGEST_MS = 366 * DAY_MS;

/** How far one contact has come. */
type Progress = {
  nextChannel: Channel | null;
  firstStatus: string | null;
  used: number;
  n: number;
  recentAttempts: Date[];
};

type Open = { end: AssumedEnd; channel: Channel; reserved: number };

/** A rehearsal under way; it changes as it goes. */
export type Run = {
  input: RehearsalInput;
  now: number;
  horizon: number;
  waiting: Line;
  open: Line;
  openAttempts: Map<number, Open>;
  /** Calls keep their place until they end; a text has given it back once the provider has taken it. */
  callsOpen: number;
  progress: Progress[];
  pace: Pace;
  /** From when on somebody who is due can be reached again; infinite while only an end can free a place. */
  blockedUntil: number;
  canaryLeft: number | null;
  leftMicros: number | null;
  isSpent: boolean;
  lastDay: LastDay | null;
  reaches: Map<string, Reach>;
  plan: Rehearsal;
};

/** Everybody of the campaign in line, at the start. */
export function beginRun(input: RehearsalInput): Run {
  const now = input.now.getTime();
  const waiting = emptyLine();
  for (const [index, { dueAt }] of input.contacts.entries()) waiting.add(Math.max(dueAt, 0), index);
  return {
    input,
    now,
    horizon: now + LONGEST_MS,
    waiting,
    open: emptyLine(),
    openAttempts: new Map(),
    callsOpen: 0,
    progress: input.contacts.map(({ nextChannel, firstStatus, used, recentAttempts }) => ({
      nextChannel,
      firstStatus,
      used,
      n: used,
      recentAttempts: [...recentAttempts],
    })),
    pace: createPace(input),
    blockedUntil: now,
    canaryLeft: input.canaryLeft,
    leftMicros: input.leftMicros,
    isSpent: false,
    lastDay: input.endOfDay === 'stop' ? lastDayOf(input.hours, input.now) : null,
    reaches: new Map(),
    plan: {
      attempts: [],
      skips: new Map(),
      ended: new Map(),
      stops: [],
      undecided: 0,
      left: 0,
      finishesAt: null,
    },
  };
}

/** One more under a key. */
export function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
