import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { visibleChannels } from '#sandbox/page/session.ts';
import { slashCommands, tables } from '#sandbox/page/tables.ts';
import { completionAt, type Suggestion } from './completion.ts';

export type OpenCompletion = {
  open: ReturnType<typeof completionAt>;
  activeIndex: number;
  choose(suggestion: Suggestion): void;
};

/** Suggestions for what stands before the caret; arrows move, Enter and Tab choose, Escape hides them. */
export function useCompletion(
  text: string,
  textarea: { current: HTMLTextAreaElement | null },
  setText: (text: string) => void,
) {
  const caret = useSignal(0);
  const activeIndex = useSignal(0);
  const hiddenFor = useSignal<string | null>('');
  const nextCaret = useRef<number | null>(null);
  const known = {
    commands: slashCommands.value,
    users: tables.users.rows.value,
    channels: visibleChannels.value,
  };
  const found = text === '' || hiddenFor.value === text ? null : completionAt(text, caret.value, known);
  const index = Math.min(activeIndex.value, (found?.suggestions.length ?? 1) - 1);

  useLayoutEffect(() => {
    const box = textarea.current;
    if (!box || nextCaret.current === null) return;
    box.setSelectionRange(nextCaret.current, nextCaret.current);
    caret.value = nextCaret.current;
    nextCaret.current = null;
  });

  function choose(suggestion: Suggestion) {
    if (!found) return;
    const before = text.slice(0, found.start) + suggestion.insert;
    nextCaret.current = before.length;
    setText(before + text.slice(caret.value).trimStart());
    textarea.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): boolean {
    if (!found || event.isComposing) return false;
    const count = found.suggestions.length;
    const suggestion = found.suggestions[index];
    // A command typed out to its end is sent by Enter, not completed once more.
    const isTypedOut = suggestion?.insert.trim() === text.trim();
    const chooses = event.key === 'Tab' || (event.key === 'Enter' && !isTypedOut);
    if (event.key === 'ArrowDown') activeIndex.value = (index + 1) % count;
    else if (event.key === 'ArrowUp') activeIndex.value = (index - 1 + count) % count;
    else if (event.key === 'Escape') hiddenFor.value = text;
    else if (chooses && !event.shiftKey && suggestion) choose(suggestion);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  return {
    open: found,
    activeIndex: index,
    choose,
    onKeyDown,
    close: () => {
      hiddenFor.value = text;
    },
    noteCaret: () => {
      const at = textarea.current?.selectionStart ?? 0;
      if (at !== caret.value) activeIndex.value = 0;
      caret.value = at;
    },
  };
}
