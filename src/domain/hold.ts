import { formatMicroDollars } from './money.ts';
import { describeDuration, describeInstant } from './window-words.ts';

/** What is known of each reason why nothing is being placed. Instants are ISO 8601 texts, since a hold is kept as JSON. */
type HoldData = {
  outside_hours: { until: string };
  frequency_cap: { until: string };
  rate_limit: { until: string };
  workspace_rate: { until: string };
  sender_rate: { until: string };
  provider_throttled: { until: string };
  waiting_for_retries: { until: string };
  number_in_flight: { until: string };
  held_for_review: { until: string };
  waiting_for_follow_ups: { until: string };
  waiting_for_callbacks: { until: string };
  concurrency: { limit?: number };
  waiting_for_reports: { attempts?: number; channel?: 'sms' | 'call' };
  provider_refused: { fix: string };
  circuit_breaker: { failures: number; attempts: number };
  budget_in_use: { limitMicros: number };
  budget_reached: { limitMicros: number; spentMicros: number };
  canary_results: { size: number };
  canary: { size: number; reached: number; missed: number; failed: number };
  abandon_rate: { abandoned: number; answered: number };
  paused_by: { who: string };
  import_running: { fileName?: string };
  slack_disconnected: { fix?: string };
  undo_window: { until: string };
  late_start: { due: string };
  start_refused: { due: string; why: string };
  national_list_stale: { days: number; listAt: string | null };
  needs_approval: { fix?: string };
  deleted: { at: string };
};
type HoldCode = keyof HoldData;

/** A named reason why a campaign places nothing right now, with what is known about it. */
export type Hold = { [Code in HoldCode]: { code: Code } & HoldData[Code] }[HoldCode];

/**
 * Why one pending contact waits: for its hours, room under a cap on attempts to its number, its retry, another attempt to
 * the same number, somebody's decision, the other channel of a mixed campaign, or the call back that they were promised.
 */
export type WaitReason =
  | 'outside_hours'
  | 'frequency_cap'
  | 'retry'
  | 'number_in_flight'
  | 'held_for_review'
  | 'follow_up'
  | 'callback';

/** Why a contact is not reached at all. */
export type SkipReason =
  | 'do_not_call'
  | 'opted_out'
  | 'no_window'
  | 'no_time_zone'
  | 'no_consent'
  | 'contacted_recently'
  | 'text_expired'
  | 'day_ended'
  | 'campaign_stopped'
  | 'not_selected'
  | 'erased'
  | 'replaced'
  | 'invalid_number'
  | 'not_textable'
  | 'empty_message'
  | 'message_too_long'
  | 'speech_too_long';

/** The hold as one sentence, with instants on the wall clock of `zone` (the campaign's). */
export function describeHold(hold: Hold, now: Date, zone = 'UTC'): string {
  const describe = HOLDS[hold.code] as (data: Hold, when: When) => string;
  return describe(hold, (until) => whenWords(new Date(until), now, zone));
}

/** Why a pending contact waits, as one sentence; `until` is null when only a decision or a report ends the wait. */
export function describeWait(why: WaitReason, until: Date | null, now: Date, zone = 'UTC'): string {
  const when = until ? whenWords(until, now, zone) : null;
  return WAITS[why](when);
}

/** Why a contact was left out, as one sentence. Reasons of an older version are shown as they are. */
export function describeSkip(reason: string): string {
  return Object.hasOwn(SKIPS, reason)
    ? SKIPS[reason as SkipReason]
    : `Left out: ${reason.replaceAll('_', ' ')}.`;
}

type When = (until: string) => string;

const HOLDS: { [Code in HoldCode]: (data: HoldData[Code], when: When) => string } = {
  outside_hours: ({ until }, when) =>
    `Outside calling hours: the next contact may be reached ${when(until)}.`,
  frequency_cap: ({ until }, when) =>
    `Nobody is due. The next contact was contacted as often as the limits on attempts to one number allow, and may be reached ${when(until)}.`,
  rate_limit: ({ until }, when) => `At the campaign’s rate limit: the next start is possible ${when(until)}.`,
  workspace_rate: ({ until }, when) =>
    `At the workspace’s rate limit, which all campaigns share: the next start is possible ${when(until)}.`,
  sender_rate: ({ until }, when) =>
    `At the rate limit of the sending number: the next start is possible ${when(until)}.`,
  provider_throttled: ({ until }, when) =>
    `The provider asked us to slow down: the next start is possible ${when(until)}. Nobody lost an attempt.`,
  waiting_for_retries: ({ until }, when) =>
    `Everybody left has been tried: the next retry is due ${when(until)}.`,
  number_in_flight: ({ until }, when) =>
    `The next number is being contacted by another campaign: it is looked at again ${when(until)}.`,
  held_for_review: ({ until }, when) =>
    `Nobody is due. The next contact may have asked to be left alone: decide in the thread or over the API. They are looked at again ${when(until)}.`,
  waiting_for_follow_ups: ({ until }, when) =>
    `Everybody left has had the first message: the next follow-up is due ${when(until)}.`,
  waiting_for_callbacks: ({ until }, when) =>
    `Everybody left has asked to be called back: the next call is due ${when(until)}.`,
  concurrency: ({ limit }) =>
    `${limit === undefined ? 'All places' : `All ${limit} places`} for attempts at once are taken: the next start follows as soon as one ends.`,
  waiting_for_reports: ({ attempts, channel }) =>
    channel === 'call'
      ? `Everybody has been called: waiting for the last calls to end${attempts === undefined ? '' : ` (${attempts})`}.`
      : `Everybody has been contacted: waiting for the provider’s last reports${attempts === undefined ? '' : ` (${attempts})`}.`,
  provider_refused: ({ fix }) =>
    `The provider refused, so nothing can be placed and nobody lost their place. ${sentence(fix)}`,
  circuit_breaker: ({ failures, attempts }) =>
    `Paused by itself: ${failures} of the last ${attempts} attempts failed at the provider. Look into the errors in the thread, then resume.`,
  budget_in_use: ({ limitMicros }) =>
    `What is left of the budget of ${formatMicroDollars(limitMicros)} is reserved for the calls under way: the next start follows when one ends for less.`,
  budget_reached: ({ limitMicros, spentMicros }) =>
    `The budget is used up: ${formatMicroDollars(spentMicros)} of ${formatMicroDollars(limitMicros)} are spent or reserved, and one more could pass it. Raise the budget to go on; nobody lost their place.`,
  canary_results: ({ size }) =>
    `The first ${size} were tried: nobody else is contacted until their results are in and somebody presses Continue.`,
  canary: ({ size, reached, missed, failed }) =>
    `The first ${size} were tried: ${reached} reached, ${missed} not reached, ${failed} failed. Look at how it went, then let it go on with everybody else: press Continue in its thread, or resume it.`,
  abandon_rate: ({ abandoned, answered }) =>
    `${abandoned} of ${answered} answered calls in 30 days were abandoned, which is more than the 3 % that the law allows. Find out why people heard nothing, then resume: whoever waits in silence until a machine is ruled out counts, too.`,
  paused_by: ({ who }) => `Paused by ${who}. Resume it to go on where it stopped.`,
  import_running: ({ fileName }) =>
    `${fileName === undefined ? 'A file' : `“${fileName}”`} is still being loaded: it starts when that is done.`,
  needs_approval: () =>
    'Not approved as it is now: nobody is contacted until a second person approves it. Ask for approval on its card or over the API; it then goes on by itself.',
  slack_disconnected: () =>
    'Slack is disconnected, so nobody could stop it or see replies. An admin must reconnect the app, then resume.',
  national_list_stale: ({ days, listAt }) =>
    `${listAt === null ? 'The national do-not-call list was never loaded' : `The national do-not-call list is of ${listAt.slice(0, 10)}`}, and nobody is contacted with one older than ${days} ${days === 1 ? 'day' : 'days'}. An admin loads a newer one with /campaign dnc import.`,
  undo_window: ({ until }, when) =>
    `It has just been started: the first contact is reached ${when(until)}. Until then the start can be taken back in the thread.`,
  deleted: () => 'It was deleted: nobody is contacted any more, and what it knew is being removed.',
  late_start: ({ due }) =>
    `It was due ${due} and that was found too late, so nobody is contacted. Decide in the thread whether it is still to start.`,
  start_refused: ({ due, why }) => `It was due ${due} and could not start. ${sentence(why)}`,
};

const WAITS: Record<WaitReason, (when: string | null) => string> = {
  outside_hours: (when) =>
    `Outside calling hours for this person${when ? `: they may be reached ${when}` : ''}.`,
  frequency_cap: (when) =>
    `Contacted as often lately as the limits on attempts to one number allow${when ? `: they may be reached again ${when}` : ''}.`,
  retry: (when) => `Tried before: the next try is due ${when ?? 'soon'}.`,
  number_in_flight: (when) =>
    `This number is being contacted at this moment${when ? `: it is looked at again ${when}` : ''}.`,
  held_for_review: () =>
    'This person may have asked to be left alone: everything to them waits for a decision in the thread or over the API.',
  follow_up: (when) =>
    `The first message has been through: the follow-up on the other channel is due ${when ?? 'soon'}.`,
  callback: (when) => `They asked to be called back: the call is due ${when ?? 'soon'}.`,
};

const SKIPS: Record<SkipReason, string> = {
  do_not_call: 'On the do-not-call list.',
  opted_out: 'Asked not to be contacted.',
  no_window:
    'No hour within 14 days at which they may be reached: the calling hours and their time zones leave none.',
  no_time_zone:
    'Their time zone cannot be known, neither from what the file says of where they are nor from the number; without it nobody is contacted.',
  no_consent: 'No consent to be contacted on this channel is on record, and the workspace demands one.',
  contacted_recently: 'Another campaign contacted them lately, and this one leaves those people out.',
  text_expired: 'Their text could not go out before it expired.',
  day_ended: 'The day’s hours ended before their turn, and the campaign does not go on the next day.',
  campaign_stopped: 'The campaign was stopped before their turn.',
  erased: 'Erased on the wish of the person.',
  replaced: 'A newer file that does not name them took the place of theirs.',
  not_selected: 'Left out when the campaign was run again.',
  invalid_number: 'The number does not exist.',
  not_textable: 'The number cannot receive texts.',
  empty_message: 'Their message came out empty.',
  message_too_long: 'Their message came out longer than a text may be.',
  speech_too_long: 'What would be said to them came out longer than a call can carry.',
};

/** “tomorrow at 08:00, New York time (in 9 h 20 min)”; soon and past instants are told as such. */
function whenWords(at: Date, now: Date, zone: string): string {
  const ms = at.getTime() - now.getTime();
  if (ms <= 0) return 'at any moment';
  if (ms < 60_000) return 'in less than a minute';
  return `${describeInstant(at, now, zone)} (in ${describeDuration(ms)})`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
