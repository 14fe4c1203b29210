import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const overscan = 8;

type WindowListProps<Item> = {
  items: Item[];
  rowHeight: number;
  label: string;
  keyOf(item: Item): string;
  row(item: Item): ComponentChildren;
  /** New rows come on top: a reader further down keeps the rows in view. */
  growsOnTop?: boolean;
  testId?: string;
};

/** A long list of rows of one height; only those in view are in the document. */
export function WindowList<Item>(props: WindowListProps<Item>) {
  const list = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(600);
  const { items, rowHeight } = props;
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) height.value = entry.contentRect.height;
    });
    if (list.current) observer.observe(list.current);
    return () => observer.disconnect();
  }, []);
  useKeptPlace(list, props);

  const first = Math.max(0, Math.floor(top.value / rowHeight) - overscan);
  const end = Math.min(items.length, Math.ceil((top.value + height.value) / rowHeight) + overscan);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the buttons inside
    <div
      ref={list}
      class="window-list"
      data-testid={props.testId}
      onScroll={(event) => {
        top.value = event.currentTarget.scrollTop;
      }}
      onKeyDown={moveBetweenRows}
    >
      <ul aria-label={props.label} style={{ height: `${items.length * rowHeight}px` }}>
        {items.slice(first, end).map((item, index) => (
          <li
            key={props.keyOf(item)}
            aria-setsize={items.length}
            aria-posinset={first + index + 1}
            style={{ top: `${(first + index) * rowHeight}px`, height: `${rowHeight}px` }}
          >
            {props.row(item)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function useKeptPlace<Item>(list: { current: HTMLDivElement | null }, props: WindowListProps<Item>) {
  const before = useRef<string | null>(null);
  const newest = props.items[0];
  const newestKey = newest ? props.keyOf(newest) : null;
  useLayoutEffect(() => {
    const oldKey = before.current;
    before.current = newestKey;
    if (!props.growsOnTop || !list.current || oldKey === null || oldKey === newestKey) return;
    if (list.current.scrollTop < props.rowHeight) return;
    const added = props.items.findIndex((item) => props.keyOf(item) === oldKey);
    if (added > 0) list.current.scrollTop += added * props.rowHeight;
  });
}

/** Arrows walk over the rows; the focus pulls further rows into view. */
function moveBetweenRows(event: KeyboardEvent) {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
  const step = steps[event.key];
  if (step === undefined) return;
  const rows = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('li > button')];
  const target = rows[rows.indexOf(document.activeElement as HTMLElement) + step];
  if (!target) return;
  event.preventDefault();
  target.focus();
}
