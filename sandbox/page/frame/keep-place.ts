import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

const nearPx = 48;

type List = { current: HTMLElement | null };
type Anchor = { row: HTMLElement; top: number };

/**
 * Keeps a growing list at its end while the reader is there. Elsewhere the row at the top of the view stays where it
 * is, whatever grows above it, and what arrives below is counted. Rows carry `data-row`. Browsers anchor by
 * themselves only sometimes, and Safari never.
 */
export function useKeptPlace(list: List, newest: { id: string; count: number; isMine: boolean }) {
  const isAtBottom = useRef(true);
  const missed = useSignal(0);
  const seen = useRef(newest);

  function toBottom() {
    isAtBottom.current = true;
    missed.value = 0;
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }

  useLayoutEffect(() => {
    const box = list.current;
    if (!box) return;
    let anchor: Anchor | null = null;
    const note = () => {
      isAtBottom.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearPx;
      if (isAtBottom.current) missed.value = 0;
      anchor = isAtBottom.current ? null : anchorOf(box);
    };
    const stay = () => {
      if (isAtBottom.current) box.scrollTop = box.scrollHeight;
      else if (anchor?.row.isConnected) box.scrollTop += anchor.row.offsetTop - anchor.top;
      anchor = isAtBottom.current ? null : anchorOf(box);
    };
    const observer = new ResizeObserver(stay);
    observer.observe(box);
    for (const child of box.children) observer.observe(child);
    box.addEventListener('scroll', note, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', note);
    };
  }, [list, missed]);

  useEffect(() => {
    const before = seen.current;
    seen.current = newest;
    if (newest.id === before.id) return;
    if (newest.isMine || isAtBottom.current) toBottom();
    else missed.value += Math.max(1, newest.count - before.count);
  });

  return { missed: missed.value, isAtBottom, toBottom };
}

/** The first row that begins in the view, else the one that fills it. */
function anchorOf(box: HTMLElement): Anchor | null {
  const bottom = box.scrollTop + box.clientHeight;
  let last: HTMLElement | null = null;
  for (const row of box.querySelectorAll<HTMLElement>('[data-row]')) {
    if (row.offsetTop > bottom) break;
    last = row;
    if (row.offsetTop >= box.scrollTop) break;
  }
  return last && { row: last, top: last.offsetTop };
}
