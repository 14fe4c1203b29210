import { type Callback, postCallback } from '#sandbox/carrier/callback-chain.ts';
import { type Exchange, nowOf } from '#sandbox/carrier/exchange.ts';
import { strikes } from '#sandbox/carrier/faults.ts';
import { type Call, type CallEvent, isCallOver } from './call-book.ts';
import { callForm, type Form, rfc2822 } from './call-forms.ts';
import { recordingsOfCall } from './recording-book.ts';

/**
 * Tells how far a call is, where that was asked for: `SequenceNumber` counts the callbacks that were (telephony.md §2).
 * `status` differs from the call's own in `initiated`, which the API calls queued.
 */
export function postCallStatus(
  exchange: Exchange,
  call: Call,
  event: CallEvent,
  status: string,
): Promise<void> {
  const { statusCallback: url, statusCallbackMethod: method, events } = call.settings;
  if (!url || !events.includes(event)) return Promise.resolve();
  const params: Form = {
    ...statusForm(exchange, call),
    CallStatus: status,
    SequenceNumber: String(call.sequence),
  };
  call.sequence += 1;
  if (strikes(exchange.faults, 'no_sequence')) delete params.SequenceNumber;
  return postCallback(exchange, {
    sid: call.sid,
    url,
    params,
    method,
    canBeHeld: event !== 'completed' && hasLaterEvent(call, event),
    lie: { CallStatus: 'failed', SipResponseCode: '503' },
  });
}

/** The verdict of answering-machine detection, for those who did not wait for it. */
export function postVerdict(exchange: Exchange, call: Call, url: string, detectionMs: number): void {
  const callback: Callback = {
    sid: `${call.sid}:verdict`,
    url,
    params: {
      CallSid: call.sid,
      AccountSid: exchange.options.accountSid,
      AnsweredBy: call.answeredBy ?? 'unknown',
      MachineDetectionDuration: String(Math.round(detectionMs)),
    },
    method: call.settings.detection?.callbackMethod ?? 'POST',
    canBeHeld: false,
    lie: { AnsweredBy: 'fax' },
  };
  void postCallback(exchange, callback);
}

/** Seconds between the answer and the end. */
export function durationSeconds(call: Call): number {
  if (call.answeredAt === null || call.endedAt === null) return 0;
  return Math.round((call.endedAt - call.answeredAt) / 1_000);
}

function statusForm(exchange: Exchange, call: Call): Form {
  const form: Form = {
    ...callForm(exchange, call),
    Timestamp: rfc2822(nowOf(exchange)),
    CallbackSource: 'call-progress-events',
  };
  if (call.answeredBy) form.AnsweredBy = call.answeredBy;
  if (!isCallOver(call)) return form;
  const seconds = durationSeconds(call);
  form.CallDuration = String(seconds);
  form.Duration = String(Math.ceil(seconds / 60));
  if (call.sipCode !== null) form.SipResponseCode = String(call.sipCode);
  const [recording] = recordingsOfCall(exchange.recordings, call.sid);
  if (!recording) return form;
  form.RecordingSid = recording.sid;
  form.RecordingUrl = recordingUrl(exchange, recording.sid);
  form.RecordingDuration = String(Math.round(recording.recordedMs / 1_000));
  return form;
}

/** Where a recording is fetched, without the ending that says in which format; always the carrier's own name. */
export function recordingUrl(exchange: Exchange, sid: string): string {
  return `https://api.twilio.com/2010-04-01/Accounts/${exchange.options.accountSid}/Recordings/${sid}`;
}

const ORDER: CallEvent[] = ['initiated', 'ringing', 'answered', 'completed'];

function hasLaterEvent(call: Call, event: CallEvent): boolean {
  return ORDER.slice(ORDER.indexOf(event) + 1).some((later) => call.settings.events.includes(later));
}
