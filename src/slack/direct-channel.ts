import { ChatUnavailable } from '#ports/chat.ts';
import type { Entry } from './context.ts';
import { failureCode } from './errors.ts';

/** The conversation of a person with us alone. Throws `ChatUnavailable`. */
export async function directChannel({ slack, userId }: Pick<Entry, 'slack' | 'userId'>): Promise<string> {
  try {
    const { channel } = await slack.clients.background.conversations.open({ users: userId });
    if (channel?.id) return channel.id;
  } catch (error) {
    throw new ChatUnavailable(`no direct message could be opened (${failureCode(error)})`, { cause: error });
  }
  throw new ChatUnavailable('Slack’s answer holds no channel.');
}
