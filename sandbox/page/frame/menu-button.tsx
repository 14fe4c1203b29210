import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { usePopup } from '#sandbox/page/elements/popup.ts';
import { Icon, type IconName } from '#sandbox/page/icons.tsx';

export type MenuItem = {
  label: string;
  detail?: string;
  icon?: IconName;
  isDanger?: boolean;
  onSelect(): void;
};

/** A button that opens a menu; arrows move in it, Escape and leaving it close it. */
export function MenuButton(props: {
  label: string;
  items: MenuItem[];
  isBusy?: boolean;
  icon?: IconName;
  testId?: string;
}) {
  const isOpen = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const menuId = useId();
  usePopup(button, popup, { isOpen: isOpen.value, isAsWide: false, align: 'end' });

  function close(returnsFocus: boolean) {
    isOpen.value = false;
    if (returnsFocus) button.current?.focus();
  }

  return (
    <span class="menu-anchor">
      <button
        ref={button}
        type="button"
        class="quiet icon-only"
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        aria-controls={menuId}
        aria-label={props.label}
        aria-busy={props.isBusy}
        title={props.label}
        data-testid={props.testId}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <Icon name={props.icon ?? 'more'} />
      </button>
      <div ref={popup} popover="manual" class="popup">
        {isOpen.value && <Menu id={menuId} label={props.label} items={props.items} onClose={close} />}
      </div>
    </span>
  );
}

function Menu(props: { id: string; label: string; items: MenuItem[]; onClose(returnsFocus: boolean): void }) {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => rows(menu.current)[0]?.focus(), []);

  return (
    <div
      ref={menu}
      id={props.id}
      class="menu"
      role="menu"
      tabIndex={-1}
      aria-label={props.label}
      onKeyDown={(event) => {
        if (!moveInMenu(event.key, rows(menu.current), props.onClose)) return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onFocusOut={(event) => {
        if (!menu.current?.contains(event.relatedTarget as Node | null)) props.onClose(false);
      }}
    >
      {props.items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          class={item.isDanger ? 'menu-item is-danger' : 'menu-item'}
          onClick={() => {
            props.onClose(true);
            item.onSelect();
          }}
        >
          {item.icon && <Icon name={item.icon} />}
          <span class="choice-words">
            <span>{item.label}</span>
            {item.detail && <span class="choice-detail">{item.detail}</span>}
          </span>
        </button>
      ))}
    </div>
  );
}

function moveInMenu(key: string, items: HTMLElement[], close: (returnsFocus: boolean) => void): boolean {
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next: Record<string, number> = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  if (key === 'Escape' || key === 'Tab') {
    close(true);
    return key === 'Escape';
  }
  const target = next[key];
  if (target === undefined) return false;
  items[target]?.focus();
  return true;
}

function rows(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
}
