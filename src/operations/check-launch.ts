import { type AssistantRow, readAssistant } from '#db/assistants.ts';
import { hasOpenImport } from '#db/campaign-facts.ts';
import { type CampaignRow, type CampaignWithCounts, readCampaign } from '#db/campaigns.ts';
import type { LockedCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { asSpoken, CAMPAIGN_TEMPLATES, CHANNELS_OF, templatesOf } from '#domain/campaign-templates.ts';
import { Refusal, type RefusalCode } from '#domain/refusal.ts';
import { isBetweenRuns } from '#domain/schedule.ts';
import { checkTemplate } from '#domain/template.ts';
import { LookupFailed } from '#ports/telephony.ts';
import { checkApproval } from './check-approval.ts';
import type { Deps } from './deps.ts';

/**
 * `schedule` sets a time, `due` is that time come: what is approved includes the schedule, so it is asked for in between.
 * `next_run` is a schedule for a campaign that is over and about to be run again, `plan` one for a campaign whose contacts
 * may still come: its time asks for them.
 */
export type Launch = 'start' | 'resume' | 'schedule' | 'plan' | 'due' | 'next_run';

/** Those that set a time, which are approved together with it. */
const AHEAD: readonly Launch[] = ['schedule', 'plan', 'next_run'];

/** What a move does not mind: it ends a run whose contacts are done, or begins another one with those that are chosen. */
const FORGIVEN: Partial<Record<Launch, readonly RefusalCode[]>> = {
  resume: ['all_contacts_processed'],
  plan: ['no_contacts'],
  next_run: ['all_contacts_processed', 'no_contacts'],
};

/**
 * Whether a campaign may begin or go on: contacts waiting, messages that can be used for each of its channels, an
 * assistant for its calls, numbers that the provider account may use, no file still loading, somebody who answers for its
 * contacts and a second person's approval where the workspace demands them. Throws the `Refusal` of the first thing
 * missing. One whose last contacts ended while it was paused may go on: its next turn finishes it.
 */
export async function checkLaunch(deps: Deps, campaignId: number, move: Launch): Promise<void> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  const problems = await launchProblems(deps, row);
  const first = problems.find(({ code }) => !FORGIVEN[move]?.includes(code));
  if (first) throw first;
  // What was attested and approved is about the run that is over: the next one is asked about anew.
  if (move !== 'next_run' && row.workspace.requiresAttestation && row.campaign.attestedBy === null)
    throw new Refusal('attestation_missing', {});
  if (!AHEAD.includes(move)) await checkApproval(deps, row);
  await checkNumbers(deps, row.campaign);
}

/**
 * What of those checks somebody may have undone while the provider was asked: a file that is loading now, or that was loaded
 * meanwhile, so that nobody answers for its contacts. Looked at again under the campaign's lock, right before it moves.
 */
export async function checkUnchanged(
  tx: Transaction,
  { campaign, workspace }: Pick<LockedCampaign, 'campaign' | 'workspace'>,
): Promise<void> {
  const fileName = await hasOpenImport(tx, campaign.id);
  if (fileName !== null) throw new Refusal('import_running', { fileName });
  if (workspace.requiresAttestation && campaign.attestedBy === null)
    throw new Refusal('attestation_missing', {});
}

/** Everything that keeps a campaign from beginning, as far as it can be known without asking the provider. */
export async function launchProblems(deps: Deps, row: CampaignWithCounts): Promise<Refusal[]> {
  const { calls, texts } = CHANNELS_OF[row.campaign.campaignType];
  const fileName = await hasOpenImport(deps.db, row.campaign.id);
  const assistant = calls ? await assistantOf(deps, row.campaign) : null;
  const campaign = asSpoken(row.campaign, assistant);
  return [
    ...(fileName === null ? [] : [new Refusal('import_running', { fileName })]),
    ...contactProblems(row),
    ...(calls ? callProblems(deps, campaign, assistant) : []),
    ...(texts ? textProblems(deps, campaign) : []),
    ...templateProblems(campaign),
  ];
}

/** The number that calls of a campaign come from: its own, else its assistant's first, else the workspace's (campaign-api §7.2). */
export function callerOf(
  deps: Pick<Deps, 'defaultCaller'>,
  campaign: Pick<CampaignRow, 'fromNumber'>,
  assistant: Pick<AssistantRow, 'phoneNumbers'> | null,
): string | null {
  return campaign.fromNumber ?? assistant?.phoneNumbers[0] ?? deps.defaultCaller;
}

/** The assistant of a campaign, also a retired one; null where none is chosen. */
export async function assistantOf(
  deps: Pick<Deps, 'db'>,
  campaign: Pick<CampaignRow, 'assistantId' | 'workspaceId'>,
): Promise<AssistantRow | null> {
  return campaign.assistantId === null
    ? null
    : readAssistant(deps.db, campaign.workspaceId, campaign.assistantId);
}

/** Before the next run of a recurring campaign, those whom the last one went through are those who wait. */
function contactProblems({ campaign, counts }: CampaignWithCounts): Refusal[] {
  const processed =
    counts.completed + counts.failed + counts.no_answer + counts.busy + counts.voicemail + counts.skipped;
  const waiting = counts.pending + counts.in_progress + (isBetweenRuns(campaign) ? processed : 0);
  if (waiting > 0) return [];
  return [processed > 0 ? new Refusal('all_contacts_processed', {}) : new Refusal('no_contacts', {})];
}

/** A welcome or an agenda is enough: without the one the assistant asks about the other, without both it has nothing to say. */
function callProblems(deps: Deps, campaign: CampaignRow, assistant: AssistantRow | null): Refusal[] {
  const problems: Refusal[] = [];
  if (!assistant?.isActive)
    problems.push(new Refusal('assistant_missing', { name: assistant?.name ?? null }));
  if (isBlank(campaign.welcomeMessageTemplate) && isBlank(campaign.agendaTemplate))
    problems.push(new Refusal('no_call_message', {}));
  if (campaign.leaveVoicemail && isBlank(campaign.voicemailMessage))
    problems.push(new Refusal('voicemail_missing', {}));
  if (callerOf(deps, campaign, assistant) === null) problems.push(new Refusal('caller_missing', {}));
  return problems;
}

function textProblems(deps: Deps, campaign: CampaignRow): Refusal[] {
  const problems: Refusal[] = [];
  if (isBlank(campaign.smsMessageTemplate)) problems.push(new Refusal('no_message', {}));
  if (!campaign.fromNumber && !deps.defaultSender) problems.push(new Refusal('sender_missing', {}));
  return problems;
}

function templateProblems(campaign: CampaignRow): Refusal[] {
  return templatesOf(campaign).flatMap((template) => {
    const text = campaign[template]?.trim();
    const check = text ? checkTemplate(text) : null;
    if (!check || check.ok) return [];
    const { words } = CAMPAIGN_TEMPLATES[template];
    return [new Refusal('template_invalid', { problem: check.problem.message, words, template })];
  });
}

async function checkNumbers(deps: Deps, campaign: CampaignRow): Promise<void> {
  const { calls, texts } = CHANNELS_OF[campaign.campaignType];
  const { defaultSender } = deps;
  const sender = campaign.fromNumber ?? (defaultSender?.kind === 'number' ? defaultSender.phoneNumber : null);
  if (texts && sender !== null && !(await owns(deps, sender, 'sms')))
    throw new Refusal('sender_not_owned', { sender });
  const caller = calls ? callerOf(deps, campaign, await assistantOf(deps, campaign)) : null;
  if (caller !== null && !(await owns(deps, caller, 'call')))
    throw new Refusal('caller_not_owned', { caller });
}

async function owns(deps: Deps, phoneNumber: string, channel: 'sms' | 'call'): Promise<boolean> {
  try {
    return await deps.telephony.ownsNumber(phoneNumber, channel);
  } catch (cause) {
    if (cause instanceof LookupFailed) throw new Refusal('provider_unreachable', {});
    throw cause;
  }
}

function isBlank(text: string | null): boolean {
  return !text?.trim();
}
