import type { SkipReason } from './hold.ts';

/** What would bring somebody who was left out back in, as a sentence; reasons of an older version have none. */
export function describeRemedy(reason: string): string | null {
  return Object.hasOwn(REMEDIES, reason) ? REMEDIES[reason as SkipReason] : null;
}

const ANEW = 'put them into another campaign: /campaign export lists them with their reasons.';

const REMEDIES: Record<SkipReason, string> = {
  do_not_call: `Only when they ask to hear from you again: take them off with /campaign dnc remove, then ${ANEW}`,
  opted_out: 'Only they can change that: by texting START, or by telling you so.',
  no_window:
    'Pause the campaign and widen its hours with Edit: whoever was left out for them is looked at again at once.',
  no_time_zone: 'Load the file again with a column for their time zone, ZIP code or state.',
  no_consent: `Note their consent with /campaign consent, or load a file with a column of consents, then ${ANEW}`,
  contacted_recently: `Once that is over, ${ANEW}`,
  text_expired: `To reach them after all, ${ANEW} Give its texts more hours.`,
  day_ended: `To reach them after all, ${ANEW} Have it go on the next day.`,
  campaign_stopped: `To reach them after all, ${ANEW}`,
  not_selected: `To reach them after all, ${ANEW}`,
  invalid_number: 'Correct the number in the file and load it again.',
  not_textable: 'Reach them with a campaign of calls.',
  empty_message:
    'Load the file again with the values that their message needs, or give values for those who have none.',
  message_too_long: `Shorten the message for the next time, and ${ANEW}`,
  erased: 'Nobody knows any more who they were; whoever asked for it stays on the do-not-call list.',
  replaced: 'Load a file with their number.',
  speech_too_long: `Shorten what is said for the next time, and ${ANEW}`,
};
