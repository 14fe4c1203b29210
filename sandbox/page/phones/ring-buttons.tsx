import { Icon } from '#sandbox/page/icons.tsx';
import { openPhone } from '#sandbox/page/session.ts';
import { showError } from '#sandbox/page/toasts.tsx';
import { callVerb } from '#sandbox/page/verbs.ts';
import type { PhoneCall } from '#sandbox/page-protocol.ts';
import { isRingingForMe, ringingForMe } from './call-book.ts';
import { formatNumber } from './phone-book.ts';

type RingVerb = 'answer-call' | 'decline-call' | 'send-call-to-voicemail';

/** What can be done with a call that rings for the person at the page. */
export function RingButtons({ call }: { call: PhoneCall }) {
  if (!isRingingForMe(call)) return null;
  async function act(verb: RingVerb) {
    const answer = await callVerb(verb, { callSid: call.id });
    if (!answer.ok) showError(answer.error);
    else if (verb === 'answer-call') openPhone(call.contactNumber);
  }
  return (
    <div class="ring-buttons">
      <button
        type="button"
        class="button is-primary"
        data-testid="answer-call"
        onClick={() => void act('answer-call')}
      >
        <Icon name="call" /> Answer
      </button>
      <button
        type="button"
        class="button is-danger"
        data-testid="decline-call"
        onClick={() => void act('decline-call')}
      >
        <Icon name="hang_up" /> Decline
      </button>
      <button
        type="button"
        class="button"
        data-testid="call-to-voicemail"
        onClick={() => void act('send-call-to-voicemail')}
      >
        <Icon name="voicemail" /> Voicemail
      </button>
    </div>
  );
}

/** Rings wherever the reader is on the page. */
export function RingingPhones() {
  const calls = ringingForMe.value;
  if (calls.length === 0) return null;
  return (
    <section class="ringing" aria-label="Ringing" data-testid="ringing">
      {calls.map((call) => (
        <div key={call.id} class="ringing-row">
          <p role="alert">
            <span class="ring-mark">
              <Icon name="call" />
            </span>
            <button type="button" class="link" onClick={() => openPhone(call.contactNumber)}>
              {formatNumber(call.contactNumber)}
            </button>{' '}
            is ringing
          </p>
          <RingButtons call={call} />
        </div>
      ))}
    </section>
  );
}
