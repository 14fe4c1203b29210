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
import type { Phone, PhoneCall, PhoneText } from '#sandbox/page-protocol.ts';
import { callsByNumber, isOpenCall, openCallOf } from './call-book.ts';
import { CallCard } from './call-card.tsx';
import { CallPanel } from './call-panel.tsx';
import { formatNumber, textsByNumber } from './phone-book.ts';
import { PhoneReply } from './phone-reply.tsx';
import { TextBubble } from './text-bubble.tsx';

const pageSize = 150;

export function PhoneConversation({ number }: { number: string }) {
  const phone = tables.phones.find(number);
  const texts = textsByNumber.value.get(number) ?? [];
  const call = openCallOf(number);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leads back from anywhere inside
    <div
      class="phone-open"
      data-testid="phone-open"
      onKeyDown={(event) => {
        if (event.key === 'Escape') openPhone(null);
      }}
    >
      <PhoneHead number={number} phone={phone} isOnCall={call !== undefined} />
      <Story
        texts={texts}
        calls={(callsByNumber.value.get(number) ?? []).filter((one) => !isOpenCall(one))}
      />
      {call && <CallPanel key={call.id} call={call} />}
      <PhoneReply number={number} texts={texts} />
    </div>
  );
}

function PhoneHead(props: { number: string; phone: Phone | undefined; isOnCall: boolean }) {
  const { number, phone, isOnCall } = props;
  const persona = tables.personas.find(phone?.persona ?? null);
  async function take(isTaken: boolean) {
    const answer = await callVerb('take-phone', { contactNumber: number, isTaken });
    if (!answer.ok) showError(answer.error);
  }
  async function ring() {
    const answer = await callVerb('call-from-phone', { contactNumber: number, botNumber: null });
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
        <button
          type="button"
          class="button is-slim call-bot"
          disabled={isOnCall}
          data-testid="call-bot"
          onClick={() => void ring()}
        >
          <Icon name="call" /> Call the bot
        </button>
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

type Item = { id: string; createdAt: number; text?: PhoneText; call?: PhoneCall; isMine: boolean };

/** Texts and calls of a phone in the order in which they began. */
function itemsOf(texts: PhoneText[], calls: PhoneCall[]): Item[] {
  return [
    ...texts.map((text) => ({
      id: text.id,
      createdAt: text.createdAt,
      text,
      isMine: text.direction === 'from_contact',
    })),
    ...calls.map((call) => ({ id: call.id, createdAt: call.createdAt, call, isMine: false })),
  ].sort((one, other) => one.createdAt - other.createdAt);
}

function Story({ texts, calls }: { texts: PhoneText[]; calls: PhoneCall[] }) {
  const list = useRef<HTMLDivElement>(null);
  const shownCount = useSignal(pageSize);
  const timeZone = readerTimeZone.value;
  const items = itemsOf(texts, calls);
  const newest = items.at(-1);
  useKeptPlace(list, { id: newest?.id ?? '', count: items.length, isMine: newest?.isMine ?? false });
  const first = Math.max(0, items.length - shownCount.value);
  const shown = items.slice(first);
  return (
    <div
      ref={list}
      class="texts"
      role="log"
      aria-label="Texts and calls"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <div class="texts-inner">
        {first > 0 && (
          <button type="button" class="link earlier" onClick={() => (shownCount.value += pageSize)}>
            Show earlier ones
          </button>
        )}
        {items.length === 0 && <p class="empty">No texts or calls yet.</p>}
        {shown.map(({ id, createdAt, text, call }, index) => {
          const before = shown[index - 1];
          const isNewDay = !before || dayKey(before.createdAt, timeZone) !== dayKey(createdAt, timeZone);
          return (
            <div key={id} class="text-row" data-row>
              {isNewDay && <div class="text-day">{formatDayAndTime(createdAt, timeZone)}</div>}
              {text && <TextBubble text={text} />}
              {call && <CallCard call={call} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}
