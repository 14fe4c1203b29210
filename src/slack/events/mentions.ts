import { type Answer, answerInThread } from '#slack/answer.ts';
import { runCommand } from '#slack/commands/index.ts';
import { enter, type SlackContext } from '#slack/context.ts';
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
 * `/campaign`.
 */
export async function onMention(slack: SlackContext, mention: Mention): Promise<void> {
  const { userId, channelId, fileIds } = mention;
  const threadTs = mention.threadTs ?? mention.ts;
  if (fileIds.length > 0) return offerMentioned(slack, fileIds, { channelId, threadTs });
  const answer = answerInThread(slack.clients.background, { channelId, threadTs, userId }, slack.deps.log);
  await obey(slack, mention, answer);
}

async function obey(
  slack: SlackContext,
  { userId, channelId, text }: Mention,
  answer: Answer,
): Promise<void> {
  const entry = await enter(slack, { userId, channelId, triggerId: null, answer });
  try {
    await runCommand(entry, text.replaceAll(/<@[A-Z0-9]+(?:\|[^>]*)?>/g, ' '));
  } catch (error) {
    await answer.privately(sentenceMessage(explain(error, slack.deps)));
  }
}
