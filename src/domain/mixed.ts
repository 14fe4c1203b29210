import { wholeNumber } from './given-value.ts';
import { listWords } from './phrases.ts';
import type { ContactStep } from './retry.ts';

/**
 * How a mixed campaign uses its two channels (campaign-api §7.17): with which it begins, for whom the other one follows,
 * and how many minutes after the first one ended.
 */
export type MixedSettings = {
  first: 'call' | 'sms';
  followUp: 'always' | 'if_reached' | 'if_not_reached';
  delayMinutes: number;
};

/** What a mixed campaign does when nobody set it up (campaign-api §7.17). */
export const DEFAULT_MIXED: MixedSettings = { first: 'call', followUp: 'always', delayMinutes: 0 };

/** The choices of a mixed campaign in words, for forms and help; delays are whole minutes, a week at most. */
export const MIXED_CHOICES = {
  first: { call: 'A call first, then a text', sms: 'A text first, then a call' },
  followUp: {
    always: 'Always',
    if_reached: 'Only when the first one reached them',
    if_not_reached: 'Only when the first one did not reach them',
  },
  delayMinutes: { min: 0, max: 10_080 },
} as const;

/**
 * What is known when an attempt of a mixed campaign has ended. `step`: what becomes of the contact on that channel alone,
 * judged with the attempts of that channel. `firstStatus`: how the first channel ended for them; null while it is the one
 * in use. `hasReplied`: since this run first tried them they wrote back or asked not to be contacted. `isStopped`: the
 * campaign is cancelled or in another run.
 */
export type MixedEnding = {
  settings: MixedSettings;
  channel: 'sms' | 'call';
  step: ContactStep;
  firstStatus: string | null;
  hasReplied: boolean;
  isStopped: boolean;
  endedAt: Date;
};

/**
 * What becomes of the contact over both channels. `nextChannel`: where it goes on, null for where the campaign begins.
 * `waitReason` is `follow_up` when the other channel is what they wait for now.
 */
export type MixedStep = Omit<ContactStep, 'status'> & {
  status: ContactStep['status'];
  nextChannel: 'sms' | 'call' | null;
  firstStatus: ContactStep['status'] | null;
  waitReason: 'follow_up' | null;
};

/**
 * What follows an attempt of a mixed campaign (campaign-api §7.17). A retry stays on its channel. When the first channel
 * is through, the other one follows as set, counted from the end of the attempt; a reply, an opt-out or the end of the
 * campaign stops it. The contact is `completed` when either channel reached it; when neither did, the call's status
 * stands, so that its no-answers can be redialed.
 */
export function stepMixed(ending: MixedEnding): MixedStep {
  const { settings, channel, step, hasReplied } = ending;
  const isFollowUp = channel !== settings.first;
  if (step.status === 'pending' && !(isFollowUp && hasReplied)) return stay(ending);
  if (isFollowUp) return close(ending, hasReplied ? 'completed' : unitedStatus(ending));
  if (mayFollow(ending)) return follow(ending);
  return close(ending, hasReplied && step.status !== 'skipped' ? 'completed' : step.status);
}

/** The channel an attempt of a mixed campaign goes out on. */
export function channelOf(
  settings: MixedSettings | null,
  nextChannel: 'sms' | 'call' | null,
): 'sms' | 'call' {
  return nextChannel ?? (settings ?? DEFAULT_MIXED).first;
}

/**
 * Checks how somebody wants the channels used; what is left out takes its default. Numbers may come as text, as forms
 * send them, and names as the API writes them. Either the settings, or what is wrong as a sentence.
 */
export function checkMixed(given: unknown): MixedSettings | { problem: string } {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return { problem: 'Say which channel comes first, when the other one follows, and after how long.' };
  const wish = given as Record<string, unknown>;
  const first = wish.first ?? DEFAULT_MIXED.first;
  if (!isKey(MIXED_CHOICES.first, first)) return { problem: `First channel: write ${listOf('first')}.` };
  const followUp = wish.followUp ?? wish.follow_up ?? DEFAULT_MIXED.followUp;
  if (!isKey(MIXED_CHOICES.followUp, followUp)) return { problem: `Follow-up: write ${listOf('followUp')}.` };
  const { min, max } = MIXED_CHOICES.delayMinutes;
  const minutes = wish.delayMinutes ?? wish.delay_minutes ?? DEFAULT_MIXED.delayMinutes;
  const delay = wholeNumber(minutes, { min, max });
  if (delay === undefined)
    return { problem: `Minutes before the follow-up: use a whole number from ${min} to ${max} (a week).` };
  return { first, followUp, delayMinutes: delay };
}

/** How a mixed campaign goes about it, as one sentence. */
export function describeMixed({ first, followUp, delayMinutes }: MixedSettings): string {
  const other = first === 'call' ? 'a text' : 'a call';
  const when = {
    always: '',
    if_reached: ' if that reached them',
    if_not_reached: ' if that did not reach them',
  };
  const after = delayMinutes === 0 ? '' : ` ${delayMinutes} min later`;
  return `${first === 'call' ? 'A call' : 'A text'} first, then ${other}${after}${when[followUp]}.`;
}

function stay({ settings, channel, step, firstStatus }: MixedEnding): MixedStep {
  const nextChannel = channel === settings.first ? null : channel;
  return { ...step, nextChannel, firstStatus: firstStatus as MixedStep['firstStatus'], waitReason: null };
}

function follow({ settings, channel, step, endedAt }: MixedEnding): MixedStep {
  return {
    status: 'pending',
    nextAttemptAt: new Date(endedAt.getTime() + settings.delayMinutes * 60_000),
    skipReason: null,
    consumed: step.consumed,
    nextChannel: channel === 'call' ? 'sms' : 'call',
    firstStatus: step.status,
    waitReason: 'follow_up',
  };
}

function close(ending: MixedEnding, status: ContactStep['status']): MixedStep {
  const { settings, channel, step, firstStatus } = ending;
  const isFollowUp = channel !== settings.first;
  return {
    status,
    nextAttemptAt: null,
    skipReason: status === 'skipped' ? step.skipReason : null,
    consumed: step.consumed,
    nextChannel: isFollowUp ? channel : null,
    firstStatus: isFollowUp ? (firstStatus as MixedStep['firstStatus']) : step.status,
    waitReason: null,
  };
}

function mayFollow({ settings, step, hasReplied, isStopped }: MixedEnding): boolean {
  if (hasReplied || isStopped || step.status === 'skipped') return false;
  return (
    settings.followUp === 'always' || (settings.followUp === 'if_reached') === (step.status === 'completed')
  );
}

/** The status over both channels once the second one is through. */
function unitedStatus({ channel, step, firstStatus }: MixedEnding): ContactStep['status'] {
  if (firstStatus === 'completed' || step.status === 'completed') return 'completed';
  if (step.status === 'skipped' || firstStatus === null) return step.status;
  return channel === 'call' ? step.status : (firstStatus as ContactStep['status']);
}

function isKey<Choices extends object>(choices: Choices, value: unknown): value is keyof Choices & string {
  return typeof value === 'string' && Object.hasOwn(choices, value);
}

function listOf(field: 'first' | 'followUp'): string {
  return listWords(Object.keys(MIXED_CHOICES[field]), 'or');
}
