import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { type Choice, type ChoiceGroup, isSame, matching } from './choices.ts';

type ComboboxInput = {
  groups: ChoiceGroup[];
  selected: Choice[];
  isMulti: boolean;
  maxItems: number;
  onQuery?(query: string): void;
  onChange(selected: Choice[]): void;
};

/** Whether the list is open, what it holds and which choice is active, and what the keys do to that. */
export function useCombobox(props: ComboboxInput) {
  const query = useSignal<string | null>(null);
  const activeIndex = useSignal(0);
  const listId = useId();
  const isOpen = query.value !== null;
  const groups = props.onQuery ? props.groups : matching(props.groups, query.value ?? '');
  const choices = groups.flatMap((group) => group.choices);

  function search(words: string) {
    query.value = words;
    activeIndex.value = 0;
    props.onQuery?.(words);
  }

  function open() {
    if (isOpen) return;
    const at = choices.findIndex((choice) => props.selected.some((other) => isSame(choice, other)));
    search('');
    activeIndex.value = Math.max(0, at);
  }

  function close() {
    query.value = null;
  }

  function toggle(choice: Choice) {
    query.value = props.isMulti && isOpen ? '' : null;
    props.onChange(props.isMulti ? toggled(props.selected, choice, props.maxItems) : [choice]);
  }

  function move(step: number) {
    if (!isOpen) open();
    else if (choices.length > 0)
      activeIndex.value = (activeIndex.value + step + choices.length) % choices.length;
  }

  function onKeyDown(event: KeyboardEvent) {
    const box = { isOpen, isQueryEmpty: !query.value, open, close, move, toggle };
    const lastChip = props.isMulti ? props.selected.at(-1) : undefined;
    if (!handleKey(event.key, box, choices[activeIndex.value], lastChip)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  const activeId = isOpen && choices.length > 0 ? `${listId}-${activeIndex.value}` : undefined;
  const active = { activeIndex: activeIndex.value, activeId };
  return {
    isOpen,
    query: query.value ?? '',
    listId,
    groups,
    ...active,
    open,
    close,
    search,
    toggle,
    onKeyDown,
  };
}

function toggled(selected: Choice[], choice: Choice, maxItems: number): Choice[] {
  const others = selected.filter((other) => !isSame(choice, other));
  const isAdded = others.length === selected.length && selected.length < maxItems;
  return isAdded ? [...selected, choice] : others;
}

type Box = {
  isOpen: boolean;
  isQueryEmpty: boolean;
  open(): void;
  close(): void;
  move(step: number): void;
  toggle(choice: Choice): void;
};

/** True when the key was the list's; Escape is, only while the list is open. */
function handleKey(key: string, box: Box, active: Choice | undefined, lastChip: Choice | undefined): boolean {
  if (key === 'ArrowDown' || key === 'ArrowUp') box.move(key === 'ArrowDown' ? 1 : -1);
  else if (key === 'Enter' && !box.isOpen) box.open();
  else if (key === 'Enter' && active) box.toggle(active);
  else if (key === 'Escape' && box.isOpen) box.close();
  else if (key === 'Backspace' && box.isQueryEmpty && lastChip) box.toggle(lastChip);
  else return key === 'Enter';
  return true;
}
