import type { Refusal, RefusalCode, RefusalDetails } from '#domain/refusal.ts';

type Words = { [Code in RefusalCode]?: (details: RefusalDetails<Code>) => string };

/**
 * What clients of the API are told instead of a refusal's own sentence, where that leads to buttons and commands in Slack:
 * they have requests. What clients of the reference look for comes first (campaign-api §1.4).
 */
const WORDS: Words = {
  no_contacts: () =>
    'No contacts found. The campaign has none, so nothing was started and it is kept as it is. Load them first: POST /api/v1/campaigns/{id}/import-data.',
  all_contacts_processed: () =>
    'All contacts have already been processed. Nothing was started, and their results are kept. ' +
    'Run it again for those you choose: POST /api/v1/campaigns/{id}/re-execute.',
  schedule_past: () =>
    'Scheduled time is in the past. Nothing was started or scheduled, and the campaign stays as it was. Choose a time that is still to come.',
  campaign_not_found: ({ wanted }) =>
    `There is no campaign ${wanted} in this workspace. Nothing was done. GET /api/v1/campaigns lists those there are.`,
  assistant_not_found: ({ wanted }) =>
    `There is no assistant ${wanted} in this workspace. Nothing was done. GET /api/v1/assistants lists those there are.`,
  call_not_found: () =>
    'There is no such call in this workspace. Nothing was done. GET /api/v1/calls lists those there are.',
  call_over: () => 'The call has ended already, so nothing was done. What was said is kept with it.',
  token_not_found: ({ tokenId }) =>
    `There is no API token ${tokenId} that is yours to manage. Nothing was changed. GET /api/v1/tokens lists those there are.`,
  stale_click: ({ state }) =>
    `The campaign ${state}, so there is nothing to answer for or to approve. Nothing was changed. Set up another run first: POST /api/v1/campaigns/{id}/re-execute.`,
  nothing_to_skip: ({ state }) =>
    `No run waits to be skipped: the campaign ${state}. Nothing was changed. GET /api/v1/campaigns/{id}/schedule says when it runs.`,
  attempts_open: ({ attempts }) =>
    `${attempts === 1 ? 'One call or text is' : `${attempts} calls and texts are`} not over yet, so nothing was changed. ` +
    'Wait for the last reports, or decide what GET /api/v1/campaigns/{id}/decisions asks, and try again.',
  attestation_missing: () =>
    'This workspace has somebody answer for every campaign’s contacts before it starts, and nobody has, so nobody is contacted. Everything is kept. Send “attest: true” with the start, the schedule or the re-execution.',
  approval_missing: ({ isAsked }) =>
    isAsked
      ? 'A second person has not approved the campaign yet, so nobody is contacted. The request stands in Slack, where a colleague who may start campaigns decides it.'
      : 'This workspace has every campaign approved by a second person, and this one is not approved as it is now, so nobody is contacted. Everything is kept. Ask for approval first: POST /api/v1/campaigns/{id}/request-approval.',
  approval_asked: () =>
    'Somebody asked for this already, so nothing was asked twice. The request stands in Slack, where any colleague who may start campaigns can decide it.',
  import_running: ({ fileName }) =>
    `“${fileName}” is still being loaded into this campaign, so nothing was changed. Wait until GET /api/v1/campaigns/{id}/imports says that it has ended, then try again.`,
  no_consent: () =>
    'No consent of this person to be texted is on record, and this workspace demands one, so nothing was sent. Record it with POST /api/v1/consents if they gave it, and try again.',
};

/** What a client of the API reads when it is refused. */
export function sentenceOf({ code, details, message }: Refusal): string {
  const words = WORDS[code] as ((details: RefusalDetails<RefusalCode>) => string) | undefined;
  return words ? words(details) : message;
}
