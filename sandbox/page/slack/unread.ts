import { computed, effect, signal } from '@preact/signals';
import { actingUserId, remembered } from '#sandbox/page/session.ts';
import { hasSnapshot, tables } from '#sandbox/page/tables.ts';
import { conversationOf } from './conversations.ts';

const readUpTo = remembered<Record<string, string>>('ringmaster.read', {});
/** What was there when the page opened counts as read. */
const openedAtTs = signal('');

effect(() => {
  if (!hasSnapshot.value || openedAtTs.peek() !== '') return;
  openedAtTs.value =
    tables.messages.rows
      .peek()
      .map((message) => message.ts)
      .sort()
      .at(-1) ?? '0';
});

export function unreadCount(channelId: string): number {
  const readTs = readUpTo.value[keyOf(channelId)] ?? openedAtTs.value;
  const me = actingUserId.value;
  return conversationOf(channelId).tops.filter((message) => message.ts > readTs && message.userId !== me)
    .length;
}

export function markRead(channelId: string) {
  const latest = conversationOf(channelId).tops.at(-1)?.ts;
  const key = keyOf(channelId);
  if (latest === undefined || latest <= (readUpTo.peek()[key] ?? '')) return;
  readUpTo.value = { ...readUpTo.peek(), [key]: latest };
}

export const totalUnread = computed(() =>
  tables.channels.rows.value.reduce((sum, channel) => sum + unreadCount(channel.id), 0),
);

function keyOf(channelId: string): string {
  return `${actingUserId.value}/${channelId}`;
}
