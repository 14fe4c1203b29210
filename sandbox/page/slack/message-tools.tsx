import { MenuButton } from '#sandbox/page/frame/menu-button.tsx';
import { Icon } from '#sandbox/page/icons.tsx';
import { openThread } from '#sandbox/page/session.ts';
import { showError, showNotice } from '#sandbox/page/toasts.tsx';
import { callVerb } from '#sandbox/page/verbs.ts';
import type { SlackMessage } from '#sandbox/page-protocol.ts';
import { messageShortcuts } from './shortcuts.tsx';

/** What a person may do with a message; seen while the pointer or the keyboard is on it. */
export function MessageTools({ message, isInThread }: { message: SlackMessage; isInThread: boolean }) {
  const { channelId, ts } = message;

  async function remove() {
    const answer = await callVerb('delete-message', { channelId, ts });
    if (!answer.ok) showError(answer.error);
  }

  async function copyJson() {
    const { text, blocks } = message;
    await navigator.clipboard.writeText(JSON.stringify({ text, blocks }, null, 2));
    showNotice('The message is on the clipboard as Block Kit JSON.');
  }

  return (
    <div class="message-tools">
      {!isInThread && (
        <button
          type="button"
          class="quiet icon-only"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick={() => openThread(message.threadTs ?? ts)}
        >
          <Icon name="thread" />
        </button>
      )}
      <MenuButton
        label="Message actions"
        items={[
          ...messageShortcuts(message),
          { label: 'Copy as JSON', icon: 'file', onSelect: () => void copyJson() },
          { label: 'Delete message', icon: 'trash', isDanger: true, onSelect: () => void remove() },
        ]}
      />
    </div>
  );
}
