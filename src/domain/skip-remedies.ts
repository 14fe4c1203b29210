import type { SkipReason } from './hold.ts';

/** What would bring somebody who was left out back in, as a sentence; reasons of an older version have none. */
export function describeRemedy(reason: string): string | null {
  return Object.hasOwn(REMEDIES, reason) ? REMEDIES[reason as SkipReason] : null;
}

const AGAIN = 'run the campaign again for those who were left out, or load them into another one.';

const REMEDIES: Record<SkipReason, string> = {
  do_not_call: `Only when they ask to hear from you again: take them off with /campaign dnc remove, then ${AGAIN}`,
  opted_out: 'Only they can change that: by texting START, or by telling you so.',
  no_window: `Widen the campaign’s hours with Edit: whoever was left out for them is looked at again at once.`,
  no_time_zone: 'Load the file again with a column for their time zone, ZIP code or state.',
  no_consent: `Load the file again with its column of consents, or note it with /campaign consent, then ${AGAIN}`,
  contacted_recently: `Wait until the days are over or lower them with Edit, then ${AGAIN}`,
  text_expired: `Give texts more hours with Edit, then ${AGAIN}`,
  day_ended: `Have it go on the next day with Edit, then ${AGAIN}`,
  campaign_stopped: `To reach them after all, ${AGAIN}`,
  erased: 'Nobody knows any more who they were; whoever asked for it stays on the do-not-call list.',
  not_selected: `To reach them after all, ${AGAIN}`,
  invalid_number: 'Correct the number in the file and load it again.',
  not_textable: 'Reach them with a campaign of calls.',
  empty_message:
    'Load the file again with the values that their message needs, or give values for those who have none.',
  message_too_long: `Shorten the message with Edit, then ${AGAIN}`,
  speech_too_long: `Shorten what is said with Edit, then ${AGAIN}`,
};
