import { memo } from 'preact/compat';
import type { PhoneCallLine } from '#sandbox/page-protocol.ts';

const speakers: Record<PhoneCallLine['who'], string> = {
  assistant: 'Assistant',
  contact: 'Contact',
  keys: 'Keys',
  carrier: 'Line',
};

/** What was said on a call, seen from the contact: the assistant on the left. */
export function CallLines({ lines }: { lines: PhoneCallLine[] }) {
  return (
    <div class="call-lines">
      {lines.map((line) => (
        <CallLine key={line.id} line={line} />
      ))}
    </div>
  );
}

const CallLine = memo(function CallLine({ line }: { line: PhoneCallLine }) {
  if (line.who === 'carrier') return <p class="call-event">{line.text}</p>;
  const isMine = line.who !== 'assistant';
  return (
    <div
      class={`bubble-row${isMine ? ' is-mine' : ''}${line.isSpeaking ? ' is-speaking' : ''}`}
      data-testid={`line-${line.who}`}
    >
      <p class="bubble">
        <span class="sr-only">{speakers[line.who]}: </span>
        {line.text}
        {line.isCut && (
          <span class="cut-mark" title="The other side cut in here">
            {' '}
            — cut off
          </span>
        )}
      </p>
    </div>
  );
});
