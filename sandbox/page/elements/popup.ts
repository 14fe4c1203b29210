import { useLayoutEffect } from 'preact/hooks';

const gapPx = 4;
const edgePx = 8;

/** Shows `popup` in the top layer beside `anchor` while it is open, and keeps it there when things scroll. */
export function usePopup(
  anchor: { current: HTMLElement | null },
  popup: { current: HTMLElement | null },
  options: { isOpen: boolean; isAsWide: boolean; align: 'start' | 'end' },
) {
  const { isOpen, isAsWide, align } = options;
  useLayoutEffect(() => {
    const box = popup.current;
    if (!isOpen || !box || !anchor.current) return;
    box.showPopover();
    const place = () => anchor.current && placeBeside(anchor.current, box, isAsWide, align);
    place();
    const observer = new ResizeObserver(place);
    observer.observe(box);
    window.addEventListener('scroll', place, true);
    window.addEventListener('resize', place);
    return () => {
      observer.disconnect();
      window.removeEventListener('scroll', place, true);
      window.removeEventListener('resize', place);
      if (box.isConnected && box.matches(':popover-open')) box.hidePopover();
    };
  }, [isOpen, isAsWide, align, anchor, popup]);
}

function placeBeside(anchor: HTMLElement, popup: HTMLElement, isAsWide: boolean, align: 'start' | 'end') {
  const at = anchor.getBoundingClientRect();
  if (isAsWide) popup.style.minWidth = `${at.width}px`;
  const width = popup.offsetWidth;
  const height = popup.offsetHeight;
  const wantedLeft = align === 'start' ? at.left : at.right - width;
  const isBelow = at.bottom + gapPx + height <= innerHeight - edgePx || at.top < innerHeight - at.bottom;
  const top = isBelow ? at.bottom + gapPx : at.top - gapPx - height;
  popup.style.left = `${Math.max(edgePx, Math.min(wantedLeft, innerWidth - width - edgePx))}px`;
  popup.style.top = `${Math.max(edgePx, top)}px`;
}
