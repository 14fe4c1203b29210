import type { Signal } from '@preact/signals';
import { Icon } from '#sandbox/page/icons.tsx';

/** Where somebody writes as a contact; Enter sends, Shift and Enter begins a line. */
export function PhoneField(props: {
  words: Signal<string>;
  placeholder: string;
  label: string;
  sendLabel: string;
  testId: string;
  onSend(): Promise<void>;
}) {
  const { words, placeholder, label, sendLabel, testId, onSend } = props;
  return (
    <div class="phone-write">
      <textarea
        rows={1}
        placeholder={placeholder}
        aria-label={label}
        data-testid={testId}
        value={words.value}
        onInput={(event) => {
          words.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void onSend();
        }}
      />
      <button
        type="button"
        class="send"
        aria-label={sendLabel}
        disabled={words.value.trim() === ''}
        onClick={() => void onSend()}
      >
        <Icon name="send" />
      </button>
    </div>
  );
}
