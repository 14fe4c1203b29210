import type { z } from '@hono/zod-openapi';
import { actorOf } from '#http/api/api.ts';
import { checkChannel } from '#operations/check-channel.ts';
import type { ApiToken } from '#operations/check-token.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import type { Deps } from '#operations/deps.ts';
import { postCard } from '#operations/post-card.ts';
import { type CampaignRecord, showCampaignRecord } from '#operations/show-campaign-record.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { refuseWrong } from './everything-wrong.ts';
import { changesOf, fieldsOf } from './read-fields.ts';
import type { CampaignCreate, CampaignUpdate } from './schemas.ts';
import { whereSent } from './where-sent.ts';

type Request<Body> = { token: ApiToken; body: Body };

/** Makes the draft that a body describes; the same key makes one. */
export async function createFrom(
  deps: Deps,
  { token, body, creationKey }: Request<z.output<typeof CampaignCreate>> & { creationKey: string },
): Promise<CampaignRecord> {
  const { workspaceId } = token;
  const fields = fieldsOf(body);
  const channelId = body.channel_id ?? null;
  const { campaignId } = await whereSent(body, async () => {
    await refuseWrong(deps, body, { workspaceId, fields, campaign: null });
    if (channelId !== null) await checkChannel(deps, channelId);
    return createCampaign(deps, {
      ...fields,
      name: body.name,
      campaignType: body.campaign_type,
      channelId,
      workspaceId,
      actor: actorOf(token),
      creationKey,
    });
  });
  return showCampaignRecord(deps, { workspaceId, campaignId });
}

/** Changes what a body names and leaves the rest as it is. */
export async function updateFrom(
  deps: Deps,
  { token, body, campaignId }: Request<z.output<typeof CampaignUpdate>> & { campaignId: number },
): Promise<void> {
  const { workspaceId } = token;
  const record = await showCampaignRecord(deps, { workspaceId, campaignId });
  const changes = changesOf(body, record.campaign);
  await whereSent(body, async () => {
    await refuseWrong(deps, body, { workspaceId, fields: changes, campaign: record.campaign });
    const channelId = await newChannel(deps, body.channel_id, record);
    await updateCampaign(deps, { campaignId, actor: actorOf(token), changes });
    if (channelId) await postCard(deps, { campaignId, channelId, actor: actorOf(token) });
  });
}

/** Where its card is to go from now on; null where it stays. Throws `settings_invalid` for a channel that it cannot have. */
async function newChannel(
  deps: Deps,
  wanted: string | null | undefined,
  { campaign }: CampaignRecord,
): Promise<string | null> {
  if (wanted === undefined || wanted === campaign.channelId) return null;
  await checkChannel(deps, wanted);
  return wanted;
}
