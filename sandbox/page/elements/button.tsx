import { MenuButton } from '#sandbox/page/frame/menu-button.tsx';
import { Icon, type IconName } from '#sandbox/page/icons.tsx';
import { asObject, asText, asTexts, wordsOf } from '#sandbox/page/json.ts';
import { actingUserId } from '#sandbox/page/session.ts';
import { safeHref } from '#sandbox/page/text/formatted.ts';
import { TextView } from '#sandbox/page/text/text-view.tsx';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { type Slot, useAct } from './surface.ts';

export function ButtonElement({ slot }: { slot: Slot }) {
  const { element } = slot;
  const { act, isBusy } = useAct(slot);
  const style = asText(element.style);
  const href = safeHref(asText(element.url));

  return (
    <button
      type="button"
      class={`button${style ? ` is-${style}` : ''}`}
      aria-label={asText(element.accessibility_label) || undefined}
      aria-busy={isBusy}
      title={href ?? undefined}
      onClick={() => {
        if (isBusy) return;
        void act(
          { text: element.text ?? null, ...(element.value === undefined ? {} : { value: element.value }) },
          () => href && window.open(href, '_blank', 'noopener,noreferrer'),
        );
      }}
    >
      <span class="button-words">
        <TextView value={element.text} />
      </span>
      {href && <Icon name="external" />}
      {isBusy && <span class="spinner" />}
    </button>
  );
}

export function OverflowMenu({ slot }: { slot: Slot }) {
  const { act, isBusy } = useAct(slot);
  const options = Array.isArray(slot.element.options) ? slot.element.options : [];
  return (
    <MenuButton
      label="More actions"
      isBusy={isBusy}
      items={options.flatMap((item) => {
        const option = asObject(item);
        if (!option) return [];
        const href = safeHref(asText(option.url));
        return {
          label: wordsOf(option.text),
          detail: wordsOf(option.description),
          onSelect: () =>
            void act({ selected_option: option }, () => href && window.open(href, '_blank', 'noopener')),
        };
      })}
    />
  );
}

export function FeedbackButtons({ slot }: { slot: Slot }) {
  return (
    <span class="feedback">
      <FeedbackButton slot={slot} button={asObject(slot.element.positive_button)} icon="like" />
      <FeedbackButton slot={slot} button={asObject(slot.element.negative_button)} icon="dislike" />
    </span>
  );
}

function FeedbackButton(props: { slot: Slot; button: JsonObject | null; icon: IconName }) {
  const { act, isBusy } = useAct(props.slot);
  const { button } = props;
  if (!button) return null;
  return (
    <button
      type="button"
      class="button is-slim"
      aria-busy={isBusy}
      aria-label={asText(button.accessibility_label) || undefined}
      onClick={() => void act({ text: button.text ?? null, value: button.value ?? null })}
    >
      <Icon name={props.icon} />
      <TextView value={button.text} />
    </button>
  );
}

const iconButtonIcons: Record<string, IconName> = { trash: 'trash' };

export function IconButton({ slot }: { slot: Slot }) {
  const { element } = slot;
  const { act, isBusy } = useAct(slot);
  const audience = asTexts(element.visible_to_user_ids);
  if (audience.length > 0 && !audience.includes(actingUserId.value)) return null;
  const words = wordsOf(element.text);
  return (
    <button
      type="button"
      class="button is-slim"
      aria-busy={isBusy}
      aria-label={asText(element.accessibility_label) || words}
      title={words}
      onClick={() => void act({ text: element.text ?? null, value: element.value ?? null })}
    >
      <Icon name={iconButtonIcons[asText(element.icon)] ?? 'more'} />
    </button>
  );
}
