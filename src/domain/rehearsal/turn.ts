import { type GateVerdict, judgeContact } from '#domain/gate.ts';
import type { SkipReason } from '#domain/hold.ts';
import { channelOf } from '#domain/mixed.ts';
import { type Reach, reachOf } from '#domain/reach.ts';
import type { Pace } from './pace.ts';
import { costOf, reserveOf } from './purse.ts';
import type { Channel, RehearsedContact } from './rehearsal.ts';
import { count, type Run } from './run.ts';

/** Contacts looked at in one turn, as the dispatch does. */
const BATCH = 50;

/** Looks at those who are due, in order, until the batch is through or a limit binds. */
export function takeTurn(run: Run): void {
  const free = run.pace.free(run.now, BATCH);
  const begun = { all: 0, calls: 0 };
  run.blockedUntil = run.now;
  for (let looked = 0; looked < BATCH && isDue(run); looked += 1) {
    const place = run.waiting.take();
    const contact = place && run.input.contacts[place.index];
    if (!place || !contact) break;
    const channel = channelFor(run, place.index);
    const verdict = judge(run, contact, place.index, channel, run.now);
    if (verdict.kind !== 'go') {
      putOff(run, place.index, channel, verdict);
      continue;
    }
    const refused = contact.refused[channel];
    if (refused) {
      leaveOut(run, place.index, refused);
      continue;
    }
    const binds = bindsAt(run, { contact, channel }, free, begun);
    if (binds !== null) {
      run.waiting.add(place.at, place.index);
      run.blockedUntil = binds;
      break;
    }
    contactNow(run, place.index, contact, channel);
    begun.all += 1;
    if (channel === 'call') begun.calls += 1;
  }
  const nextAt = run.pace.spend(run.now, begun);
  if (run.blockedUntil === AT_NEXT_TOKEN) run.blockedUntil = nextAt;
}

const AT_NEXT_TOKEN = -1;
const UNTIL_AN_END = Number.POSITIVE_INFINITY;

function isDue({ waiting, now, isSpent }: Run): boolean {
  const first = waiting.firstAt();
  return !isSpent && first !== null && first <= now;
}

type Begun = { all: number; calls: number };
type Free = ReturnType<Pace['free']>;

/** Until when a limit keeps the next one waiting, or null when none does. An exhausted budget ends the run. */
function bindsAt(
  run: Run,
  attempt: { contact: RehearsedContact; channel: Channel },
  free: Free,
  begun: Begun,
): number | null {
  if (begun.all >= free.tokens) return AT_NEXT_TOKEN;
  if (attempt.channel === 'call' && begun.calls >= free.calls) return AT_NEXT_TOKEN;
  if (run.callsOpen >= run.input.concurrentLimit) return UNTIL_AN_END;
  if (run.leftMicros === null || reserveOf(run.input, attempt) <= run.leftMicros) return null;
  if (run.open.length > 0) return UNTIL_AN_END;
  run.isSpent = true;
  run.plan.stops.push({ at: run.now, kind: 'budget', attempts: run.plan.attempts.length });
  return UNTIL_AN_END;
}

function channelFor({ input, progress }: Run, index: number): Channel {
  const { campaignType, mixedSettings } = input;
  const nextChannel = progress[index]?.nextChannel ?? null;
  return campaignType === 'mixed' ? channelOf(mixedSettings, nextChannel) : campaignType;
}

function judge(
  run: Run,
  contact: RehearsedContact,
  index: number,
  channel: Channel,
  at: number,
): GateVerdict {
  const { input } = run;
  return judgeContact({
    at: new Date(at),
    channel,
    reach: reachFor(run, contact, channel),
    suppression: contact.suppression[channel],
    isHeldForReview: contact.isHeldForReview,
    isInFlight: false,
    consent: {
      isRequired: input.policy.requiresConsent[channel],
      id: contact.hasConsent[channel] ? 0 : null,
    },
    recentAttempts: run.progress[index]?.recentAttempts ?? [],
    lastContactAt: contact.lastContactAt,
    excludeContactedDays: input.excludeContactedDays,
    expiresAt: channel === 'sms' ? input.textExpiresAt : null,
    lastDay: run.lastDay,
  });
}

/** The first digits of a number decide about its place; everybody there shares one reach. */
const PREFIX_DIGITS = 8;

function reachFor({ reaches, input }: Run, contact: RehearsedContact, channel: Channel): Reach {
  const { phoneNumber, ownZones, ownRegion } = contact;
  const key = `${channel} ${phoneNumber.slice(0, PREFIX_DIGITS)} ${ownZones?.join() ?? '-'} ${ownRegion}`;
  const known = reaches.get(key);
  if (known) return known;
  const reach = reachOf({ who: contact, channel, hours: input.hours, policy: input.policy });
  reaches.set(key, reach);
  return reach;
}

function putOff(
  run: Run,
  index: number,
  channel: Channel,
  verdict: Exclude<GateVerdict, { kind: 'go' }>,
): void {
  if (verdict.kind === 'skip') {
    leaveOut(run, index, verdict.reason);
    return;
  }
  const contact = run.input.contacts[index];
  if (!verdict.until || !contact) {
    run.plan.undecided += 1;
    return;
  }
  const until = verdict.until.getTime();
  // Whoever stops at the end of a day leaves those out tonight whose turn would come tomorrow.
  const then = run.lastDay === null ? null : judge(run, contact, index, channel, until);
  if (then?.kind === 'skip' && then.reason === 'day_ended') leaveOut(run, index, then.reason);
  else run.waiting.add(until, index);
}

/** Whom the first channel of a mixed campaign has been through keeps what came of that. */
function leaveOut({ progress, plan }: Run, index: number, reason: SkipReason): void {
  const firstStatus = progress[index]?.firstStatus ?? null;
  if (firstStatus !== null && firstStatus !== 'skipped') count(plan.ended, firstStatus);
  else count(plan.skips, reason);
}

function contactNow(run: Run, index: number, contact: RehearsedContact, channel: Channel): void {
  const own = run.progress[index];
  if (!own) return;
  own.n += 1;
  own.used += 1;
  own.recentAttempts.push(new Date(run.now));
  const end = run.input.endOf({ phoneNumber: contact.phoneNumber, channel, n: own.n });
  const reserved = reserveOf(run.input, { contact, channel });
  const cost = costOf(run.input, { contact, channel }, end);
  if (run.leftMicros !== null) run.leftMicros -= reserved;
  run.openAttempts.set(index, { end, channel, reserved });
  if (channel === 'call') run.callsOpen += 1;
  run.open.add(run.now + end.seconds * 1_000, index);
  run.plan.attempts.push({
    at: run.now,
    index,
    channel,
    outcome: end.outcome,
    lowMicros: cost.low,
    highMicros: cost.high,
  });
  countDown(run);
}

/** After the first so many it would hold and ask; the plan goes on as if somebody had said so at once. */
function countDown(run: Run): void {
  if (run.canaryLeft === null) return;
  run.canaryLeft -= 1;
  if (run.canaryLeft > 0) return;
  run.canaryLeft = null;
  run.plan.stops.push({ at: run.now, kind: 'canary', attempts: run.plan.attempts.length });
}
