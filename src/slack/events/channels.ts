import { disconnectWorkspace } from '#operations/disconnect-workspace.ts';
import { type ChannelLoss, loseChannel } from '#operations/lose-channel.ts';
import { regainChannel } from '#operations/regain-channel.ts';
import { renameChannel } from '#operations/rename-channel.ts';
import { actionId } from '#slack/action-ids.ts';
import { actions, button, fallback, section } from '#slack/blocks/kit.ts';
import type { SlackContext } from '#slack/context.ts';
import { failureCode } from '#slack/errors.ts';

export async function onChannelLost(
  slack: SlackContext,
  channelId: string,
  loss: ChannelLoss,
): Promise<void> {
  await loseChannel(slack.deps, { channelId, loss });
}

export async function onChannelRegained(slack: SlackContext, channelId: string): Promise<void> {
  await regainChannel(slack.deps, { channelId });
}

export async function onChannelRenamed(
  slack: SlackContext,
  oldChannelId: string,
  newChannelId: string,
): Promise<void> {
  await renameChannel(slack.deps, { oldChannelId, newChannelId });
}

/** Our token is dead, so nothing may be asked of Slack here. */
export async function onDisconnected(slack: SlackContext, slackTeamId: string): Promise<void> {
  slack.forgetHome();
  await disconnectWorkspace(slack.deps, { slackTeamId });
}

/** We were invited: our cards there come alive again, and one short hello. Others who join are left alone. */
export async function onJoined(slack: SlackContext, userId: string, channelId: string): Promise<void> {
  const { identity } = await slack.home();
  if (userId !== identity.botUserId) return;
  await regainChannel(slack.deps, { channelId });
  if ((await slack.deps.chat.channel(channelId)).isExtShared) return;
  const hello =
    'Hello. Drop a CSV file of contacts here and I offer to make a campaign of it; `/campaign help` lists what else I do.';
  const make = button({ label: 'New campaign', actionId: actionId('campaign.new') });
  try {
    await slack.clients.background.chat.postMessage({
      channel: channelId,
      text: fallback(hello.replaceAll('`', '')),
      blocks: [section(hello), actions([make])],
      unfurl_links: false,
    });
  } catch (error) {
    slack.deps.log.warn({ code: failureCode(error) }, 'the hello could not be posted');
  }
}
