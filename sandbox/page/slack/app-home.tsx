import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Blocks } from '#sandbox/page/blocks/block.tsx';
import { withIds } from '#sandbox/page/elements/fields.ts';
import { formOf } from '#sandbox/page/elements/form.ts';
import { type Surface, SurfaceContext } from '#sandbox/page/elements/surface.ts';
import { asObjects } from '#sandbox/page/json.ts';
import { actingUserId, visibleChannels } from '#sandbox/page/session.ts';
import { botUserId, hasSnapshot, tables } from '#sandbox/page/tables.ts';
import { showError } from '#sandbox/page/toasts.tsx';
import { callVerb } from '#sandbox/page/verbs.ts';
import type { SlackHome } from '#sandbox/page-protocol.ts';
import { Avatar } from './avatar.tsx';
import { ChannelMessages } from './channel-view.tsx';

type Tab = 'home' | 'messages';

export function AppHome() {
  const tab = useSignal<Tab>('home');
  const userId = actingUserId.value;
  const isReady = hasSnapshot.value && userId !== '';
  const bot = tables.users.find(botUserId.value);
  useEffect(() => {
    if (isReady) void openHomeOf(userId);
  }, [isReady, userId]);

  return (
    <section class="conversation" aria-label="App home" data-testid="home">
      <header class="pane-head">
        <Avatar userId={botUserId.value} size="small" />
        <h2>{bot?.realName ?? 'The bot'}</h2>
        <div class="tabs" role="tablist" aria-label="App home">
          <TabButton label="Home" isOpen={tab.value === 'home'} onOpen={() => (tab.value = 'home')} />
          <TabButton
            label="Messages"
            isOpen={tab.value === 'messages'}
            onOpen={() => (tab.value = 'messages')}
          />
        </div>
      </header>
      {tab.value === 'home' ? <HomeTab userId={userId} /> : <MessagesTab />}
    </section>
  );
}

async function openHomeOf(userId: string) {
  const answer = await callVerb('open-home', { userId });
  if (!answer.ok) showError(answer.error);
}

function TabButton({ label, isOpen, onOpen }: { label: string; isOpen: boolean; onOpen(): void }) {
  return (
    <button type="button" role="tab" class="tab" aria-selected={isOpen} onClick={onOpen}>
      {label}
    </button>
  );
}

function HomeTab({ userId }: { userId: string }) {
  const home = tables.homes.rows.value.find((candidate) => candidate.userId === userId);
  return (
    <div class="home" role="tabpanel">
      {home ? (
        <HomeView key={home.id} home={home} />
      ) : (
        <p class="empty">The bot has not published a home tab for this person yet.</p>
      )}
    </div>
  );
}

function HomeView({ home }: { home: SlackHome }) {
  const blocks = useMemo(() => withIds(asObjects(home.view.blocks)), [home.view]);
  const form = formOf(home.id, null);
  useEffect(() => form.keepOnly(blocks), [form, blocks]);
  const surface = useMemo<Surface>(() => {
    const at = { userId: home.userId, viewId: home.id };
    return {
      form,
      act: (action) => callVerb('act-in-view', { ...at, action, state: form.values(blocks) }),
      suggest: (blockId, actionId, value) =>
        callVerb('suggest-options', { ...at, channelId: null, ts: null, blockId, actionId, value }),
    };
  }, [form, blocks, home.id, home.userId]);
  return (
    <SurfaceContext.Provider value={surface}>
      <Blocks blocks={blocks} />
    </SurfaceContext.Provider>
  );
}

function MessagesTab() {
  const channel = visibleChannels.value.find(
    (candidate) => candidate.kind === 'im' && candidate.memberIds.includes(botUserId.value),
  );
  if (!channel) return <p class="empty">There is no direct conversation with the bot yet.</p>;
  return <ChannelMessages channel={channel} />;
}
