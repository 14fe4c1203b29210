import { computed } from '@preact/signals';
import { actingUserId } from '#sandbox/page/session.ts';
import { tables } from '#sandbox/page/tables.ts';
import type { SlackMessage } from '#sandbox/page-protocol.ts';

export type Conversation = { tops: SlackMessage[]; replies: Map<string, SlackMessage[]> };

const nothing: Conversation = { tops: [], replies: new Map() };

/** Every channel's messages as the acting person sees them, oldest first, replies under their thread. */
const conversations = computed(() => {
  const me = actingUserId.value;
  const byChannel = new Map<string, Conversation>();
  for (const message of [...tables.messages.rows.value].sort(byTime)) {
    if (message.ephemeralFor !== null && message.ephemeralFor !== me) continue;
    let conversation = byChannel.get(message.channelId);
    if (!conversation) {
      conversation = { tops: [], replies: new Map() };
      byChannel.set(message.channelId, conversation);
    }
    if (!isReply(message) || message.isBroadcast) conversation.tops.push(message);
    if (isReply(message)) addReply(conversation, message);
  }
  return byChannel;
});

function addReply({ replies }: Conversation, reply: SlackMessage) {
  const threadTs = reply.threadTs ?? '';
  const known = replies.get(threadTs);
  if (known) known.push(reply);
  else replies.set(threadTs, [reply]);
}

export function conversationOf(channelId: string): Conversation {
  return conversations.value.get(channelId) ?? nothing;
}

export function isReply(message: SlackMessage): boolean {
  return message.threadTs !== null && message.threadTs !== message.ts;
}

export function sentAtMs(message: SlackMessage): number {
  return Number(message.ts) * 1000;
}

function byTime(one: SlackMessage, other: SlackMessage): number {
  if (one.ts === other.ts) return 0;
  return one.ts < other.ts ? -1 : 1;
}
