import type { OpenCompletion } from './use-completion.ts';

const titles = { command: 'Commands', person: 'People', channel: 'Channels' };

export function CompletionList({ id, completion }: { id: string; completion: OpenCompletion }) {
  const { open } = completion;
  if (!open) return null;
  return (
    <div class="completion" data-testid="completion">
      <div class="choices-label">{titles[open.kind]}</div>
      <div id={id} role="listbox" aria-label={titles[open.kind]}>
        {open.suggestions.map((suggestion, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the composer keeps the focus and names the active option
          // biome-ignore lint/a11y/useKeyWithClickEvents: the composer answers the keyboard
          <div
            key={suggestion.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === completion.activeIndex}
            class={index === completion.activeIndex ? 'choice is-active' : 'choice'}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => completion.choose(suggestion)}
          >
            <span class="choice-words">
              <span>{suggestion.label}</span>
              <span class="choice-detail">{suggestion.detail}</span>
            </span>
          </div>
        ))}
      </div>
      <div class="completion-foot" aria-hidden="true">
        <kbd>↑</kbd> <kbd>↓</kbd> to move · <kbd>Enter</kbd> or <kbd>Tab</kbd> to choose · <kbd>Esc</kbd> to
        hide
      </div>
    </div>
  );
}
