import { CAMPAIGN_STATUSES } from '#domain/lifecycle.ts';
import { type AuditLine, showAudit } from '#operations/show-audit.ts';
import { actionId } from '#slack/action-ids.ts';
import { actions, button, context, fallback, type Message, section } from '#slack/blocks/kit.ts';
import { pageButtons } from '#slack/blocks/page-buttons.ts';
import { demand, type Entry } from '#slack/context.ts';
import { actorName, counted, localTime, quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { WordsCommand } from './command.ts';
import { resolveCampaign } from './resolve.ts';

const PAGE = 15;

export const audit: WordsCommand = {
  name: 'audit',
  usage: '[name or number]',
  summary: 'Who did what: in one campaign, or (admins) in the whole workspace',
  right: 'export',
  runs: 'now',
  takes: 'words',
  async run(entry, words) {
    const campaign = words
      ? await resolveCampaign(entry, words, { name: 'audit', offers: CAMPAIGN_STATUSES })
      : null;
    if (words && !campaign) return;
    await entry.answer.privately(await auditPage(entry, { campaignId: campaign?.id ?? null, page: 0 }));
  },
};

export type AuditPage = { campaignId: number | null; page: number };

/** One page of the log, for whoever may see it: of a campaign for those who export, of the workspace for admins. */
export async function auditPage(entry: Entry, { campaignId, page }: AuditPage): Promise<Message> {
  await demandAudit(entry, campaignId);
  const { workspaceId } = entry;
  const offset = page * PAGE;
  const { lines, total } = await showAudit(entry.deps, { workspaceId, campaignId, limit: PAGE, offset });
  if (lines.length === 0) return sentenceMessage('Nothing was done here yet, so there is nothing to show.');
  const drawn = lines.map((line) => lineText(line, campaignId !== null));
  const range = `${offset + 1} to ${offset + lines.length} of ${counted(total, 'deed')}, newest first.`;
  return {
    text: fallback(range, ...drawn),
    blocks: [
      ...drawn.map((line) => section(line)),
      context(range),
      actions(turnButtons({ campaignId, page }, total)),
    ],
  };
}

/** Throws the `Refusal` of whoever may not see that log. */
export async function demandAudit(entry: Entry, campaignId: number | null): Promise<void> {
  await demand(entry, campaignId === null ? 'administer' : 'export');
}

/** Null when the value is not one of ours. */
export function parseAuditValue(value: string | null): AuditPage | null {
  const match = /^(\d{1,9})\.(\d{1,5})$/.exec(value ?? '');
  return match ? { campaignId: Number(match[1]) || null, page: Number(match[2]) } : null;
}

function lineText({ actor, at, campaign, did }: AuditLine, isOfOne: boolean): string {
  const where = campaign && !isOfOne ? ` in *${quote(campaign.name)}* (${campaign.id})` : '';
  return `${localTime(at)}: ${actorName(actor)} ${mentions(quote(did, 600))}${where}`;
}

/** People in what was done, as Slack draws them. */
function mentions(text: string): string {
  return text.replaceAll(/\bmember ([UW][A-Z0-9]+)\b/g, '<@$1>');
}

function turnButtons({ campaignId, page }: AuditPage, total: number) {
  const value = (target: number) => `${campaignId ?? 0}.${target}`;
  return [
    ...pageButtons({ page, size: PAGE, total }, 'audit.page', value),
    button({ label: 'Send me all as CSV', actionId: actionId('audit.export'), value: value(0) }),
  ];
}
