import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { clockTick, productNow } from '#sandbox/page/clock.ts';
import { useKeptPlace } from '#sandbox/page/frame/keep-place.ts';
import { Switch } from '#sandbox/page/frame/switch.tsx';
import { Icon } from '#sandbox/page/icons.tsx';
import { callVerb } from '#sandbox/page/verbs.ts';
import type { PhoneCall, Verbs } from '#sandbox/page-protocol.ts';
import { describeCall, formatSeconds } from './call-book.ts';
import { CallKeys } from './call-keys.tsx';
import { CallLines } from './call-lines.tsx';
import { PhoneField } from './phone-field.tsx';
import { canReadAloud, isReadingAloud, useReadAloud } from './read-aloud.ts';
import { RingButtons } from './ring-buttons.tsx';

type CallVerb = 'say-on-call' | 'press-key' | 'hang-up-call';

/** The call a phone is on: what is said as it is said, and everything its owner can do. */
export function CallPanel({ call }: { call: PhoneCall }) {
  const problem = useSignal('');
  const hasKeys = useSignal(false);
  useReadAloud(call);
  async function act<Name extends CallVerb>(name: Name, input: Verbs[Name]): Promise<boolean> {
    const answer = await callVerb(name, input);
    problem.value = answer.ok ? '' : answer.error;
    return answer.ok;
  }
  const isTalking = call.status === 'in-progress';
  return (
    <section class="call-panel" aria-label="Call" data-testid="call-panel" data-status={call.status}>
      <CallHead call={call} />
      {isTalking && <RunningLines call={call} />}
      {problem.value && (
        <p class="composer-problem" role="alert">
          {problem.value}
        </p>
      )}
      {!isTalking && <RingButtons call={call} />}
      {isTalking && <SpeakField onSay={(text) => act('say-on-call', { callSid: call.id, text })} />}
      {isTalking && hasKeys.value && (
        <CallKeys onPress={(digit) => void act('press-key', { callSid: call.id, digit })} />
      )}
      <div class="call-actions">
        {isTalking && (
          <button
            type="button"
            class="button is-slim"
            aria-pressed={hasKeys.value}
            data-testid="show-keys"
            onClick={() => (hasKeys.value = !hasKeys.value)}
          >
            <Icon name="keys" /> Keys
          </button>
        )}
        {(isTalking || call.direction === 'from_contact') && (
          <button
            type="button"
            class="button is-slim is-danger"
            data-testid="hang-up"
            onClick={() => void act('hang-up-call', { callSid: call.id })}
          >
            <Icon name="hang_up" /> Hang up
          </button>
        )}
        {canReadAloud && (
          <Switch
            label="Read aloud"
            testId="read-aloud"
            isOn={isReadingAloud.value}
            onSwitch={(isOn) => (isReadingAloud.value = isOn)}
          />
        )}
      </div>
    </section>
  );
}

function CallHead({ call }: { call: PhoneCall }) {
  clockTick.value;
  const seconds =
    call.answeredAt === null ? null : Math.max(0, Math.round((productNow() - call.answeredAt) / 1000));
  return (
    <header class="call-head">
      <p class="call-title" role="status">
        <Icon name="call" /> {describeCall(call)}
        {seconds !== null && <span class="call-time"> · {formatSeconds(seconds)}</span>}
        {call.isRecording && <span class="badge is-danger">recording</span>}
      </p>
    </header>
  );
}

function RunningLines({ call }: { call: PhoneCall }) {
  const list = useRef<HTMLDivElement>(null);
  const last = call.lines.at(-1);
  useKeptPlace(list, {
    id: String(last?.id ?? ''),
    count: call.lines.length,
    isMine: last?.who === 'contact',
  });
  return (
    <div
      ref={list}
      class="call-talk"
      role="log"
      aria-label="What is said"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <div>
        {call.lines.length === 0 && <p class="empty">Nobody has said anything yet.</p>}
        <CallLines lines={call.lines} />
      </div>
    </div>
  );
}

function SpeakField({ onSay }: { onSay(text: string): Promise<boolean> }) {
  const words = useSignal('');
  async function say() {
    const text = words.value.trim();
    if (text === '') return;
    words.value = '';
    if (!(await onSay(text))) words.value ||= text;
  }
  return (
    <PhoneField
      words={words}
      placeholder="Say something, or cut in"
      label="Say something as this contact"
      sendLabel="Say it"
      testId="say-on-call"
      onSend={say}
    />
  );
}
