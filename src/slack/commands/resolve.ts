import { Refusal } from '#domain/refusal.ts';
import type { CampaignSummary } from '#operations/campaign-summary.ts';
import { findCampaigns } from '#operations/find-campaigns.ts';
import { listCampaigns } from '#operations/list-campaigns.ts';
import { type CampaignDetail, showCampaign } from '#operations/show-campaign.ts';
import { actionId } from '#slack/action-ids.ts';
import { STATUS_WORDS } from '#slack/blocks/campaign-card.ts';
import { actions, fallback, type Message, option, section, select } from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import { LIMITS } from '#slack/limits.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { CampaignCommand } from './command.ts';

/**
 * The one campaign that is meant, or null when the person was asked which. Without words the picker offers the campaigns
 * for which the command makes sense; words that name none throw `campaign_not_found` with the nearest name.
 */
export async function resolveCampaign(
  entry: Entry,
  words: string,
  command: Pick<CampaignCommand, 'name' | 'offers'>,
): Promise<CampaignDetail | null> {
  const found = words
    ? await findCampaigns(entry.deps, { workspaceId: entry.workspaceId, words })
    : await offeredCampaigns(entry, command);
  const [only] = found;
  if (!only) {
    await entry.answer.privately(nothingToPick(command));
    return null;
  }
  if (words && found.length === 1) return showCampaign(entry.deps, { campaignId: only.id });
  await entry.answer.privately(picker(command.name, found));
  return null;
}

/** The one campaign that words inside a command mean; null when they fit several, and the person was told so. */
export async function onlyCampaign(
  { deps, workspaceId, answer }: Entry,
  words: string,
): Promise<CampaignSummary | null> {
  const [found, ...others] = await findCampaigns(deps, { workspaceId, words });
  if (found && others.length === 0) return found;
  const numbers = [found, ...others].flatMap((campaign) => campaign?.id ?? []).join(', ');
  await answer.privately(
    sentenceMessage(
      `“${words}” fits several campaigns, so nothing was done. Say the number of one: ${numbers}.`,
    ),
  );
  return null;
}

/** A campaign by the number in a button or menu; never one of another workspace. */
export async function ownCampaign(
  entry: Pick<Entry, 'deps' | 'workspaceId'>,
  campaignId: number,
): Promise<CampaignDetail> {
  const campaign = await showCampaign(entry.deps, { campaignId });
  if (campaign.workspaceId === entry.workspaceId) return campaign;
  throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
}

/** Asks which of several is meant. */
export function picker(commandName: string, campaigns: CampaignSummary[]): Message {
  const shown = campaigns.slice(0, LIMITS.options);
  const options = shown.map(({ id, name, status }) =>
    option(name, String(id), `Campaign ${id}, ${STATUS_WORDS[status]}`),
  );
  const question = `*/campaign ${commandName}*: which campaign do you mean?`;
  return {
    text: fallback(
      question.replaceAll('*', ''),
      ...shown.slice(0, 10).map(({ id }) => `/campaign ${commandName} ${id}`),
    ),
    blocks: [
      section(question),
      actions([select(actionId('campaign.pick', commandName), 'Choose a campaign', options)]),
    ],
  };
}

/** The newest campaigns in the given statuses. */
export async function offeredCampaigns(
  entry: Pick<Entry, 'deps' | 'workspaceId'>,
  { offers }: Pick<CampaignCommand, 'offers'>,
): Promise<CampaignSummary[]> {
  const { deps, workspaceId } = entry;
  const lists = await Promise.all(
    offers.map((status) => listCampaigns(deps, { workspaceId, status, limit: LIMITS.options, offset: 0 })),
  );
  const all = lists.flatMap(({ campaigns }) => campaigns);
  return all.sort((one, other) => other.id - one.id).slice(0, LIMITS.options);
}

function nothingToPick({ name, offers }: Pick<CampaignCommand, 'name' | 'offers'>): Message {
  const states = offers.map((status) => STATUS_WORDS[status].replace(/^\S+ /, '').toLowerCase());
  return sentenceMessage(
    `/campaign ${name}: no campaign is ${states.join(' or ')}. Make one with /campaign new, or drop a file of contacts into a channel.`,
  );
}
