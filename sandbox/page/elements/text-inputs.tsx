import type { TargetedEvent, TargetedKeyboardEvent } from 'preact';
import { useRef } from 'preact/hooks';
import { asNumber, asObject, asObjects, asText, asTexts, wordsOf } from '#sandbox/page/json.ts';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ariaOf, type Slot, useField } from './surface.ts';

const tellDelayMs = 300;

export function PlainTextInput({ slot }: { slot: Slot }) {
  const { element } = slot;
  const input = useTextInput(slot);
  const max = asNumber(element.max_length);
  const length = asText(input.props.value).length;
  return (
    <div class="text-field">
      {element.multiline === true ? (
        <textarea {...input.props} class="input" rows={4} maxLength={max ?? 3000} onKeyDown={undefined} />
      ) : (
        <input {...input.props} class="input" type="text" maxLength={max ?? 3000} />
      )}
      {max !== null && length > max * 0.8 && (
        <span class="text-count" aria-live="polite">
          {max - length} left
        </span>
      )}
    </div>
  );
}

const inputModes = { number_input: 'decimal', email_text_input: 'email', url_text_input: 'url' } as const;

/** Checked by us on submit, not by the browser, so that the words are Slack's. */
export function ShortInput({ slot }: { slot: Slot }) {
  const input = useTextInput(slot);
  const type = asText(slot.element.type) as keyof typeof inputModes;
  return <input {...input.props} class="input" type="text" inputMode={inputModes[type]} />;
}

export function RichTextInput({ slot }: { slot: Slot }) {
  const field = useField(slot);
  const { element } = slot;
  return (
    <textarea
      {...ariaOf(slot)}
      class="input"
      rows={Math.max(3, asNumber(element.min_lines) ?? 3)}
      placeholder={wordsOf(element.placeholder)}
      value={textOfRichText(asObject(field.state.rich_text_value))}
      onInput={(event) => field.setQuietly({ rich_text_value: richTextOf(event.currentTarget.value) })}
    />
  );
}

function useTextInput(slot: Slot) {
  const { element } = slot;
  const field = useField(slot);
  const timer = useRef(0);
  const triggers = asTexts(asObject(element.dispatch_action_config)?.trigger_actions_on);
  const tellsOnEnter = slot.dispatches && (triggers.length === 0 || triggers.includes('on_enter_pressed'));
  const tellsWhileTyping = slot.dispatches && triggers.includes('on_character_entered');

  const props = {
    ...ariaOf(slot),
    'data-autofocus': element.focus_on_load === true || undefined,
    placeholder: wordsOf(element.placeholder),
    value: asText(field.state.value),
    autocomplete: 'off' as const,
    onInput: (event: TargetedEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      field.setQuietly({ value: event.currentTarget.value || null });
      if (!tellsWhileTyping) return;
      clearTimeout(timer.current);
      timer.current = window.setTimeout(() => void field.tell(), tellDelayMs);
    },
    onKeyDown: (event: TargetedKeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      if (event.key !== 'Enter' || event.isComposing || !tellsOnEnter) return;
      event.preventDefault();
      void field.tell();
    },
  };
  return { props };
}

function richTextOf(text: string): JsonObject | null {
  if (text === '') return null;
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
  };
}

function textOfRichText(value: JsonObject | null): string {
  return asObjects(value?.elements)
    .flatMap((part) => asObjects(part.elements))
    .map((leaf) => asText(leaf.text))
    .join('');
}
