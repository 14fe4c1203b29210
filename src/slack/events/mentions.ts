import type { ChatPlace } from '#ports/chat.ts';
import { answerInThread } from '#slack/answer.ts';
import { runCommand } from '#slack/commands/index.ts';
import { demand, type Entry, enter, type SlackContext } from '#slack/context.ts';
import { explain, sentenceMessage } from '#slack/reply.ts';
import { offerMentioned } from './files.ts';

export type Mention = {
  userId: string;
  channelId: string;
  ts: string;
  threadTs: string | null;
  text: string;
  fileIds: string[];
};

/**
 * Words to us in a channel or thread, where commands cannot be used: a file is offered, words are obeyed like those after
 * `/campaign`; both by what the person may do.
 */
export async function onMention(slack: SlackContext, mention: Mention): Promise<void> {
  const { userId, channelId } = mention;
  const threadTs = mention.threadTs ?? mention.ts;
  const answer = answerInThread(slack.clients.background, { channelId, threadTs, userId }, slack.deps.log);
  const entry = await enter(slack, { userId, channelId, triggerId: null, answer });
  try {
    await obey(entry, mention, { channelId, threadTs });
  } catch (error) {
    await answer.privately(sentenceMessage(explain(error, slack.deps)));
  }
}

async function obey(entry: Entry, { fileIds, text }: Mention, place: ChatPlace): Promise<void> {
  if (fileIds.length === 0) return runCommand(entry, text.replaceAll(/<@[A-Z0-9]+(?:\|[^>]*)?>/g, ' '));
  // The offer names the drafts there are, for everybody in the channel to read.
  await demand(entry, 'edit');
  await offerMentioned(entry.slack, fileIds, place);
}
