import { type AllowedHours, type CallingWindow, DAY_NAMES, windowVerdict } from './calling-window.ts';
import { sustainedPerMinute } from './pacing.ts';
import { DAY_MS, MINUTE_MS } from './window-clock.ts';
import { describeDuration, describeInstant } from './window-words.ts';

/**
 * Contacts that may be reached at the same hours; `hours`: where a group has its own, by the law where it is. `notBefore`:
 * when the caps on attempts to their numbers leave room again.
 */
export type ZoneGroup = {
  zones: readonly string[];
  contacts: number;
  hours?: readonly (AllowedHours | CallingWindow)[];
  notBefore?: Date;
};

/**
 * What an outlook rests on. `heldSeconds`: how long an attempt keeps its place among `concurrentLimit`, on average.
 * `retryShare`: which share of attempts is tried again, from 0 to 1.
 */
export type EtaInput = {
  now: Date;
  groups: readonly ZoneGroup[];
  hours: readonly (AllowedHours | CallingWindow)[];
  rateLimitsPerMinute: readonly number[];
  /** What the provider account allows, for calls. */
  callsPerSecond?: number;
  concurrentLimit: number;
  heldSeconds: number;
  retryShare: number;
  maxAttempts: number;
  retryDelayMinutes: number;
  /** At most so many attempts to one number within so many hours. */
  caps?: readonly { limit: number; hours: number }[];
};

export type BindingLimit =
  | 'rate_limit'
  | 'calls_per_second'
  | 'concurrency'
  | 'calling_hours'
  | 'retries'
  | 'frequency_caps';

/**
 * When a campaign will be done. `finishesAt` is null when it cannot be, or not within a year. `binds`: the limit without
 * which it would be done soonest, null when none matters. `outOfReach`: contacts whose hours never open.
 */
export type Eta = {
  finishesAt: Date | null;
  attempts: number;
  binds: BindingLimit | null;
  outOfReach: number;
};

/** Seconds that an attempt keeps its place, until a campaign has figures of its own (field-notes §4). */
export const HELD_SECONDS = { sms: 2, call: 45 } as const;

/**
 * How long the rest of a campaign takes: attempts flow at the lower of rate and concurrency while the hours of some group
 * are open, the groups that close first going first; retries add attempts, and the last of them their delay.
 */
export function estimateEta(input: EtaInput): Eta {
  const run = simulate(input);
  const attempts = Math.round(totalContacts(input.groups) * attemptsEach(input));
  const done = run.finishedAt;
  if (done === null) return { finishesAt: null, attempts, binds: null, outOfReach: run.outOfReach };
  return {
    finishesAt: new Date(done),
    attempts,
    binds: bindingLimit(input, done),
    outOfReach: run.outOfReach,
  };
}

/** The outlook in words: “about 40 minutes; the rate limit binds”. */
export function describeEta(eta: Eta, now: Date, zone: string): string {
  if (!eta.finishesAt) return 'the end cannot be foreseen: no calling hours are open for the contacts left';
  const ms = eta.finishesAt.getTime() - now.getTime();
  const about = ms < MINUTE_MS ? describeDuration(ms) : `about ${describeDuration(ms)}`;
  const end = describeInstant(eta.finishesAt, now, zone).replace(/^on /, '');
  const length = ms < DAY_MS ? about : `until ${end}`;
  return eta.binds ? `${length}; ${BINDING_WORDS[eta.binds]}` : length;
}

const BINDING_WORDS: Record<BindingLimit, string> = {
  rate_limit: 'the rate limit binds',
  calls_per_second: 'the provider account’s calls per second bind',
  concurrency: 'the number of attempts at once binds',
  calling_hours: 'calling hours bind',
  retries: 'retries take the longest',
  frequency_caps: 'the limit on attempts to one number binds',
};

const UNLIMITED = 1e9;
const LONGEST_MS = 366 * DAY_MS;
const ALWAYS: AllowedHours[] = [{ start: '00:00', end: '24:00', days: [...DAY_NAMES] }];

const LIFTED: Record<BindingLimit, (input: EtaInput) => EtaInput> = {
  rate_limit: (input) => ({ ...input, rateLimitsPerMinute: [] }),
  calls_per_second: (input) => ({ ...input, callsPerSecond: undefined }),
  concurrency: (input) => ({ ...input, concurrentLimit: UNLIMITED }),
  calling_hours: (input) => ({
    ...input,
    hours: ALWAYS,
    groups: input.groups.map(({ hours: _, ...group }) => group),
  }),
  retries: (input) => ({ ...input, retryShare: 0 }),
  frequency_caps: (input) => ({
    ...input,
    caps: [],
    groups: input.groups.map(({ notBefore: _, ...group }) => group),
  }),
};

/** The limit that costs the most time: lift each in turn and see. Less than a minute is not worth naming. */
function bindingLimit(input: EtaInput, done: number): BindingLimit | null {
  let binds: BindingLimit | null = null;
  let most = MINUTE_MS;
  for (const limit of Object.keys(LIFTED) as BindingLimit[]) {
    // Without retries no cap would hold anybody up: what caps cost is not put down to them.
    const from = limit === 'retries' ? (simulate(LIFTED.frequency_caps(input)).finishedAt ?? done) : done;
    const saved = from - (simulate(LIFTED[limit](input)).finishedAt ?? from);
    if (saved > most) [binds, most] = [limit, saved];
  }
  return binds;
}

type Run = { finishedAt: number | null; outOfReach: number };
type Load = Pick<ZoneGroup, 'zones' | 'hours' | 'notBefore'> & { attempts: number };
type Moment = { open: { load: Load; closesAt: number }[]; nextOpeningAt: number | null };

function simulate(input: EtaInput): Run {
  const perMs = perMinute(input) / MINUTE_MS;
  const loads = input.groups
    .filter(({ contacts }) => contacts > 0)
    .map(({ contacts, ...group }) => ({ ...group, attempts: contacts * attemptsEach(input) }));
  const reachable = loads.filter((load) => verdictOf(input, load, input.now.getTime()) !== null);
  const outOfReach = Math.round(
    loads.filter((load) => !reachable.includes(load)).reduce((sum, load) => sum + load.attempts, 0) /
      attemptsEach(input),
  );
  if (reachable.length === 0)
    return { finishedAt: loads.length === 0 ? input.now.getTime() : null, outOfReach };
  const workedOffAt = workOff(input, reachable, perMs);
  return {
    finishedAt: workedOffAt === null ? null : withLastRetries(input, reachable, workedOffAt, perMs),
    outOfReach,
  };
}

/** Lets attempts flow from opening to opening until none is left; null when that takes more than a year. */
function workOff(input: EtaInput, loads: readonly Load[], perMs: number): number | null {
  const start = input.now.getTime();
  let left = loads.map((load) => ({ ...load }));
  let t = start;
  while (left.length > 0) {
    if (t - start > LONGEST_MS || perMs <= 0) return null;
    const { open, nextOpeningAt } = look(input, left, t);
    const first = open[0];
    const doneAt = first ? t + first.load.attempts / perMs : Number.POSITIVE_INFINITY;
    const until = Math.min(doneAt, first?.closesAt ?? doneAt, nextOpeningAt ?? doneAt);
    if (until === Number.POSITIVE_INFINITY) return null;
    if (first) first.load.attempts = until === doneAt ? 0 : first.load.attempts - (until - t) * perMs;
    left = left.filter(({ attempts }) => attempts > 0);
    t = until;
  }
  return t;
}

/** Who can be reached now, those whose hours end first in front, and when the next group opens. */
function look(input: EtaInput, loads: Load[], t: number): Moment {
  const moment: Moment = { open: [], nextOpeningAt: null };
  for (const load of loads) {
    const verdict = verdictOf(input, load, t);
    if (verdict?.open) moment.open.push({ load, closesAt: verdict.at });
    else if (verdict) moment.nextOpeningAt = Math.min(verdict.at, moment.nextOpeningAt ?? verdict.at);
  }
  moment.open.sort((a, b) => a.closesAt - b.closesAt);
  return moment;
}

function verdictOf(input: EtaInput, load: Load, t: number): { open: boolean; at: number } | null {
  const from = Math.max(t, load.notBefore?.getTime() ?? t);
  const verdict = windowVerdict({ at: new Date(from), zones: load.zones, hours: load.hours ?? input.hours });
  if (verdict.open && from > t) return { open: false, at: from };
  if (verdict.open) return { open: true, at: verdict.closesAt.getTime() };
  return verdict.opensAt ? { open: false, at: verdict.opensAt.getTime() } : null;
}

/** The people of the last retry delay still have their retries before them; they wait for open hours like all others. */
function withLastRetries(input: EtaInput, loads: Load[], workedOffAt: number, perMs: number): number {
  const delayMs = input.retryDelayMinutes * MINUTE_MS;
  const lastPeople = Math.min(totalContacts(input.groups), perMs * delayMs);
  const rounds =
    input.retryShare <= 0
      ? 0
      : Math.floor(Math.log(lastPeople) / -Math.log(Math.min(0.999, input.retryShare)));
  const due = workedOffAt + retriesMs(input, Math.max(0, Math.min(input.maxAttempts - 1, rounds)));
  if (due === workedOffAt) return due;
  const { open, nextOpeningAt } = look(input, loads, due);
  return open.length > 0 ? due : (nextOpeningAt ?? due);
}

/** How long after the first try the last of so many retries falls due, with the caps on attempts to one number. */
function retriesMs({ retryDelayMinutes, caps = [] }: EtaInput, retries: number): number {
  const triedAt = [0];
  for (let n = 1; n <= retries; n += 1) {
    const room = caps.map(
      ({ limit, hours }) => (triedAt[n - limit] ?? Number.NEGATIVE_INFINITY) + hours * 60 * MINUTE_MS,
    );
    triedAt.push(Math.max((triedAt[n - 1] ?? 0) + retryDelayMinutes * MINUTE_MS, ...room));
  }
  return triedAt[retries] ?? 0;
}

/** Attempts per minute that rate and concurrency allow together. */
function perMinute({ rateLimitsPerMinute, callsPerSecond, concurrentLimit, heldSeconds }: EtaInput): number {
  const byPlaces = heldSeconds > 0 ? (concurrentLimit * 60) / heldSeconds : UNLIMITED;
  const byProvider = callsPerSecond === undefined ? UNLIMITED : callsPerSecond * 60;
  return Math.min(UNLIMITED, byPlaces, byProvider, ...rateLimitsPerMinute.map(sustainedPerMinute));
}

/** Attempts that one contact takes on average: 1 + s + s² + … up to the cap. */
function attemptsEach({ retryShare, maxAttempts }: EtaInput): number {
  let [each, share] = [0, 1];
  for (let n = 0; n < maxAttempts; n += 1) {
    each += share;
    share *= retryShare;
  }
  return each;
}

function totalContacts(groups: readonly ZoneGroup[]): number {
  return groups.reduce((sum, { contacts }) => sum + contacts, 0);
}
