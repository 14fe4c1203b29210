import { useSignal } from '@preact/signals';
import { callVerb } from '#sandbox/page/verbs.ts';
import type { PhoneText } from '#sandbox/page-protocol.ts';
import { formatNumber } from './phone-book.ts';
import { PhoneField } from './phone-field.tsx';

const quickReplies = ['Yes', 'STOP', 'START', 'HELP'];

export function PhoneReply({ number, texts }: { number: string; texts: PhoneText[] }) {
  const body = useSignal('');
  const problem = useSignal('');
  const chosenNumber = useSignal<string | null>(null);
  const botNumbers = [...new Set(texts.map((text) => text.botNumber))];

  async function send(words: string) {
    if (words.trim() === '') return;
    problem.value = '';
    if (words === body.value) body.value = '';
    const botNumber = chosenNumber.value;
    const answer = await callVerb('text-from-phone', { contactNumber: number, botNumber, body: words });
    if (answer.ok) return;
    problem.value = answer.error;
    body.value ||= words;
  }

  return (
    <div class="phone-reply">
      {problem.value && (
        <p class="composer-problem" role="alert">
          {problem.value}
        </p>
      )}
      <div class="quick-replies">
        {quickReplies.map((words) => (
          <button key={words} type="button" class="button is-slim" onClick={() => void send(words)}>
            {words}
          </button>
        ))}
        {botNumbers.length > 1 && (
          <BotNumbers numbers={botNumbers} onChoose={(chosen) => (chosenNumber.value = chosen)} />
        )}
      </div>
      <PhoneField
        words={body}
        placeholder="Text as this contact"
        label="Text as this contact"
        sendLabel="Send text"
        testId="phone-reply"
        onSend={() => send(body.value)}
      />
    </div>
  );
}

function BotNumbers({ numbers, onChoose }: { numbers: string[]; onChoose(number: string | null): void }) {
  return (
    <select
      class="input is-slim"
      aria-label="Which of the bot's numbers to text"
      onChange={(event) => onChoose(event.currentTarget.value || null)}
    >
      <option value="">to the last sender</option>
      {numbers.map((number) => (
        <option key={number} value={number}>
          to {formatNumber(number)}
        </option>
      ))}
    </select>
  );
}
