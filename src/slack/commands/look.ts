import { drawCampaignCard } from '#operations/draw-campaign-card.ts';
import { explainCampaign } from '#operations/explain-campaign.ts';
import { explainContact } from '#operations/explain-contact.ts';
import { explainWorkspace } from '#operations/explain-workspace.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { actionId, campaignValue } from '#slack/action-ids.ts';
import { drawCampaignCard as drawCard } from '#slack/blocks/campaign-card.ts';
import {
  actions,
  bullets,
  button,
  fallback,
  type Message,
  plainSection,
  section,
} from '#slack/blocks/kit.ts';
import { type Entry, may } from '#slack/context.ts';
import { LIMITS } from '#slack/limits.ts';
import { openPreview } from '#slack/modals/preview.ts';
import { openTestOnMe } from '#slack/modals/test-on-me.ts';
import { quote } from '#slack/mrkdwn.ts';
import { splitPhone } from '#slack/words.ts';
import type { CampaignCommand, WordsCommand } from './command.ts';
import { offeredCampaigns, ownCampaign, picker, resolveCampaign } from './resolve.ts';

const ALL = ['running', 'paused', 'scheduled', 'draft', 'completed', 'cancelled', 'failed'] as const;

export const show: CampaignCommand = {
  name: 'show',
  usage: '<name or number>',
  summary: 'Show where a campaign stands, and post its card here',
  right: 'view',
  runs: 'now',
  takes: 'campaign',
  offers: ALL,
  run: async (entry, campaign) => entry.answer.privately(await standing(entry, campaign)),
};

export const preview: CampaignCommand = {
  name: 'preview',
  usage: '<name or number>',
  summary: 'Show what real contacts would hear or read',
  right: 'view',
  runs: 'now',
  takes: 'campaign',
  offers: ALL,
  button: 'campaign.preview',
  run: (entry, campaign) => openPreview(entry, campaign.id),
};

export const test: CampaignCommand = {
  name: 'test',
  usage: '<name or number>',
  summary: 'Call or text yourself with what a contact would hear or read; it counts nowhere',
  right: 'edit',
  runs: 'now',
  takes: 'campaign',
  offers: ALL,
  button: 'campaign.test',
  run: (entry, campaign) => openTestOnMe(entry, campaign.id),
};

export const why: WordsCommand = {
  name: 'why',
  usage: '[name or number] [phone number]',
  summary: 'Why nobody is called or texted now and when it goes on: all campaigns, one, or one person',
  right: 'view',
  runs: 'now',
  takes: 'words',
  async run(entry, words) {
    const { rest, phone } = splitPhone(words);
    if (phone && !rest) return tellAboutContact(entry, null, phone);
    if (!rest) return tellAboutAll(entry);
    const campaign = await resolveCampaign(entry, rest, { name: 'why', offers: ALL });
    if (!campaign) return;
    await (phone ? tellAboutContact(entry, campaign, phone) : tellAboutCampaign(entry, campaign));
  },
};

/** Without words: the one campaign that is under way, or what all of them and their workspace stand at. */
async function tellAboutAll(entry: Entry): Promise<void> {
  const { deps, workspaceId } = entry;
  const { sentences, activeIds } = await explainWorkspace(deps, { workspaceId });
  const [only, ...others] = activeIds;
  if (only !== undefined && others.length === 0)
    return tellAboutCampaign(entry, await ownCampaign(entry, only));
  const told = explanation('This workspace', sentences);
  const offered = await offeredCampaigns(entry, { offers: ALL });
  const menu = offered.length > 0 ? picker(why.name, offered).blocks : [];
  await entry.answer.privately({ ...told, blocks: [...told.blocks, ...menu] });
}

/** Also behind the *Why?* button. */
export async function tellAboutCampaign(entry: Entry, campaign: CampaignDetail): Promise<void> {
  const sentences = await explainCampaign(entry.deps, { campaignId: campaign.id });
  await entry.answer.privately(explanation(campaign.name, sentences));
}

async function tellAboutContact(entry: Entry, campaign: CampaignDetail | null, phone: string): Promise<void> {
  const { deps, workspaceId } = entry;
  const mayListen = await may(entry, 'listen');
  const campaignId = campaign?.id ?? null;
  const sentences = await explainContact(deps, { workspaceId, campaignId, phone, mayListen });
  await entry.answer.privately(explanation(campaign ? `${phone} in ${campaign.name}` : phone, sentences));
}

function explanation(title: string, sentences: string[]): Message {
  const lines = sentences.length > 0 ? sentences : ['Nothing stands in the way.'];
  return {
    text: fallback(`${quote(title, LIMITS.header)}:`, ...lines.map((line) => quote(line, 500))),
    blocks: [section(`*${quote(title, LIMITS.header)}*`), plainSection(bullets(lines))],
  };
}

/** The card as it is now, for one reader, with a button that posts it for all. */
export async function standing(entry: Entry, campaign: CampaignDetail): Promise<Message> {
  const drawn = drawCard(await drawCampaignCard(entry.deps, { campaignId: campaign.id }));
  const value = campaignValue({ campaignId: campaign.id, version: campaign.version });
  const post = button({ label: 'Post the card here', actionId: actionId('campaign.show'), value });
  return { text: drawn.text, blocks: [...drawn.blocks, actions([post])] };
}
