import type { AttemptOutcome, TextOutcome } from './attempt.ts';
import type { CallOutcome } from './call.ts';
import { CONSEQUENCES, type FailureClass } from './failure.ts';
import type { SkipReason } from './hold.ts';

/** What is done about an outcome that may be tried again: as often as allowed, once more, or not. */
export type RetryRule = 'retry' | 'retry_once' | 'final';
export type RetryPolicy = Partial<
  Record<'no_answer' | 'busy' | 'voicemail' | 'hung_up' | 'carrier_failed', RetryRule>
>;

/**
 * An attempt that ended. `attemptsUsed` counts it and everything before it that used up an attempt, over all outcomes;
 * `hadOneMore` says that a “once more” was spent before (by default any earlier attempt counts as that).
 */
export type EndedAttempt = {
  outcome: AttemptOutcome;
  failureClass: FailureClass | null;
  attemptsUsed: number;
  maxAttempts: number;
  retryDelayMinutes: number;
  endedAt: Date;
  hadOneMore?: boolean;
  hasLeftMessage?: boolean;
  retryAfterMs?: number;
  isCampaignStopped?: boolean;
  policy?: RetryPolicy;
};

/** What becomes of the contact. `consumed`: whether the attempt counts against `max_attempts`. */
export type ContactStep = {
  status: 'pending' | 'completed' | 'failed' | 'no_answer' | 'busy' | 'voicemail' | 'skipped';
  nextAttemptAt: Date | null;
  skipReason: SkipReason | null;
  consumed: boolean;
};

/**
 * What becomes of a contact after an attempt (campaign-api §7.12, telephony.md §9). One cap for all outcomes; the delay
 * counts from the end of the attempt; waits and faults of ours use nothing up. A contact that would wait for another try
 * in a campaign that was stopped meanwhile is skipped.
 */
export function stepContact(attempt: EndedAttempt): ContactStep {
  const rule = ruleOf(attempt);
  if (rule.step === 'put_back') return wait(attempt, attempt.retryAfterMs ?? 0, false);
  if (rule.step === 'skipped') {
    return { status: 'skipped', nextAttemptAt: null, skipReason: 'opted_out', consumed: true };
  }
  if (mayTryAgain(rule.step, attempt)) return wait(attempt, attempt.retryDelayMinutes * 60_000, true);
  return { status: rule.status, nextAttemptAt: null, skipReason: null, consumed: true };
}

/** Calls back that are kept for one contact; whoever asks for more has had a conversation each time. */
export const MOST_CALLBACKS = 3;

/**
 * When somebody is to be called back as they were promised, or null. A promise is kept even when the attempts are used up,
 * but not after an opt-out, nor in a campaign that was stopped.
 */
export function callbackOf(call: {
  outcome: AttemptOutcome;
  callbackAt: Date | null;
  callbacks: number;
  isOptedOut: boolean;
  isCampaignStopped: boolean;
  endedAt: Date;
}): Date | null {
  const { callbackAt, endedAt } = call;
  if (callbackAt === null || call.outcome !== 'answered' || call.callbacks >= MOST_CALLBACKS) return null;
  if (call.isOptedOut || call.isCampaignStopped) return null;
  return new Date(Math.max(callbackAt.getTime(), endedAt.getTime()));
}

type FinalStatus = Exclude<ContactStep['status'], 'pending' | 'skipped'>;
type Rule = { step: RetryRule | 'put_back' | 'skipped'; status: FinalStatus };

const endsAs = (status: FinalStatus): Rule => ({ step: 'final', status });
const PUT_BACK: Rule = { step: 'put_back', status: 'failed' };

const TEXT_RULES: Record<TextOutcome, Rule | 'by_class'> = {
  delivered: endsAs('completed'),
  sent: endsAs('completed'),
  assumed_done: endsAs('completed'),
  undelivered: 'by_class',
  failed: 'by_class',
  rejected: 'by_class',
  canceled: PUT_BACK,
  withdrawn: PUT_BACK,
  not_placed: PUT_BACK,
  throttled: PUT_BACK,
};

const CALL_RULES: Record<CallOutcome, Rule> = {
  answered: endsAs('completed'),
  voicemail: { step: 'retry', status: 'voicemail' },
  machine: endsAs('failed'),
  hung_up: { step: 'retry', status: 'no_answer' },
  busy: { step: 'retry', status: 'busy' },
  no_answer: { step: 'retry', status: 'no_answer' },
  invalid: endsAs('failed'),
  carrier_failed: { step: 'retry', status: 'failed' },
};

function ruleOf({ outcome, failureClass, hasLeftMessage, policy }: EndedAttempt): Rule {
  if (outcome in TEXT_RULES) {
    const rule = TEXT_RULES[outcome as TextOutcome];
    return rule === 'by_class' ? ruleOfClass(failureClass ?? 'provider') : rule;
  }
  const rule = CALL_RULES[outcome as CallOutcome];
  const wish = policy?.[outcome as keyof RetryPolicy];
  if (outcome === 'voicemail' && hasLeftMessage && !wish) return endsAs('voicemail');
  if (outcome === 'hung_up' && wish === 'final') return endsAs('completed');
  return rule.step === 'retry' && wish ? { ...rule, step: wish } : rule;
}

function ruleOfClass(failureClass: FailureClass): Rule {
  const { contact } = CONSEQUENCES[failureClass];
  if (contact === 'requeue') return PUT_BACK;
  if (contact === 'skipped') return { step: 'skipped', status: 'failed' };
  return { step: contact === 'failed' ? 'final' : contact, status: 'failed' };
}

function mayTryAgain(step: Rule['step'], { attemptsUsed, maxAttempts, hadOneMore }: EndedAttempt): boolean {
  if (attemptsUsed >= maxAttempts) return false;
  return step === 'retry' || (step === 'retry_once' && !(hadOneMore ?? attemptsUsed > 1));
}

function wait(attempt: EndedAttempt, delayMs: number, consumed: boolean): ContactStep {
  if (attempt.isCampaignStopped) {
    return { status: 'skipped', nextAttemptAt: null, skipReason: 'campaign_stopped', consumed };
  }
  const nextAttemptAt = new Date(attempt.endedAt.getTime() + delayMs);
  return { status: 'pending', nextAttemptAt, skipReason: null, consumed };
}
