import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '#sandbox/page/icons.tsx';
import { type Choice, type ChoiceGroup, isSame } from './choices.ts';

type ChoiceListProps = {
  id: string;
  groups: ChoiceGroup[];
  selected: Choice[];
  isMulti: boolean;
  activeIndex: number;
  status: string;
  onPick(choice: Choice): void;
};

export function ChoiceList(props: ChoiceListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('.is-active')?.scrollIntoView({ block: 'nearest' });
  }, [props.activeIndex]);
  let index = 0;
  const isEmpty = props.groups.every((group) => group.choices.length === 0);

  return (
    <div ref={list} id={props.id} class="choices" role="listbox" aria-multiselectable={props.isMulti}>
      {(props.status || isEmpty) && <p class="choices-status">{props.status || 'Nothing matches.'}</p>}
      {props.groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options inside a listbox
        <div key={group.label} role="group" aria-label={group.label || undefined}>
          {group.label && <div class="choices-label">{group.label}</div>}
          {group.choices.map((choice) => {
            const at = index++;
            return <ChoiceRow key={choice.key} choice={choice} at={at} list={props} />;
          })}
        </div>
      ))}
    </div>
  );
}

function ChoiceRow({ choice, at, list }: { choice: Choice; at: number; list: ChoiceListProps }) {
  const isSelected = list.selected.some((other) => isSame(choice, other));
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the combobox keeps the focus and names the active option
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox answers the keyboard
    <div
      id={`${list.id}-${at}`}
      role="option"
      aria-selected={isSelected}
      class={`choice${at === list.activeIndex ? ' is-active' : ''}${isSelected ? ' is-selected' : ''}`}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => list.onPick(choice)}
    >
      <span class="choice-words">
        <span>{choice.label}</span>
        {choice.detail && <span class="choice-detail">{choice.detail}</span>}
      </span>
      {isSelected && <Icon name="check" />}
    </div>
  );
}
