import { Icon, type IconName } from '#sandbox/page/icons.tsx';
import { openThreadTs, type Pane, pane } from '#sandbox/page/session.ts';
import { totalUnread } from '#sandbox/page/slack/unread.ts';

type PaneTab = { pane: Pane; label: string; icon: IconName };

const tabs: PaneTab[] = [
  { pane: 'channels', label: 'Channels', icon: 'hash' },
  { pane: 'conversation', label: 'Messages', icon: 'chat' },
  { pane: 'thread', label: 'Thread', icon: 'thread' },
  { pane: 'phones', label: 'Phones', icon: 'phone' },
];

/** On a narrow screen the panes are tabs; wide screens show them all and hide this. */
export function PaneTabs() {
  const shown = tabs.filter((tab) => tab.pane !== 'thread' || openThreadTs.value !== null);
  return (
    <nav class="pane-tabs" aria-label="Panes">
      {shown.map((tab) => (
        <button
          key={tab.pane}
          type="button"
          aria-current={pane.value === tab.pane ? 'page' : undefined}
          data-testid={`pane-${tab.pane}`}
          onClick={() => {
            pane.value = tab.pane;
          }}
        >
          <Icon name={tab.icon} />
          <span>{tab.label}</span>
          {tab.pane === 'channels' && totalUnread.value > 0 && (
            <span class="unread-dot" title="Unread messages" />
          )}
        </button>
      ))}
    </nav>
  );
}
