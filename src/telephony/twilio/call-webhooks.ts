import { type Context, Hono } from 'hono';
import type { CallDesk, CallStep, SessionEnd } from '#ports/call-flow.ts';
import type { Log } from '#ports/log.ts';
import type { ProviderEvent, RecordingEvent } from '#ports/telephony.ts';
import { answeredByOf, callRefusal, callStatusOf } from './call-status.ts';
import { CALL_PATHS } from './callback-address.ts';
import { readSignedForm, type SignedForm } from './signed-form.ts';
import { sorryTwiml, twimlOf } from './twiml.ts';
import { type NormalisedReport, type TwilioWebhookOptions, takeReport } from './webhooks.ts';

export type CallWebhookOptions = TwilioWebhookOptions & {
  desk: CallDesk;
  log: Log;
  /** How long an answer of the desk may take, in real time; Twilio hangs up after 15 s (telephony.md §2). */
  answerWithinMs?: number;
};

type Instructions = { token: string; steps: CallStep[] };
type Question = { fields: Map<string, string>; token: string; ref: string };

const ANSWER_WITHIN_MS = 10_000;

/** What Twilio asks us and reports while a call runs. Calls that people make to our numbers come to `/twilio/voice`. */
export function callWebhooks(options: CallWebhookOptions): Hono {
  const { desk } = options;
  const app = new Hono();
  const ask = (path: string, question: (asked: Question) => Promise<CallStep[]>) =>
    app.post(path, (c) =>
      instruct(c, options, async (asked) => {
        if (asked.token === '') throw new Error('the address names no call');
        return { token: asked.token, steps: await question(asked) };
      }),
    );
  ask(CALL_PATHS.answer, ({ fields, token, ref }) =>
    desk.answer({
      token,
      ref,
      verdict: answeredByOf(fields.get('AnsweredBy')),
      silentMs: wholeNumber(fields.get('MachineDetectionDuration')),
    }),
  );
  ask(CALL_PATHS.after, ({ fields, token, ref }) =>
    desk.proceed({ token, ref, session: sessionEndOf(fields) }),
  );
  ask(CALL_PATHS.dialed, ({ fields, token, ref }) =>
    desk.afterDial({ token, ref, wasAnswered: ANSWERED_DIALS.has(fields.get('DialCallStatus') ?? '') }),
  );
  app.post('/twilio/voice', (c) =>
    instruct(c, options, ({ fields, ref }) =>
      desk.answerInbound({ ref, from: fields.get('From') ?? '', to: fields.get('To') ?? '' }),
    ),
  );
  app.post(CALL_PATHS.sorry, (c) => instruct(c, options, complain));
  app.post(CALL_PATHS.status, (c) => takeReport(c, options, statusReport));
  app.post(CALL_PATHS.verdict, (c) => takeReport(c, options, verdictReport));
  app.post(CALL_PATHS.recording, (c) => takeReport(c, options, recordingReport));
  return app;
}

/** A person is on the line: whatever goes wrong here, they hear that we are sorry, and no silence. */
async function instruct(
  c: Context,
  options: CallWebhookOptions,
  question: (asked: Question) => Promise<Instructions>,
): Promise<Response> {
  const form = await readSignedForm(c, options);
  if (form instanceof Response) return form;
  const ref = form.fields.get('CallSid') ?? '';
  try {
    if (ref === '') throw new Error('the request names no call');
    const asked = question({ fields: form.fields, token: tokenOf(form) ?? '', ref });
    const { token, steps } = await inTime(asked, options.answerWithinMs ?? ANSWER_WITHIN_MS);
    return twimlResponse(c, twimlOf(steps, { publicUrl: options.publicUrl, token }));
  } catch (cause) {
    options.log.error(
      { reference: ref, path: c.req.path, cause },
      'a call could not be answered as it should',
    );
    return twimlResponse(c, sorryTwiml());
  }
}

/** Twilio comes here when it could not use our instructions, and says why. */
async function complain({ fields }: Question): Promise<never> {
  throw new Error(`Twilio could not use our instructions (${Number(fields.get('ErrorCode')) || 'no code'})`);
}

function twimlResponse(c: Context, twiml: string): Response {
  return c.body(twiml, 200, { 'Content-Type': 'text/xml; charset=utf-8' });
}

async function inTime<Answer>(answer: Promise<Answer>, withinMs: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no instructions within ${withinMs} ms`)), withinMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

const ANSWERED_DIALS = new Set(['completed', 'answered']);
const SESSION_ENDS = new Map<string, SessionEnd['status']>([
  ['completed', 'completed'],
  ['ended', 'ended'],
  ['failed', 'failed'],
]);

/** A session that never came about has no status of its own: it failed (telephony.md §4, “action POST”). */
function sessionEndOf(fields: Map<string, string>): SessionEnd {
  const problem = [fields.get('ErrorCode'), fields.get('ErrorMessage')].filter(Boolean).join(' ');
  return {
    sessionRef: fields.get('SessionId') || null,
    status: SESSION_ENDS.get(fields.get('SessionStatus') ?? '') ?? 'failed',
    handoff: fields.get('HandoffData') || null,
    problem: problem || null,
    isLive: fields.get('CallStatus') === 'in-progress',
  };
}

/** Twilio numbers its reports, but not all of them; and repeats them (telephony.md §2, “Rules”). */
function statusReport(form: SignedForm): NormalisedReport | null {
  const { fields } = form;
  const ref = fields.get('CallSid');
  const word = fields.get('CallStatus') ?? '';
  const status = callStatusOf(word);
  if (!ref || !status) return null;
  const sequence = wholeNumber(fields.get('SequenceNumber'));
  const sipCode = wholeNumber(fields.get('SipResponseCode'));
  const event: ProviderEvent = {
    kind: 'call_status',
    token: tokenOf(form),
    ref,
    status,
    sequence,
    durationSeconds: wholeNumber(fields.get('CallDuration')),
    sipCode,
    answeredBy: answeredByOf(fields.get('AnsweredBy')),
    refusal: callRefusal(status, wholeNumber(fields.get('ErrorCode')), sipCode),
    price: null,
  };
  return { dedupeKey: `${ref} ${sequence === null ? word : `#${sequence}`}`, event };
}

function verdictReport(form: SignedForm): NormalisedReport | null {
  const ref = form.fields.get('CallSid');
  const answeredBy = answeredByOf(form.fields.get('AnsweredBy'));
  if (!ref || !answeredBy) return null;
  const event: ProviderEvent = { kind: 'call_verdict', token: tokenOf(form), ref, answeredBy };
  return { dedupeKey: `${ref} verdict`, event };
}

const RECORDING_STATUSES = new Map<string, RecordingEvent['status']>([
  ['in-progress', 'in_progress'],
  ['completed', 'completed'],
  ['absent', 'absent'],
]);

function recordingReport(form: SignedForm): NormalisedReport | null {
  const { fields } = form;
  const ref = fields.get('CallSid');
  const recordingRef = fields.get('RecordingSid');
  const status = RECORDING_STATUSES.get(fields.get('RecordingStatus') ?? '');
  if (!ref || !recordingRef || !status) return null;
  const event: ProviderEvent = {
    kind: 'recording',
    token: tokenOf(form),
    ref,
    recordingRef,
    status,
    durationSeconds: wholeNumber(fields.get('RecordingDuration')),
    channels: wholeNumber(fields.get('RecordingChannels')),
  };
  return { dedupeKey: `${recordingRef} ${status}`, event };
}

function tokenOf({ query }: SignedForm): string | null {
  return new URLSearchParams(query).get('call') || null;
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
