import { useSignal } from '@preact/signals';
import { Segments } from '#sandbox/page/frame/segments.tsx';
import { WindowList } from '#sandbox/page/frame/window-list.tsx';
import { Icon } from '#sandbox/page/icons.tsx';
import { openPhone, openPhoneNumber } from '#sandbox/page/session.ts';
import { tables } from '#sandbox/page/tables.ts';
import { Personas } from './personas.tsx';
import { findPhones, formatNumber, type PhoneFilter, phoneBook, typedNumber } from './phone-book.ts';
import { PhoneConversation } from './phone-conversation.tsx';
import { PhoneRow } from './phone-row.tsx';

const rowHeight = 68;
const filters: { value: PhoneFilter; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'replied', label: 'Replied' },
  { value: 'opted_out', label: 'Opted out' },
  { value: 'taken', label: 'Mine' },
];

export function PhonesPanel() {
  const number = openPhoneNumber.value;
  return (
    <section class="phones" aria-label="Phones" data-testid="phones">
      {number === null ? <PhoneBook /> : <PhoneConversation key={number} number={number} />}
    </section>
  );
}

function PhoneBook() {
  const query = useSignal('');
  const filter = useSignal<PhoneFilter>('all');
  const all = phoneBook.value;
  const found = findPhones(all, filter.value, query.value);
  const callCount = tables.calls.rows.value.length;
  return (
    <>
      <header class="pane-head">
        <h2>Phones</h2>
        <span class="hint" data-testid="phone-count">
          {all.length} {all.length === 1 ? 'contact' : 'contacts'} · {tables.texts.rows.value.length} texts
          {callCount > 0 && ` · ${callCount} ${callCount === 1 ? 'call' : 'calls'}`}
        </span>
      </header>
      <div class="phone-search">
        <label class="search">
          <Icon name="search" />
          <input
            type="search"
            placeholder="Number, persona or words"
            aria-label="Find a phone"
            data-testid="phone-search"
            value={query.value}
            onInput={(event) => {
              query.value = event.currentTarget.value;
            }}
          />
        </label>
        <Segments
          label="Which phones"
          choices={filters}
          chosen={filter.value}
          onChoose={(value) => (filter.value = value)}
        />
      </div>
      <UnknownNumber query={query.value} />
      {found.length > 0 ? (
        <WindowList
          label="Phones"
          testId="phone-list"
          items={found}
          rowHeight={rowHeight}
          keyOf={(entry) => entry.phone.id}
          row={(entry) => <PhoneRow {...entry} />}
        />
      ) : (
        <p class="empty">
          {all.length === 0
            ? 'No phone has been texted or called yet. Each contact that the bot reaches appears here.'
            : 'No phone matches.'}
        </p>
      )}
      <Personas />
    </>
  );
}

/** Somebody whom the bot never texted may text it first. */
function UnknownNumber({ query }: { query: string }) {
  const number = typedNumber(query);
  if (!number || tables.phones.find(number)) return null;
  return (
    <button type="button" class="link unknown-number" onClick={() => openPhone(number)}>
      Pick up {formatNumber(number)}, which the bot has not texted
    </button>
  );
}
