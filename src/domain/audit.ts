import { labelOf } from './approval.ts';
import { listWords } from './phrases.ts';
import { roleSubjectWords } from './rights.ts';
import { WORKSPACE_SETTINGS, type WorkspaceSettingName, workspaceValueWords } from './workspace-settings.ts';

/** An event as it is kept: what was done, and what is known of it. */
export type AuditEvent = { kind: string; details: Record<string, unknown> };

/**
 * What was done, as the rest of a sentence that begins with who did it: “started the campaign”. Kinds of an older version
 * are told by their name, so that no event is ever left out.
 */
export function describeEvent({ kind, details }: AuditEvent): string {
  const words = Object.hasOwn(EVENTS, kind) ? EVENTS[kind] : undefined;
  if (words === undefined) return kind.replaceAll('_', ' ');
  return typeof words === 'string' ? words : words(details);
}

/** Whether an event of this kind has words of its own. */
export function isDescribed(kind: string): boolean {
  return Object.hasOwn(EVENTS, kind);
}

type Details = Record<string, unknown>;

const EVENTS: Record<string, string | ((details: Details) => string)> = {
  campaign_created: 'made the campaign',
  campaign_updated: ({ fields }) => `changed ${fieldsWords(fields)}`,
  campaign_deleted: ({ name }) => `deleted the campaign “${text(name)}”`,
  campaign_start: 'started the campaign',
  campaign_withdraw: 'took the start back: it is a draft again',
  campaign_put_back: 'took the start back: it is scheduled again',
  campaign_due: 'started the campaign by its schedule',
  campaign_pause: (details) => `paused the campaign${holdOf(details)}`,
  campaign_resume: 'resumed the campaign',
  campaign_finish: 'found the campaign completed',
  campaign_rest: 'found the run completed; the next one is scheduled',
  campaign_break: (details) => `found the campaign failed${holdOf(details)}`,
  campaign_cancel: ({ stopped }) => `cancelled the campaign; ${text(stopped)} waiting contacts were skipped`,
  campaign_re_execute: 'set up another run',
  campaign_schedule: 'scheduled the campaign',
  campaign_unschedule: 'took the schedule away',
  campaign_rescheduled: 'changed the schedule',
  campaign_start_held: 'held a start that was late or refused, and asked',
  campaign_run_skipped: 'skipped a run',
  campaign_tested: ({ channel, phone }) =>
    `tested it by ${channel === 'call' ? 'a call' : 'a text'} to ${text(phone)}`,
  campaign_attested: 'answered for the contacts',
  approval_requested: ({ approvalId }) => `asked for approval (${text(approvalId)})`,
  approval_approved: ({ approvalId }) => `approved the campaign (${text(approvalId)})`,
  approval_rejected: ({ reason }) => `did not approve the campaign: “${text(reason)}”`,
  approval_voided: ({ did, wasApproved }) =>
    `${text(did)}, which ended ${wasApproved ? 'the approval' : 'the request for approval'}`,
  import_requested: ({ fileName, mode }) =>
    `had “${text(fileName)}” loaded${mode === 'replace' ? ' in place of the contacts' : ''}`,
  card_posted: 'had the card posted',
  file_handed_out: ({ file }) => `had a file handed out: ${text(file).replaceAll('_', ' ')}`,
  review_decided: ({ attemptId, decision }) =>
    `decided about attempt ${text(attemptId)}: ${decision === 'retry' ? 'try again' : 'taken as done'}`,
  hold_decided: ({ phone, decision }) =>
    `decided about ${text(phone)}: ${decision === 'keep' ? 'not an opt-out' : 'an opt-out'}`,
  reply_sent: ({ phone }) => `answered ${text(phone)}`,
  call_hung_up: ({ callId }) => `hung up call ${text(callId)}`,
  call_taken_over: ({ callId }) => `took over call ${text(callId)}`,
  call_listened: ({ callId }) => `listened in to call ${text(callId)}`,
  call_noted: ({ callId }) => `changed what is kept with call ${text(callId)}`,
  call_abandoned: ({ callId }) => `left somebody on the line without a voice in call ${text(callId)}`,
  recording_sent: ({ callId }) => `was sent the recording of call ${text(callId)}`,
  suppression_added: (details) => `put ${whomOf(details)} on the do-not-call list${channelOf(details)}`,
  suppression_lifted: (details) => `took ${whomOf(details)} off the do-not-call list`,
  suppression_import_requested: ({ fileName, kind }) =>
    `had “${text(fileName)}” loaded into the do-not-call list${kind === 'national' ? ' as the national one' : ''}`,
  consent_recorded: (details) => `noted a consent of ${whomOf(details)}${channelOf(details)}`,
  consent_withdrawn: (details) => `noted that ${whomOf(details)} consents no longer${channelOf(details)}`,
  person_exported: (details) => `had everything about ${whomOf(details)} handed out`,
  person_erased: (details) => `erased what is known of ${whomOf(details)}`,
  law_overridden: ({ ruleKey, reason }) => `overrode the hours of ${text(ruleKey)}: “${text(reason)}”`,
  law_override_revoked: ({ ruleKey }) => `revoked the override of ${text(ruleKey)}`,
  rate_set: ({ channel, country }) => `set the rate of ${text(channel)} in ${text(country)}`,
  rate_reset: ({ channel, country }) => `reset the rate of ${text(channel)} in ${text(country)}`,
  assistant_created: ({ name }) => `made the assistant ${text(name)}`,
  assistant_updated: ({ name, fields }) => `changed the assistant ${text(name)}: ${fieldsWords(fields)}`,
  assistant_retired: ({ name }) => `retired the assistant ${text(name)}`,
  role_granted: (details) =>
    `made ${roleSubjectWords(details)} ${text(details.role)}${details.before ? `, before: ${text(details.before)}` : ''}`,
  role_revoked: (details) => `took the role ${text(details.before)} from ${roleSubjectWords(details)}`,
  token_created: ({ name, scopes }) => `made the API token “${text(name)}”, which may ${wordsOf(scopes)}`,
  token_revoked: ({ name, ended }) =>
    `revoked the API token “${text(name)}”${Array.isArray(ended) && ended.length > 1 ? ` and ${ended.length - 1} made by it` : ''}`,
  workspace_changed: ({ changes }) => `changed the workspace: ${settingsWords(changes)}`,
  workspace_disconnected: 'found the app cut off from Slack',
  webhook_created: (details) => `had ${webhookOf(details)} told what happens`,
  webhook_updated: (details) => `changed ${webhookOf(details)}: ${fieldsWords(details.fields)}`,
  webhook_deleted: (details) => `deleted ${webhookOf(details)}`,
  webhook_secret_rotated: (details) => `gave ${webhookOf(details)} a new secret`,
  webhook_tried: (details) => `tried ${webhookOf(details)}`,
  webhook_replayed: (details) =>
    `had delivery ${text(details.deliveryId)} sent to ${webhookOf(details)} again`,
  webhook_switched_off: (details) =>
    `switched off ${webhookOf(details)}, which ${details.reason === 'gone' ? 'is gone' : 'took nothing for days'}`,
};

function settingsWords(changes: unknown): string {
  if (typeof changes !== 'object' || changes === null) return 'its settings';
  const lines = Object.entries(changes as Record<string, { before: unknown; after: unknown }>).map(
    ([name, { before, after }]) => {
      if (!Object.hasOwn(WORKSPACE_SETTINGS, name)) return name;
      const setting = name as WorkspaceSettingName;
      const { label } = WORKSPACE_SETTINGS[setting];
      return `${label}: ${workspaceValueWords(setting, before)} → ${workspaceValueWords(setting, after)}`;
    },
  );
  return lines.join('; ');
}

function webhookOf({ webhookId, host }: Details): string {
  return `webhook ${text(webhookId)} (${text(host)})`;
}

function whomOf({ phone, range }: Details): string {
  return text(phone ?? range);
}

function channelOf({ channel }: Details): string {
  const words: Record<string, string> = { voice: ' for calls', sms: ' for texts' };
  return words[text(channel)] ?? '';
}

function holdOf({ hold }: Details): string {
  const code = typeof hold === 'object' && hold !== null && 'code' in hold ? text(hold.code) : '';
  return code === '' ? '' : `: ${code.replaceAll('_', ' ')}`;
}

function wordsOf(words: unknown): string {
  return listWords(Array.isArray(words) ? words.map((word) => text(word)) : []) || 'do nothing';
}

function fieldsWords(fields: unknown): string {
  const names = Array.isArray(fields) ? fields.map((field) => labelOf(text(field)).toLowerCase()) : [];
  return listWords(names) || 'nothing';
}

function text(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}
