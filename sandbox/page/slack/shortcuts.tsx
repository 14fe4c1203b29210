import { MenuButton, type MenuItem } from '#sandbox/page/frame/menu-button.tsx';
import { actingUserId } from '#sandbox/page/session.ts';
import { shortcuts } from '#sandbox/page/tables.ts';
import { showError } from '#sandbox/page/toasts.tsx';
import { type Answer, callVerb } from '#sandbox/page/verbs.ts';
import type { SlackMessage } from '#sandbox/page-protocol.ts';

/** What the app offers everywhere, beside the composer. */
export function ShortcutMenu() {
  const offered = shortcuts.value.filter((shortcut) => shortcut.type === 'global');
  if (offered.length === 0) return null;
  return (
    <MenuButton
      label="Shortcuts"
      icon="bolt"
      testId="shortcuts"
      items={offered.map(({ callbackId, name, description }) => ({
        label: name,
        detail: description,
        onSelect: () => void report(callVerb('run-shortcut', { userId: actingUserId.value, callbackId })),
      }))}
    />
  );
}

/** What the app offers on one message. */
export function messageShortcuts({ channelId, ts }: SlackMessage): MenuItem[] {
  return shortcuts.value
    .filter((shortcut) => shortcut.type === 'message')
    .map(({ callbackId, name, description }) => ({
      label: name,
      detail: description,
      icon: 'bolt' as const,
      onSelect: () => {
        const at = { userId: actingUserId.value, channelId, ts };
        void report(callVerb('run-message-shortcut', { ...at, callbackId }));
      },
    }));
}

async function report(called: Promise<Answer>) {
  const answer = await called;
  if (!answer.ok) showError(answer.error);
}
