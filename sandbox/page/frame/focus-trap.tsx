import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

const focusable =
  'a[href], button:not(:disabled), input:not(:disabled):not([type=hidden]), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]';

/** A dialog that keeps the keyboard inside until it goes, and gives the focus back to where it was. */
export function FocusTrap(props: {
  class: string;
  labelledBy: string;
  testId?: string;
  onEscape(): void;
  children: ComponentChildren;
}) {
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const before = document.activeElement;
    firstTarget(box.current)?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  return (
    <div
      ref={box}
      class={props.class}
      role="dialog"
      aria-modal="true"
      aria-labelledby={props.labelledBy}
      data-testid={props.testId}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          props.onEscape();
        } else if (event.key === 'Tab') keepInside(event, box.current);
      }}
    >
      {props.children}
    </div>
  );
}

function firstTarget(box: HTMLElement | null): HTMLElement | null | undefined {
  return (
    box?.querySelector<HTMLElement>('[data-autofocus]') ??
    box?.querySelector<HTMLElement>('.modal-body :is(input, textarea, select, button):not(:disabled)') ??
    box
  );
}

function keepInside(event: KeyboardEvent, box: HTMLElement | null) {
  const all = [...(box?.querySelectorAll<HTMLElement>(focusable) ?? [])].filter((item) =>
    item.checkVisibility(),
  );
  const edge = event.shiftKey ? all[0] : all.at(-1);
  const isAtEdge = document.activeElement === edge || document.activeElement === box;
  if (!isAtEdge && box?.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0])?.focus();
}
