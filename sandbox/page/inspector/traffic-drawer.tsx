import { computed, signal } from '@preact/signals';
import { DrawerFrame } from '#sandbox/page/frame/drawer.tsx';
import { Segments } from '#sandbox/page/frame/segments.tsx';
import { WindowList } from '#sandbox/page/frame/window-list.tsx';
import { Icon } from '#sandbox/page/icons.tsx';
import { tables } from '#sandbox/page/tables.ts';
import type { Traffic } from '#sandbox/page-protocol.ts';
import { TrafficDetail } from './traffic-detail.tsx';
import { TrafficRow } from './traffic-row.tsx';

type Side = 'all' | Traffic['side'];

const rowHeight = 34;
const sides: { value: Side; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'slack', label: 'Slack' },
  { value: 'carrier', label: 'Carrier' },
];

const query = signal('');
const side = signal<Side>('all');
const onlyProblems = signal(false);
const openId = signal<string | null>(null);

const found = computed(() => {
  const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
  return tables.traffic.rows.value
    .filter((row) => side.value === 'all' || row.side === side.value)
    .filter((row) => !onlyProblems.value || isProblem(row))
    .filter((row) => words.every((word) => searchText(row).includes(word)))
    .reverse();
});

export function TrafficDrawer() {
  const total = tables.traffic.rows.value.length;
  const open = tables.traffic.find(openId.value);
  return (
    <DrawerFrame
      name="traffic"
      title="Traffic"
      head={
        <span class="hint" data-testid="traffic-count">
          {found.value.length === total ? total : `${found.value.length} of ${total}`} exchanges
        </span>
      }
    >
      <TrafficFilter />
      <div class={open ? 'traffic-body has-open' : 'traffic-body'}>
        {found.value.length > 0 ? (
          <WindowList
            label="Exchanges, newest first"
            testId="traffic-list"
            items={found.value}
            rowHeight={rowHeight}
            growsOnTop
            keyOf={(row) => row.id}
            row={(row) => (
              <TrafficRow row={row} isOpen={row.id === openId.value} onOpen={() => (openId.value = row.id)} />
            )}
          />
        ) : (
          <p class="empty">{total === 0 ? 'Nothing has been sent yet.' : 'Nothing matches the filter.'}</p>
        )}
        {open && <TrafficDetail row={open} onClose={() => (openId.value = null)} />}
      </div>
    </DrawerFrame>
  );
}

function TrafficFilter() {
  return (
    <div class="traffic-filter">
      <label class="search">
        <Icon name="search" />
        <input
          type="search"
          placeholder="Filter by method, address, words in the body"
          aria-label="Filter the traffic"
          data-testid="traffic-filter"
          value={query.value}
          onInput={(event) => {
            query.value = event.currentTarget.value;
          }}
        />
      </label>
      <Segments
        label="Whose traffic"
        choices={sides}
        chosen={side.value}
        onChoose={(next) => (side.value = next)}
      />
      <label class="option">
        <input
          type="checkbox"
          checked={onlyProblems.value}
          onChange={(event) => {
            onlyProblems.value = event.currentTarget.checked;
          }}
        />
        <span>Only problems</span>
      </label>
    </div>
  );
}

function isProblem(row: Traffic): boolean {
  return row.status === null || row.status >= 400 || row.note !== '';
}

const searchTexts = new WeakMap<Traffic, string>();

function searchText(row: Traffic): string {
  let text = searchTexts.get(row);
  if (text === undefined) {
    text = [row.title, row.status ?? '', row.note, row.request, row.response].join('\n').toLowerCase();
    searchTexts.set(row, text);
  }
  return text;
}
