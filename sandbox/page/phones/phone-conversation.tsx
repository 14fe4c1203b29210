import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { useKeptPlace } from '#sandbox/page/frame/keep-place.ts';
import { Switch } from '#sandbox/page/frame/switch.tsx';
import { Icon } from '#sandbox/page/icons.tsx';
import { openPhone, readerTimeZone } from '#sandbox/page/session.ts';
import { tables } from '#sandbox/page/tables.ts';
import { dayKey, formatDayAndTime } from '#sandbox/page/text/dates.ts';
import { showError } from '#sandbox/page/toasts.tsx';
import { callVerb } from '#sandbox/page/verbs.ts';
import type { Phone, PhoneText } from '#sandbox/page-protocol.ts';
import { formatNumber, textsByNumber } from './phone-book.ts';
import { PhoneReply } from './phone-reply.tsx';
import { TextBubble } from './text-bubble.tsx';

const pageSize = 150;

export function PhoneConversation({ number }: { number: string }) {
  const phone = tables.phones.find(number);
  const texts = textsByNumber.value.get(number) ?? [];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leads back from anywhere inside
    <div
      class="phone-open"
      data-testid="phone-open"
      onKeyDown={(event) => {
        if (event.key === 'Escape') openPhone(null);
      }}
    >
      <PhoneHead number={number} phone={phone} />
      <Texts texts={texts} />
      <PhoneReply number={number} texts={texts} />
    </div>
  );
}

function PhoneHead({ number, phone }: { number: string; phone: Phone | undefined }) {
  const persona = tables.personas.find(phone?.persona ?? null);
  async function take(isTaken: boolean) {
    const answer = await callVerb('take-phone', { contactNumber: number, isTaken });
    if (!answer.ok) showError(answer.error);
  }
  return (
    <header class="phone-head">
      <div class="pane-head">
        <button
          type="button"
          class="quiet icon-only"
          aria-label="Back to all phones"
          data-testid="phone-back"
          onClick={() => openPhone(null)}
        >
          <Icon name="left" />
        </button>
        <h2>{formatNumber(number)}</h2>
        {phone?.isOptedOut && (
          <span class="badge is-danger">
            <Icon name="ban" /> opted out
          </span>
        )}
      </div>
      <div class="phone-who">
        <p>
          <strong>{phone?.personaLabel ?? 'Never texted by the bot'}</strong>
          {persona && <span class="hint"> {persona.description}</span>}
        </p>
        <Switch
          label="Take over this phone"
          testId="take-phone"
          isOn={phone?.isTaken ?? false}
          onSwitch={(isTaken) => void take(isTaken)}
        />
      </div>
    </header>
  );
}

function Texts({ texts }: { texts: PhoneText[] }) {
  const list = useRef<HTMLDivElement>(null);
  const shownCount = useSignal(pageSize);
  const timeZone = readerTimeZone.value;
  const newest = texts.at(-1);
  useKeptPlace(list, {
    id: newest?.id ?? '',
    count: texts.length,
    isMine: newest?.direction === 'from_contact',
  });
  const first = Math.max(0, texts.length - shownCount.value);
  const shown = texts.slice(first);
  return (
    <div
      ref={list}
      class="texts"
      role="log"
      aria-label="Texts"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <div class="texts-inner">
        {first > 0 && (
          <button type="button" class="link earlier" onClick={() => (shownCount.value += pageSize)}>
            Show earlier texts
          </button>
        )}
        {texts.length === 0 && <p class="empty">No texts yet.</p>}
        {shown.map((text, index) => {
          const before = shown[index - 1];
          const isNewDay = !before || dayKey(before.createdAt, timeZone) !== dayKey(text.createdAt, timeZone);
          return (
            <div key={text.id} class="text-row" data-row>
              {isNewDay && <div class="text-day">{formatDayAndTime(text.createdAt, timeZone)}</div>}
              <TextBubble text={text} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
