import { DEFAULT_MIXED, stepMixed } from '#domain/mixed.ts';
import { stepContact } from '#domain/retry.ts';
import type { AssumedEnd } from './assumptions.ts';
import type { Channel, RehearsalInput } from './rehearsal.ts';

type Ended = {
  channel: Channel;
  end: AssumedEnd;
  endedAt: Date;
  used: number;
  nextChannel: Channel | null;
  firstStatus: string | null;
};

/** Where a contact goes after an attempt: to another try, to the other channel, or to their end with this status. */
export type AfterAttempt = {
  status: string;
  nextAttemptAt: Date | null;
  nextChannel: Channel | null;
  firstStatus: string | null;
  used: number;
};

/** What becomes of a contact after an attempt that ended as assumed, by the rules of a real run. */
export function afterAttempt(
  input: Pick<
    RehearsalInput,
    'campaignType' | 'mixedSettings' | 'maxAttempts' | 'retryDelayMinutes' | 'retryPolicy'
  >,
  { channel, end, endedAt, used, nextChannel, firstStatus }: Ended,
): AfterAttempt {
  const step = stepContact({
    outcome: end.outcome,
    failureClass: end.failureClass,
    attemptsUsed: used,
    maxAttempts: input.maxAttempts,
    retryDelayMinutes: input.retryDelayMinutes,
    endedAt,
    policy: input.retryPolicy,
  });
  const usedThen = used + (step.consumed ? 0 : -1);
  const { status, nextAttemptAt } = step;
  if (input.campaignType !== 'mixed')
    return { status, nextAttemptAt, nextChannel, firstStatus, used: usedThen };
  const mixed = stepMixed({
    settings: input.mixedSettings ?? DEFAULT_MIXED,
    channel,
    step,
    firstStatus,
    hasReplied: false,
    isStopped: false,
    endedAt,
  });
  return { ...mixed, used: mixed.waitReason === 'follow_up' ? 0 : usedThen };
}
