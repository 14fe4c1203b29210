import type { CampaignTemplate } from './campaign-templates.ts';
import { listWords } from './phrases.ts';

/**
 * Everything the product refuses, with the sentence a person reads: what happened, what still stands, what to do next.
 * A new refusal is one entry here; the edges map codes to their own words or statuses, and nothing else invents a code.
 * Details are plain values that may be logged: no full phone numbers of others, no tokens.
 */
export const REFUSALS = {
  campaign_not_found: ({ wanted, nearest }: { wanted: string; nearest?: string | null }) =>
    `There is no campaign “${wanted}” in this workspace. Nothing was done. ${
      nearest ? `Did you mean “${nearest}”?` : 'Say its name or number as /campaign list shows it.'
    }`,
  ambiguous_name: ({ wanted, matches }: { wanted: string; matches: { id: number; name: string }[] }) =>
    `“${wanted}” fits ${matches.length} campaigns: ${matches.map(({ id, name }) => `#${id} ${name}`).join(', ')}. ` +
    'Nothing was done. Say the number of the one you mean.',
  contact_not_found: ({ wanted }: { wanted: string }) =>
    `There is no contact ${wanted} in this campaign. Nothing was done. Check the number, or import the contact first.`,
  wrong_status: ({
    state,
    done,
    next,
  }: {
    action: string;
    status: string;
    state: string;
    done: string;
    next: string;
  }) => `The campaign ${state}, so it cannot be ${done}. Nothing was changed. ${next}`,
  already_done: ({ state }: { action: string; status: string; state: string }) =>
    `The campaign ${state.replace(' ', ' already ')}. Nothing was changed, and there is nothing to do.`,
  stale_click: ({ state }: { state: string }) =>
    `The campaign has moved on since that button was drawn: it ${state} now. Nothing was changed. ` +
    'The card shows what can be done now.',
  changed_meanwhile: () =>
    'Somebody is changing the campaign at this moment, so it was not started. It is as they leave it. Look at it, and start it again.',
  schedule_past: () =>
    'The scheduled time is in the past, so nothing was scheduled. The campaign stays as it was. Choose a time that is still to come.',
  schedule_invalid: ({ problems }: { problems: { sentence: string }[] }) =>
    `${problems.map(({ sentence }) => sentence).join(' ')} Nothing was scheduled, and the campaign stays as it was.`,
  decision_not_found: () =>
    'No such question is open in this campaign, so nothing was decided. Somebody was faster, or a report has answered it. Look at its decisions for those that are open.',
  nothing_to_skip: ({ state }: { state: string }) =>
    `No run waits to be skipped: the campaign ${state}. Nothing was changed. Its card shows what it does next.`,
  undo_too_late: ({ state }: { state: string }) =>
    `The start cannot be taken back any more: the campaign ${state}. Nothing was changed. Pause or cancel it to contact nobody else.`,
  rehearsal_too_large: ({ contacts, most }: { contacts: number; most: number }) =>
    `The campaign has ${contacts.toLocaleString('en-US')} contacts, and a rehearsal takes up to ${most.toLocaleString('en-US')}. Nothing was changed. ` +
    'The pre-flight tells cost and duration for any number; to rehearse, load a part of the file into a draft.',
  no_contacts: () =>
    'The campaign has no contacts, so it was not started. It is kept as it is. Load a file of them first: drop it into the channel, use /campaign import, or send it over the API.',
  all_contacts_processed: () =>
    'All contacts have already been processed, so nothing was started. Their results are kept. ' +
    'Redial those you choose, or make a new campaign from the same file to reach them again.',
  no_message: () =>
    'The campaign has no text message, so it was not started. Its contacts are kept. Write the message first.',
  no_call_message: () =>
    'Nothing says what its calls are about, so it was not started. Its contacts are kept. ' +
    'Write a welcome or an agenda first.',
  voicemail_missing: () =>
    'The campaign leaves voicemails but has no message for them, so nothing was done. Everything is kept. ' +
    'Write the voicemail message, or have it hang up on machines.',
  assistant_missing: ({ name }: { name: string | null }) =>
    name === null
      ? 'No assistant is chosen for the calls, so nothing was started. Everything is kept. Choose one for the campaign.'
      : `The assistant “${name}” is retired, so nothing was started. Everything is kept. Choose another one for the campaign.`,
  assistant_not_found: ({ wanted }: { wanted: string }) =>
    `There is no assistant ${wanted} in this workspace. Nothing was done. Look at /campaign assistant for those there are.`,
  assistant_name_taken: ({ name }: { name: string }) =>
    `An assistant called “${name}” is there already. Nothing was saved. Give this one another name.`,
  assistant_in_use: ({ name, campaigns }: { name: string; campaigns: { id: number; name: string }[] }) =>
    `“${name}” calls for ${campaigns.map((one) => `#${one.id} ${one.name}`).join(', ')}, so it was not retired. ` +
    'It goes on calling. Pause, unschedule or cancel those first.',
  template_invalid: ({
    problem,
    words = 'message',
  }: {
    problem: string;
    words?: string;
    template?: CampaignTemplate;
  }) => `The ${words} cannot be used: ${problem} Nothing was changed. Correct it and save again.`,
  settings_invalid: ({ problems }: { problems: { field: string; sentence: string }[] }) =>
    `${problems.map(({ sentence }) => sentence).join(' ')} Nothing was saved.`,
  sender_missing: () =>
    'No number is set to send from, so nothing was sent. Everything else is kept. ' +
    'Choose a sender for the campaign, or ask an admin to set the workspace’s number.',
  sender_not_owned: ({ sender }: { sender: string }) =>
    `The provider account does not own ${sender}, so nothing was sent from it. Everything else is kept. ` +
    'Choose a number of this account, or add it at the provider.',
  caller_missing: () =>
    'No number is set to call from, so nothing was called. Everything else is kept. ' +
    'Choose a number for the campaign or its assistant, or ask an admin to set the workspace’s number.',
  caller_not_owned: ({ caller }: { caller: string }) =>
    `The provider account may not call from ${caller}, so nothing was called. Everything else is kept. ` +
    'Choose a number of this account that can call, or add it at the provider.',
  nothing_selected: () =>
    'None of its contacts fit that choice and may be contacted, so nothing was changed. Their results are kept. ' +
    'Choose another outcome, or all of them.',
  attempts_open: ({ attempts }: { attempts: number }) =>
    `${attempts === 1 ? 'One call or text is' : `${attempts} calls and texts are`} not over yet, so nothing was changed. ` +
    'Wait for the last reports, or decide in the thread where one is asked about, and try again.',
  not_allowed: ({ doing, roles }: { doing: string; roles: readonly string[] }) =>
    `You may not ${doing}. Nothing was changed. ${
      roles.length > 0
        ? `Ask ${listOf(roles)} to do it, or an admin to give you that role.`
        : 'Ask a member of this workspace.'
    }`,
  cannot_check_now: () => 'Slack did not say who you are, so nothing was done. Try again in a moment.',
  chat_unreachable: () =>
    'Slack cannot be asked about that channel right now, so nothing was done. Try again in a minute.',
  channel_shared: () =>
    'This channel is shared with another company, so campaigns are not run here. Nothing was done. Use a channel of your own workspace.',
  reply_not_found: () => 'That text is no longer known, so nothing was sent. Nothing was changed.',
  message_empty: () => 'The message is empty, so nothing was sent. Write something and send it again.',
  message_too_long: ({ characters }: { characters: number }) =>
    `The message has ${characters} characters, and a text carries at most 1,600. Nothing was sent. Shorten it.`,
  suppressed: ({ source }: { source: string }) =>
    `This number is on the do-not-call list (${source}), so nothing was sent. The entry stands. ` +
    'Only remove it when the person asked to hear from you again.',
  suppression_not_found: ({ what, id }: { what: 'entry' | 'range' | 'file'; id: number }) =>
    what === 'file'
      ? `No file ${id} was handed in for the do-not-call list of this workspace. Nothing was done. Look at the answer to the upload for its number.`
      : `There is no ${what} ${id} on the do-not-call list of this workspace. Nothing was changed. Look at the list for those there are.`,
  held_for_review: () =>
    'This person may have asked to be left alone, so nothing was sent. Everything to them waits. ' +
    'Decide in the campaign’s thread whether they did.',
  outside_window: ({ when }: { when: string | null }) =>
    when
      ? `It is outside calling hours for this person, so nothing was sent. They may be reached ${when}. Try again then.`
      : 'Within the next 14 days there is no hour at which this person may be reached, so nothing was sent. ' +
        'Widen the calling hours or give the contact’s time zone.',
  no_time_zone: () =>
    'The time zone of this number cannot be known, so nothing was sent. The contact is kept. ' +
    'Give the contact a time zone and try again.',
  no_consent: () =>
    'No consent of this person to be texted is on record, and this workspace demands one, so nothing was sent. ' +
    'Record it with /campaign consent if they gave it, and try again.',
  budget_spent: () =>
    'The budget of the campaign leaves no room for this text, so nothing was sent. Raise the budget and send it again.',
  number_in_flight: () =>
    'This number is being contacted at this moment, so nothing more was sent. Try again in a minute.',
  call_not_found: () =>
    'There is no such call in this workspace. Nothing was done. Look at /campaign contact for the calls there are.',
  call_over: () =>
    'The call has ended already, so nothing was done. What was said is kept: press Show call, or use /campaign contact.',
  call_not_answered: () =>
    'Nobody has answered this call yet, so nothing was done. Try again once somebody talks.',
  no_thread: () =>
    'This call belongs to no campaign with a thread, so there is no place to show it. It goes on. Use /campaign contact afterwards.',
  no_transfer_target: ({ assistant }: { assistant: string }) =>
    `The assistant ${assistant} has no phone number of yours, so the call was not put through to you and goes on. ` +
    'Have yourself added to the assistant’s transfer targets with /campaign assistant.',
  recording_missing: ({ why }: { why: string }) =>
    `There is nothing to listen to: ${why} Nothing was sent. The transcript is kept with the call.`,
  recording_unreachable: () =>
    'The provider does not hand the recording out right now, so nothing was sent. It is kept there. Try again in a minute.',
  approval_missing: ({ isAsked }: { isAsked: boolean }) =>
    isAsked
      ? 'A second person has not approved the campaign yet, so nobody is contacted. The request stands in its thread. Ask a colleague who may start campaigns to decide it.'
      : 'This workspace has every campaign approved by a second person, and this one is not approved as it is now, so nobody is contacted. Everything is kept. Ask for approval first.',
  approval_not_needed: () =>
    'This workspace does not have its campaigns approved, so nothing was asked. Start the campaign when it is ready.',
  approval_standing: () =>
    'The campaign is approved as it is, so nothing was asked. Start or resume it, or let its schedule do so.',
  approval_asked: () =>
    'Somebody asked for this already, so nothing was asked twice. The request stands in the campaign’s thread. Any colleague who may start campaigns can decide it.',
  approval_not_found: () =>
    'There is no such request in this workspace. Nothing was decided. Look at the campaign’s card.',
  approval_closed: ({ state }: { state: 'approved' | 'rejected' | 'changed' }) =>
    `${
      state === 'changed'
        ? 'The campaign was changed after this was asked'
        : `Somebody has ${state} this already`
    }, so nothing was decided. The campaign’s card shows what stands now.`,
  approval_own: ({ because }: { because: 'asked' | 'edited' }) =>
    `${
      because === 'asked'
        ? 'You asked for this approval yourself'
        : 'You made the last change to this campaign'
    }, so somebody else has to approve it. The request stands. Ask a colleague who may start campaigns.`,
  approval_by_person: () =>
    'Only a person in Slack can approve a campaign, so nothing was decided. The request stands in its thread.',
  approval_outdated: () =>
    'The campaign is no longer what was asked about, so nothing was approved. The request is closed. Look at it and ask again.',
  reason_missing: () =>
    'A rejection needs a reason, so nothing was decided. The request stands. Say what has to change.',
  not_a_member: () =>
    'Guests, bots, people who left and people of other companies may do nothing here, so no role was given. Nothing was changed. Choose a member of this workspace.',
  group_not_found: () =>
    'Slack shows me no such person or group, so nothing was changed. Choose one that /campaign roles offers.',
  groups_unavailable: () =>
    'Slack does not show me user groups: they need a paid plan and the permission usergroups:read. Nothing was changed. Give the role to people instead.',
  attestation_missing: () =>
    'This workspace has somebody answer for every campaign’s contacts before it starts, and nobody has, so nobody is contacted. Everything is kept. Press Attest on the card, tick the statement where you start it, or send “attest: true” with the start or schedule over the API.',
  import_running: ({ fileName }: { fileName: string }) =>
    `“${fileName}” is still being loaded into this campaign, so nothing was changed. Wait for its result in the thread, then try again.`,
  person_in_flight: () =>
    'A call or a text with this person is not over yet, so nothing was erased. They are on the do-not-call list from now on, ' +
    'so nothing new begins. Try again when it has ended: /campaign contact shows it.',
  draft_gone: () =>
    'This form is no longer known, so nothing was done. Look the number up again with /campaign privacy.',
  consent_invalid: ({ problem }: { problem: string }) =>
    `That cannot be recorded as a consent. ${problem} Nothing was changed.`,
  file_unusable: ({ problem }: { problem: string }) =>
    `The file cannot be read: ${problem} Nothing was loaded. Save it as CSV and drop it again.`,
  upload_refused: ({ problem }: { problem: string }) => `${problem} Nothing was loaded.`,
  upload_unsupported: ({ problem }: { problem: string }) => `${problem} Nothing was loaded.`,
  upload_too_large: ({ megabytes }: { megabytes: number }) =>
    `The file is larger than ${megabytes} MB, so nothing of it was kept and nothing was loaded. ` +
    'Split it and load the parts one after the other.',
  upload_broken: () =>
    'The file stopped coming before its end, so nothing of it was kept and nothing was loaded. Send it again.',
  status_unknown: ({ given, known }: { given: string; known: string }) =>
    `“${given.slice(0, 40)}” is not a status of contacts, so nothing was listed. Choose ${known}.`,
  import_not_found: ({ wanted }: { wanted: string }) =>
    `There is no import ${wanted} of this campaign. Nothing was done. Look at the list of its imports.`,
  phone_invalid: ({ problem }: { problem: string }) =>
    `That number cannot be used. ${problem} Nothing was done. Write it with its country code, like +14155550123.`,
  test_refused: ({ why }: { why: string }) =>
    `You were not contacted. ${why} Nothing was counted and the campaign is as it was.`,
  tested_often: ({ times }: { times: number }) =>
    `This was tried ${times} times within the hour, so nobody was contacted again. Wait a while, or look at /campaign preview meanwhile.`,
  token_not_found: ({ tokenId }: { tokenId: number }) =>
    `There is no API token ${tokenId} that is yours to manage. Nothing was changed. Look at /campaign token, or at the list of tokens, for those there are.`,
  workspace_unclear: ({
    wanted,
    known,
  }: {
    wanted: string | null;
    known: { slackTeamId: string; name: string }[];
  }) =>
    known.length === 0
      ? 'No Slack workspace is known yet, so nothing was done. Start the bot: it learns from Slack which one it is in. Then try again.'
      : `${wanted === null ? 'There are several workspaces' : `“${wanted}” is not one workspace alone`}: ${listWords(known.map(({ slackTeamId, name }) => `${name} (${slackTeamId})`))}. Nothing was done. Say which one is meant by its Slack team id.`,
  tokens_many: ({ most }: { most: number }) =>
    `This workspace has ${most} API tokens in force already, so none was made. Those go on working. Revoke one that nobody needs and try again.`,
  webhook_not_found: ({ wanted }: { wanted: string }) =>
    `There is no webhook ${wanted} in this workspace. Nothing was done. Look at the list of webhooks for those there are.`,
  webhooks_many: ({ most }: { most: number }) =>
    `A workspace has up to ${most} webhooks, so this one was not made. Those there are stand. Delete one that nobody needs: DELETE /api/v1/webhooks/{id}.`,
  webhook_off: () =>
    'The webhook is switched off, so nothing was sent. What waits for it is kept. Switch it on first.',
  delivery_not_found: ({ wanted }: { wanted: string }) =>
    `This webhook has no delivery ${wanted}. Nothing was done. The log keeps deliveries for 30 days.`,
  provider_unreachable: () =>
    'The provider cannot be asked right now, so nothing was started. Everything is kept. Try again in a minute.',
  numbers_unknown: () =>
    'The provider does not say right now which numbers are ours. Nothing was changed. Try again in a minute.',
} satisfies Record<string, (details: never) => string>;

export type RefusalCode = keyof typeof REFUSALS;

/** What a draft still needs, shorter than the refusal of a start that nobody asked for yet. */
const STILL_NEEDED: Partial<Record<RefusalCode, string>> = {
  no_contacts: 'Contacts: drop a file into the channel, or use /campaign import.',
  no_message: 'A message: press Edit and write it.',
  no_call_message: 'What its calls say: press Edit and write a welcome or an agenda.',
  voicemail_missing: 'The voicemail message: press Edit and write it, or leave none.',
  assistant_missing: 'An assistant: press Edit and choose one.',
  caller_missing:
    'A number to call from: choose one for the campaign or its assistant, or ask an admin to set the workspace’s.',
  sender_missing:
    'A number to send from: choose one for the campaign, or ask an admin to set the workspace’s.',
};

/** What the sentence of a refusal needs to know. */
export type RefusalDetails<C extends RefusalCode> =
  Parameters<(typeof REFUSALS)[C]> extends [infer Details] ? Details : Record<string, never>;

/**
 * The product said no for a reason it can name; `message` is the sentence of `REFUSALS`. Rules return it (`ok` is false,
 * so that one look tells it from a result), verbs throw it, the edges turn its code into their own answer. Anything else
 * that is thrown is a bug.
 */
export class Refusal<C extends RefusalCode = RefusalCode> extends Error {
  override name = 'Refusal';
  readonly ok = false;
  readonly code: C;
  readonly details: RefusalDetails<C>;

  constructor(code: C, details: RefusalDetails<C>) {
    const sentence = REFUSALS[code] as (details: RefusalDetails<C>) => string;
    super(sentence(details));
    this.code = code;
    this.details = details;
  }
}

/** What is missing before a campaign can begin, as one line of its card. */
export function stillNeeded({ code, message }: Refusal): string {
  return STILL_NEEDED[code] ?? message;
}

/** Several names as people say them: “a launcher or an admin”. */
function listOf(names: readonly string[]): string {
  const articled = names.map((name) => (/^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`));
  return listWords(articled, 'or');
}
