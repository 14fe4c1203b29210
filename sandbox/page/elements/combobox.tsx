import { useRef } from 'preact/hooks';
import { Icon } from '#sandbox/page/icons.tsx';
import type { Json } from '#sandbox/page-protocol.ts';
import { ChoiceList } from './choice-list.tsx';
import type { Choice, ChoiceGroup } from './choices.ts';
import { usePopup } from './popup.ts';
import { useCombobox } from './use-combobox.ts';

export type ComboboxProps = {
  groups: ChoiceGroup[];
  selected: Choice[];
  isMulti: boolean;
  isClearable: boolean;
  placeholder: string;
  maxItems: number;
  /** Said in the list instead of, or above, the choices: loading, too short a query, an error. */
  status: string;
  isBusy: boolean;
  aria: Record<string, Json | undefined>;
  hasAutofocus: boolean;
  /** With it, the choices come from elsewhere and are not narrowed here. */
  onQuery?(query: string): void;
  onChange(selected: Choice[]): void;
};

/** One choice or several from a list that typing narrows; ARIA's combobox with a listbox popup. */
export function Combobox(props: ComboboxProps) {
  const anchor = useRef<HTMLDivElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const box = useCombobox(props);
  usePopup(anchor, popup, { isOpen: box.isOpen, isAsWide: true, align: 'start' });
  const single = props.isMulti ? undefined : props.selected[0];

  return (
    <div class={`combobox${props.isMulti ? ' is-multi' : ''}`} ref={anchor} aria-busy={props.isBusy}>
      {props.isMulti && <Chips selected={props.selected} onRemove={box.toggle} />}
      <input
        class="combobox-input"
        type="text"
        role="combobox"
        autocomplete="off"
        aria-autocomplete="list"
        aria-expanded={box.isOpen}
        aria-controls={box.listId}
        aria-activedescendant={box.activeId}
        {...props.aria}
        data-autofocus={props.hasAutofocus || undefined}
        placeholder={single?.label ?? (props.selected.length > 0 ? '' : props.placeholder)}
        value={box.isOpen ? box.query : (single?.label ?? '')}
        onInput={(event) => box.search(event.currentTarget.value)}
        onClick={box.open}
        onBlur={box.close}
        onKeyDown={box.onKeyDown}
      />
      {single && props.isClearable && !box.isOpen ? (
        <button
          type="button"
          class="quiet icon-only"
          aria-label="Clear the choice"
          onClick={() => props.onChange([])}
        >
          <Icon name="close" />
        </button>
      ) : (
        <Icon name="down" />
      )}
      <div ref={popup} popover="manual" class="popup">
        {box.isOpen && (
          <ChoiceList
            id={box.listId}
            groups={box.groups}
            selected={props.selected}
            isMulti={props.isMulti}
            activeIndex={box.activeIndex}
            status={props.status}
            onPick={box.toggle}
          />
        )}
      </div>
    </div>
  );
}

function Chips({ selected, onRemove }: { selected: Choice[]; onRemove(choice: Choice): void }) {
  return (
    <>
      {selected.map((choice) => (
        <span class="chip" key={choice.key}>
          {choice.label}
          <button
            type="button"
            class="quiet icon-only"
            aria-label={`Remove ${choice.label}`}
            onClick={() => onRemove(choice)}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
    </>
  );
}
