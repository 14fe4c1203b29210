import { botStatus } from '#sandbox/page/clock.ts';
import { connection } from '#sandbox/page/feed.ts';
import { Icon } from '#sandbox/page/icons.tsx';
import { FaultsDrawer } from '#sandbox/page/inspector/faults-drawer.tsx';
import { TrafficDrawer } from '#sandbox/page/inspector/traffic-drawer.tsx';
import { PhonesPanel } from '#sandbox/page/phones/phones-panel.tsx';
import { RingingPhones } from '#sandbox/page/phones/ring-buttons.tsx';
import { drawer, hasPhones, pane } from '#sandbox/page/session.ts';
import { Workspace } from '#sandbox/page/slack/workspace.tsx';
import { hasSnapshot } from '#sandbox/page/tables.ts';
import { Toasts } from '#sandbox/page/toasts.tsx';
import { PaneTabs } from './pane-tabs.tsx';
import { TopBar } from './top-bar.tsx';

export function App() {
  return (
    <div class={`app${hasPhones.value ? ' has-phones' : ''}`} data-pane={pane.value}>
      <TopBar />
      <ConnectionNote />
      <BotNote />
      <RingingPhones />
      <main class="panes">
        <Workspace />
        <PhonesPanel />
        {drawer.value === 'traffic' && <TrafficDrawer />}
        {drawer.value === 'faults' && <FaultsDrawer />}
      </main>
      <PaneTabs />
      <Toasts />
    </div>
  );
}

function BotNote() {
  const note = botStatus()?.note;
  return note ? (
    <p class="bot-note" role="status" data-testid="bot-note">
      <Icon name="info" /> {note}
    </p>
  ) : null;
}

function ConnectionNote() {
  if (connection.value === 'open') return null;
  const words = hasSnapshot.value
    ? 'Connection to the sandbox lost. Reconnecting… What you see may be old.'
    : 'Connecting to the sandbox…';
  return (
    <p class="connection-note" role="status" data-testid="reconnecting">
      <span class="spinner" /> {words}
    </p>
  );
}
