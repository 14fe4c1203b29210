import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

const nearPx = 48;

/**
 * Keeps a growing list at its end while the reader is there; elsewhere it stays put and counts what arrived below.
 * `newest.isMine` says that the reader has just added it.
 */
export function useStickToBottom(
  list: { current: HTMLElement | null },
  newest: { id: string; count: number; isMine: boolean },
) {
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
    const stay = () => {
      if (isAtBottom.current) box.scrollTop = box.scrollHeight;
    };
    const note = () => {
      isAtBottom.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearPx;
      if (isAtBottom.current) missed.value = 0;
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
