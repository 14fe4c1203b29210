import type { Entry } from '#slack/context.ts';

/** Why a channel cannot hold a campaign's card, as a sentence; null when it can. Throws when Slack cannot be asked. */
export async function channelProblem(
  entry: Pick<Entry, 'deps'>,
  channelId: string | null,
): Promise<string | null> {
  if (!channelId) return 'Choose the channel for its card.';
  const channel = await entry.deps.chat.channel(channelId);
  if (channel.isArchived) return 'That channel is archived. Choose another one.';
  if (channel.isExtShared)
    return 'That channel is shared with another company, so campaigns are not run there. Choose another one.';
  if (!channel.isMember)
    return 'I am not in that channel. Invite me there with /invite, or choose another one.';
  return null;
}
