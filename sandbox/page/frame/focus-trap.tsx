import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const focusable =
  'a[href], button:not(:disabled), input:not(:disabled):not([type=hidden]), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]';

/** Gives the focus back, when the component goes, to whatever had it when the component came. */
export function useFocusReturn() {
  const before = useRef(document.activeElement);
  useLayoutEffect(
    () => () => {
      const target = before.current;
      if (!(target instanceof HTMLElement) || !target.isConnected) return;
      target.focus();
      // What is still inert in this moment takes the focus one frame later.
      if (document.activeElement !== target)
        requestAnimationFrame(() => document.activeElement === document.body && target.focus());
    },
    [],
  );
}

/** A dialog that keeps the keyboard inside until it goes, also when what had the focus went with a change of its content. */
export function FocusTrap(props: {
  class: string;
  labelledBy: string;
  testId?: string;
  onEscape(): void;
  children: ComponentChildren;
}) {
  const box = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => firstTarget(box.current)?.focus(), []);
  useLayoutEffect(() => {
    if (document.activeElement === document.body) firstTarget(box.current)?.focus();
  });

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
