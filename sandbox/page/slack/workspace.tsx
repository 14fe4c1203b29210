import { ConfirmDialog, isConfirming } from '#sandbox/page/frame/confirm.tsx';
import { openThreadTs, place } from '#sandbox/page/session.ts';
import { hasSnapshot, tables } from '#sandbox/page/tables.ts';
import { AppHome } from './app-home.tsx';
import { ChannelList } from './channel-list.tsx';
import { ChannelView } from './channel-view.tsx';
import { ModalStack, openViews } from './modal-stack.tsx';
import { ThreadPane } from './thread-pane.tsx';
import { UserSwitcher } from './user-switcher.tsx';

/** Slack's half of the page. A modal covers only this half: the bot may be killed while one is open. */
export function Workspace() {
  const hasModal = openViews.value.length > 0;
  const isCovered = hasModal || isConfirming.value;
  const current = place.value;
  const channel = current?.kind === 'channel' ? tables.channels.find(current.channelId) : undefined;
  const threadTs = openThreadTs.value;

  return (
    <section class="workspace" aria-label="Slack workspace" data-testid="workspace">
      <div class={`workspace-panes${channel && threadTs ? ' has-thread' : ''}`} inert={isCovered}>
        <div class="sidebar">
          <UserSwitcher />
          <ChannelList />
        </div>
        {current?.kind === 'home' && <AppHome />}
        {channel && <ChannelView channel={channel} />}
        {!current && hasSnapshot.value && <p class="conversation empty">This person is in no channel.</p>}
        {channel && threadTs && <ThreadPane key={threadTs} channel={channel} ts={threadTs} />}
      </div>
      <div inert={isConfirming.value}>
        <ModalStack />
      </div>
      <ConfirmDialog />
    </section>
  );
}
