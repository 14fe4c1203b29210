import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { asNumber, asObjects, asText, wordsOf } from '#sandbox/page/json.ts';
import { readerTimeZone } from '#sandbox/page/session.ts';
import { TextView } from '#sandbox/page/text/text-view.tsx';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ariaOf, type Slot, useField } from './surface.ts';
import { secondsAtWallTime, wallTimeAt } from './zoned-time.ts';

export function DatePicker({ slot }: { slot: Slot }) {
  const field = useField(slot);
  return (
    <input
      {...ariaOf(slot)}
      class="input is-date"
      type="date"
      title={wordsOf(slot.element.placeholder) || undefined}
      value={asText(field.state.selected_date)}
      onChange={(event) => void field.change({ selected_date: event.currentTarget.value || null })}
    />
  );
}

export function TimePicker({ slot }: { slot: Slot }) {
  const field = useField(slot);
  const timeZone = asText(slot.element.timezone);
  return (
    <span class="with-hint">
      <input
        {...ariaOf(slot)}
        class="input is-date"
        type="time"
        title={wordsOf(slot.element.placeholder) || undefined}
        value={asText(field.state.selected_time)}
        onChange={(event) =>
          void field.change({ ...field.state, selected_time: event.currentTarget.value || null })
        }
      />
      {timeZone && <span class="hint">{timeZone.replaceAll('_', ' ')}</span>}
    </span>
  );
}

/** Shows and takes the reader's own wall time; the state holds the instant. */
export function DateTimePicker({ slot }: { slot: Slot }) {
  const field = useField(slot);
  const timeZone = readerTimeZone.value;
  const seconds = asNumber(field.state.selected_date_time);
  return (
    <span class="with-hint">
      <input
        {...ariaOf(slot)}
        class="input is-date"
        type="datetime-local"
        value={seconds === null ? '' : wallTimeAt(seconds, timeZone)}
        onChange={(event) =>
          void field.change({ selected_date_time: secondsAtWallTime(event.currentTarget.value, timeZone) })
        }
      />
      <span class="hint">{timeZone.replaceAll('_', ' ')}</span>
    </span>
  );
}

export function RadioButtons({ slot }: { slot: Slot }) {
  const field = useField(slot);
  const chosen = asObjects([field.state.selected_option ?? null])[0];
  return (
    <OptionSet
      slot={slot}
      type="radio"
      isChosen={(option) => option.value === chosen?.value}
      onToggle={(option) => void field.change({ selected_option: option })}
    />
  );
}

export function Checkboxes({ slot }: { slot: Slot }) {
  const field = useField(slot);
  const chosen = asObjects(field.state.selected_options);
  const isChosen = (option: JsonObject) => chosen.some((other) => other.value === option.value);
  return (
    <OptionSet
      slot={slot}
      type="checkbox"
      isChosen={isChosen}
      onToggle={(option) => {
        const kept = asObjects(slot.element.options).filter((candidate) =>
          candidate.value === option.value ? !isChosen(candidate) : isChosen(candidate),
        );
        void field.change({ selected_options: kept });
      }}
    />
  );
}

function OptionSet(props: {
  slot: Slot;
  type: 'radio' | 'checkbox';
  isChosen(option: JsonObject): boolean;
  onToggle(option: JsonObject): void;
}) {
  const name = useId();
  const { slot } = props;
  const clicks = useSignal(0);
  // A refused confirmation leaves the state as it was: drawing again after every click puts the box back.
  clicks.value;
  return (
    <fieldset class="options" aria-labelledby={slot.labelId} aria-describedby={slot.describedBy}>
      {asObjects(slot.element.options).map((option) => (
        <label class="option" key={asText(option.value)}>
          <input
            type={props.type}
            name={name}
            checked={props.isChosen(option)}
            onChange={() => {
              clicks.value += 1;
              props.onToggle(option);
            }}
          />
          <span>
            <TextView value={option.text} />
            {option.description && (
              <span class="option-detail">
                <TextView value={option.description} />
              </span>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
