import { hasOpenImport } from '#db/campaign-facts.ts';
import { type CampaignWithCounts, readCampaign } from '#db/campaigns.ts';
import { Refusal } from '#domain/refusal.ts';
import { checkTemplate } from '#domain/template.ts';
import { LookupFailed } from '#ports/telephony.ts';
import type { Deps } from './deps.ts';

/**
 * Whether a campaign may begin or go on: contacts waiting, a message that can be used, a sender that the provider account
 * owns, no file still loading. Throws the `Refusal` of the first thing missing. One whose last contacts ended while it
 * was paused may go on: its next turn finishes it.
 */
export async function checkLaunch(deps: Deps, campaignId: number, move: 'start' | 'resume'): Promise<void> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  const problems = await launchProblems(deps, row);
  const first = problems.find(({ code }) => move === 'start' || code !== 'all_contacts_processed');
  if (first) throw first;
  await checkSender(deps, row.campaign.fromNumber);
}

/** Everything that keeps a campaign from beginning, as far as it can be known without asking the provider. */
export async function launchProblems(
  deps: Deps,
  { campaign, counts }: CampaignWithCounts,
): Promise<Refusal[]> {
  const problems: Refusal[] = [];
  const fileName = await hasOpenImport(deps.db, campaign.id);
  if (fileName !== null) problems.push(new Refusal('import_running', { fileName }));
  const open = counts.pending + counts.in_progress;
  const processed =
    counts.completed + counts.failed + counts.no_answer + counts.busy + counts.voicemail + counts.skipped;
  if (open === 0)
    problems.push(processed > 0 ? new Refusal('all_contacts_processed', {}) : new Refusal('no_contacts', {}));
  const template = campaign.smsMessageTemplate?.trim() ?? '';
  if (template === '') problems.push(new Refusal('no_message', {}));
  const check = checkTemplate(template);
  if (template !== '' && !check.ok)
    problems.push(new Refusal('template_invalid', { problem: check.problem.message }));
  if (!campaign.fromNumber && !deps.defaultSender) problems.push(new Refusal('sender_missing', {}));
  return problems;
}

async function checkSender(deps: Deps, fromNumber: string | null): Promise<void> {
  const number =
    fromNumber ?? (deps.defaultSender?.kind === 'number' ? deps.defaultSender.phoneNumber : null);
  if (number === null) return;
  try {
    if (!(await deps.telephony.ownsNumber(number))) throw new Refusal('sender_not_owned', { sender: number });
  } catch (cause) {
    if (cause instanceof LookupFailed) throw new Refusal('provider_unreachable', {});
    throw cause;
  }
}
