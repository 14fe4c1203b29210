import { afterAttempt } from './after-attempt.ts';
import { costOf } from './purse.ts';
import type { Rehearsal, RehearsalInput } from './rehearsal.ts';
import { beginRun, count, type Run } from './run.ts';
import { takeTurn } from './turn.ts';

/** Turns between two signs of life: some milliseconds of work. */
const TURNS_A_STEP = 20;

/**
 * Runs a campaign against a clock that jumps: the same gate, hours, pacing, retries, budget and canary as a real run, with
 * assumed ends and nobody asked. People in flight elsewhere, replies and call backs cannot be foreseen and are not in it.
 */
export function rehearse(input: RehearsalInput): Rehearsal {
  const steps = rehearseInSteps(input);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** The same a little at a time, so that who runs it can do something else between: each step tells the attempts so far. */
export function* rehearseInSteps(input: RehearsalInput): Generator<number, Rehearsal> {
  const run = beginRun(input);
  let turns = 0;
  for (let at = nextMoment(run); at !== null && at <= run.horizon && !run.isSpent; at = nextMoment(run)) {
    run.now = Math.max(run.now, at);
    endAttempts(run);
    takeTurn(run);
    turns += 1;
    if (turns % TURNS_A_STEP === 0) yield run.plan.attempts.length;
  }
  while (run.open.length > 0) endNext(run);
  run.plan.left = run.waiting.length;
  if (run.plan.left > 0 && !run.isSpent) run.plan.finishesAt = null;
  return run.plan;
}

/** When something can happen next, or null when nobody waits and nothing is under way. */
function nextMoment({ waiting, open, blockedUntil }: Run): number | null {
  const dueAt = waiting.firstAt();
  const moments = [open.firstAt(), dueAt === null ? null : Math.max(dueAt, blockedUntil)];
  const next = Math.min(...moments.map((moment) => moment ?? Number.POSITIVE_INFINITY));
  return next === Number.POSITIVE_INFINITY ? null : next;
}

function endAttempts(run: Run): void {
  for (let at = run.open.firstAt(); at !== null && at <= run.now; at = run.open.firstAt()) endNext(run);
}

/** The attempt that ends next: what stays of its reserve, and where its contact goes. */
function endNext(run: Run): void {
  const place = run.open.take();
  const contact = place && run.input.contacts[place.index];
  const attempt = place && run.openAttempts.get(place.index);
  const own = place && run.progress[place.index];
  if (!place || !contact || !attempt || !own) return;
  run.openAttempts.delete(place.index);
  if (attempt.channel === 'call') run.callsOpen -= 1;
  run.plan.finishesAt = Math.max(run.plan.finishesAt ?? 0, place.at);
  const { end, channel, reserved } = attempt;
  const spent = costOf(run.input, { contact, channel }, end).high;
  if (run.leftMicros !== null) run.leftMicros += reserved - spent;
  const step = afterAttempt(run.input, { channel, end, endedAt: new Date(place.at), ...own });
  Object.assign(own, { nextChannel: step.nextChannel, firstStatus: step.firstStatus, used: step.used });
  if (step.nextAttemptAt === null) count(run.plan.ended, step.status);
  else run.waiting.add(step.nextAttemptAt.getTime(), place.index);
}
