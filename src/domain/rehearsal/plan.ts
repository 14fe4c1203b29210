import type { SkipReason } from '#domain/hold.ts';
import { dateOfDay } from '#domain/local-moment.ts';
import type { CostRange } from '#domain/text-cost.ts';
import { dayNameOf, shortDay } from '#domain/week-hours.ts';
import { localTime } from '#domain/window-clock.ts';
import { clockWords } from '#domain/window-words.ts';
import type { Channel, Rehearsal, RehearsedStop } from './rehearsal.ts';
import { count } from './run.ts';

/** One hour of the plan on the campaign's clock: how many attempts in which zone. */
export type PlannedHour = {
  at: Date;
  day: string;
  hour: string;
  attempts: number;
  zones: Map<string, number>;
};

/** A rehearsal in figures. `zones` begins with the one that has most attempts; `reached` counts people, not attempts. */
export type Plan = {
  attempts: number;
  calls: number;
  texts: number;
  reached: number;
  hours: PlannedHour[];
  zones: string[];
  cost: CostRange;
  skips: { reason: SkipReason; contacts: number }[];
  ended: { status: string; contacts: number }[];
  stops: RehearsedStop[];
  undecided: number;
  left: number;
  finishesAt: Date | null;
};

const HOUR_MS = 3_600_000;
/** No clock changes its hour within one: millions of attempts ask for no more than these. */
const QUARTER_MS = HOUR_MS / 4;

/** What a rehearsal comes to: by hour of the campaign's zone and by the zones of the people, as `zoneOf` names them. */
export function planOf(
  rehearsal: Rehearsal,
  { zone, zoneOf }: { zone: string; zoneOf: (contact: number) => string },
): Plan {
  const hours = new Map<number, PlannedHour>();
  const quarters = new Map<number, PlannedHour>();
  const zones = new Map<string, number>();
  const reached = new Set<number>();
  const channels: Record<Channel, number> = { call: 0, sms: 0 };
  const cost: CostRange = { low: 0, high: 0, currency: 'USD', estimate: rehearsal.attempts.length > 0 };
  for (const { at, index, channel, lowMicros, highMicros } of rehearsal.attempts) {
    const name = zoneOf(index);
    const quarter = Math.floor(at / QUARTER_MS);
    const hour = quarters.get(quarter) ?? hourOf(hours, at, zone);
    quarters.set(quarter, hour);
    hour.attempts += 1;
    count(hour.zones, name);
    count(zones, name);
    reached.add(index);
    channels[channel] += 1;
    cost.low += lowMicros;
    cost.high += highMicros;
  }
  return {
    attempts: rehearsal.attempts.length,
    calls: channels.call,
    texts: channels.sms,
    reached: reached.size,
    hours: [...hours.values()].sort((a, b) => a.at.getTime() - b.at.getTime()),
    zones: mostFirst(zones).map(([name]) => name),
    cost,
    skips: mostFirst(rehearsal.skips).map(([reason, contacts]) => ({ reason, contacts })),
    ended: mostFirst(rehearsal.ended).map(([status, contacts]) => ({ status, contacts })),
    stops: rehearsal.stops,
    undecided: rehearsal.undecided,
    left: rehearsal.left,
    finishesAt: rehearsal.finishesAt === null ? null : new Date(rehearsal.finishesAt),
  };
}

/** Every zone's hours begin with some quarter, so an hour is where the wall clock of the zone says it is. */
function hourOf(hours: Map<number, PlannedHour>, ms: number, zone: string): PlannedHour {
  const local = localTime(zone, new Date(ms));
  const intoHourMs = local ? (local.minuteOfDay % 60) * 60_000 + (ms % 60_000) : ms % HOUR_MS;
  const at = ms - intoHourMs;
  const known = hours.get(at);
  if (known) return known;
  const begun = localTime(zone, new Date(at));
  const made = {
    at: new Date(at),
    day: begun ? `${shortDay(dayNameOf(begun.weekday))} ${dateOfDay(begun.day)}` : '',
    hour: clockWords(begun?.minuteOfDay ?? 0),
    attempts: 0,
    zones: new Map<string, number>(),
  };
  hours.set(at, made);
  return made;
}

function mostFirst<Key>(counts: ReadonlyMap<Key, number>): [Key, number][] {
  return [...counts].sort((a, b) => b[1] - a[1]);
}
