import { Icon } from '#sandbox/page/icons.tsx';
import { readerTimeZone } from '#sandbox/page/session.ts';
import { formatTime } from '#sandbox/page/text/dates.ts';
import type { PhoneCall } from '#sandbox/page-protocol.ts';
import { describeCall } from './call-book.ts';
import { CallLines } from './call-lines.tsx';

/** A call among the texts of a phone; what was said opens below it. */
export function CallCard({ call }: { call: PhoneCall }) {
  const facts = [
    formatTime(call.createdAt, readerTimeZone.value),
    call.direction === 'from_contact' ? `to ${call.botNumber}` : `from ${call.botNumber}`,
    call.isRecording ? 'recorded' : '',
  ].filter(Boolean);
  return (
    <div
      class="call-card"
      data-testid="call"
      data-status={call.status}
      data-answered-by={call.answeredBy ?? ''}
    >
      <p class="call-title">
        <Icon name="call" /> {describeCall(call)}
      </p>
      <p class="bubble-facts">{facts.join(' · ')}</p>
      {call.lines.length > 0 && (
        <details>
          <summary>What was said</summary>
          <CallLines lines={call.lines} />
        </details>
      )}
    </div>
  );
}
