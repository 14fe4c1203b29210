import { CAMPAIGN_STATUSES, type CampaignStatus } from '#domain/lifecycle.ts';
import { measureCampaign } from '#domain/metrics.ts';
import type { CampaignSummary } from '#operations/campaign-summary.ts';
import { listCampaigns } from '#operations/list-campaigns.ts';
import { actionId } from '#slack/action-ids.ts';
import { STATUS_WORDS } from '#slack/blocks/campaign-card.ts';
import { actions, type Block, button, context, fallback, type Message, section } from '#slack/blocks/kit.ts';
import { pageButtons } from '#slack/blocks/page-buttons.ts';
import type { Entry } from '#slack/context.ts';
import { count, counted, quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { WordsCommand } from './command.ts';

const PAGE = 8;

export const list: WordsCommand = {
  name: 'list',
  usage: '[status]',
  summary: 'List the campaigns, newest first',
  right: 'view',
  runs: 'now',
  takes: 'words',
  async run(entry, words) {
    const status = CAMPAIGN_STATUSES.find((known) => known === words.toLowerCase());
    if (words && !status) {
      const known = CAMPAIGN_STATUSES.join(', ');
      return entry.answer.privately(
        sentenceMessage(`“${words}” is no status. Say one of ${known}, or nothing for all.`),
      );
    }
    await entry.answer.privately(await listPage(entry, { status: status ?? null, page: 0 }));
  },
};

export type ListPage = { status: CampaignStatus | null; page: number };

/** One page of the list with the way to the others. */
export async function listPage(entry: Entry, { status, page }: ListPage): Promise<Message> {
  const offset = page * PAGE;
  const { campaigns, total } = await listCampaigns(entry.deps, {
    workspaceId: entry.workspaceId,
    limit: PAGE,
    offset,
    ...(status ? { status } : {}),
  });
  if (campaigns.length === 0) {
    const none = status ? `There is no campaign that is ${status}.` : 'There is no campaign yet.';
    return sentenceMessage(`${none} Make one with /campaign new, or drop a file of contacts into a channel.`);
  }
  const range = `${offset + 1} to ${offset + campaigns.length} of ${counted(total, 'campaign')}`;
  const turn = pageButtons(
    { page, size: PAGE, total },
    'list.page',
    (target) => `${status ?? 'all'}.${target}`,
  );
  return {
    text: fallback(`Campaigns ${range}:`, ...campaigns.map(line)),
    blocks: [...campaigns.map(row), context(range), ...(turn.length > 0 ? [actions(turn)] : [])],
  };
}

/** Null when the value is not one of ours. */
export function parseListValue(value: string | null): ListPage | null {
  const match = /^([a-z]+)\.(\d{1,5})$/.exec(value ?? '');
  const status = CAMPAIGN_STATUSES.find((known) => known === match?.[1]) ?? null;
  if (!match || (!status && match[1] !== 'all')) return null;
  return { status, page: Number(match[2]) };
}

function row(campaign: CampaignSummary): Block {
  const show = button({
    label: 'Show',
    actionId: actionId('campaign.pick', 'show'),
    value: String(campaign.id),
    spoken: `Show ${campaign.name}`,
  });
  return section(line(campaign), { accessory: show });
}

function line({ id, name, status, counts, schedule }: CampaignSummary): string {
  const { total_contacts: total, progress_percentage: share } = measureCampaign(counts);
  const progress = total ? `, ${Math.floor(share ?? 0)} % of ${counted(total, 'contact')}` : ', no contacts';
  return `*${quote(name)}* (${count(id)}): ${STATUS_WORDS[status]}${progress}${schedule ? `\n${quote(schedule, 300)}` : ''}`;
}
