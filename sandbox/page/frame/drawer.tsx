import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '#sandbox/page/icons.tsx';
import { drawer } from '#sandbox/page/session.ts';

/** A panel over the page that does not stop the rest from being used. */
export function DrawerFrame(props: {
  name: 'traffic' | 'faults';
  title: string;
  head?: ComponentChildren;
  children: ComponentChildren;
}) {
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    frame.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const close = () => {
    drawer.value = null;
  };
  return (
    <aside
      ref={frame}
      class={`drawer is-${props.name}`}
      aria-label={props.title}
      tabIndex={-1}
      data-testid={props.name}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <header class="pane-head">
        <h2>{props.title}</h2>
        {props.head}
        <button
          type="button"
          class="quiet icon-only push-right"
          aria-label={`Close ${props.title.toLowerCase()}`}
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </header>
      {props.children}
    </aside>
  );
}
