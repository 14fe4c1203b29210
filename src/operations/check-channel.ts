import { Refusal } from '#domain/refusal.ts';
import { ChatUnavailable } from '#ports/chat.ts';
import type { Deps } from './deps.ts';

/** What is wrong with a channel for a campaign's card, as a sentence, or null. Throws `ChatUnavailable`. */
export async function channelProblem(
  { chat }: Pick<Deps, 'chat'>,
  channelId: string,
): Promise<string | null> {
  const channel = await chat.channel(channelId);
  if (channel.isArchived) return 'That channel is archived. Choose another one.';
  if (channel.isExtShared)
    return 'That channel is shared with another company, so campaigns are not run there. Choose another one.';
  if (!channel.isMember)
    return 'I am not in that channel. Invite me there with /invite, or choose another one.';
  return null;
}

/**
 * Whether a campaign may have its card in a channel; null takes the card from one, which nothing does. Throws
 * `settings_invalid`, and `chat_unreachable` when nobody can say.
 */
export async function checkChannel(deps: Pick<Deps, 'chat'>, channelId: string | null): Promise<void> {
  try {
    const sentence = channelId === null ? NO_CHANNEL : await channelProblem(deps, channelId);
    if (sentence) throw new Refusal('settings_invalid', { problems: [{ field: 'channel_id', sentence }] });
  } catch (cause) {
    if (cause instanceof ChatUnavailable) throw new Refusal('chat_unreachable', {});
    throw cause;
  }
}

const NO_CHANNEL =
  'A campaign that has a channel keeps one: its history is there. Name the channel it is to move to.';
