import { type Context, Hono } from 'hono';
import type { RecordProviderEvents } from '#operations/event-recorder.ts';
import type { ProviderEvent, TextInboundEvent } from '#ports/telephony.ts';
import { readSignedForm, type SignatureCheck, type SignedForm } from './signed-form.ts';
import { deliveryRefusal, textStatusOf } from './text-status.ts';

export type TwilioWebhookOptions = SignatureCheck & {
  /** Settles when the events are stored; only then is Twilio answered, and an error makes it try again. */
  record: RecordProviderEvents;
};

export type NormalisedReport = { dedupeKey: string; event: ProviderEvent };

/** What Twilio posts to us: reports on our texts, and texts of contacts. */
export function twilioWebhooks(options: TwilioWebhookOptions): Hono {
  const app = new Hono();
  app.post('/twilio/status', (c) => takeReport(c, options, statusReport));
  app.post('/twilio/sms', (c) =>
    takeReport(c, options, inboundText, () => c.body('<Response/>', 200, { 'Content-Type': 'text/xml' })),
  );
  return app;
}

/** A signed form that says nothing we know is answered and forgotten: a refusal would make Twilio repeat it. */
export async function takeReport(
  c: Context,
  options: TwilioWebhookOptions,
  normalise: (form: SignedForm) => NormalisedReport | null,
  answer: () => Response = () => c.body(null, 204),
): Promise<Response> {
  const form = await readSignedForm(c, options);
  if (form instanceof Response) return form;
  const normalised = normalise(form);
  if (normalised) {
    const raw = { query: form.query, body: form.raw };
    await options.record([{ provider: 'twilio', ...normalised, raw }]);
  }
  return answer();
}

/** Each status of a message counts once: Twilio repeats its callbacks and numbers none of them (telephony.md §3). */
function statusReport({ fields, query }: SignedForm): NormalisedReport | null {
  const ref = fields.get('MessageSid');
  const word = fields.get('MessageStatus') ?? '';
  const status = textStatusOf(word);
  if (!ref || !status) return null;
  const event: ProviderEvent = {
    kind: 'text_status',
    token: new URLSearchParams(query).get('attempt') || null,
    ref,
    status,
    refusal: deliveryRefusal(status, Number(fields.get('ErrorCode')) || null),
    segments: null,
    price: null,
  };
  return { dedupeKey: `${ref} ${word}`, event };
}

const OPT_OUT_TYPES = new Map<string, TextInboundEvent['optOut']>([
  ['STOP', 'stop'],
  ['START', 'start'],
  ['HELP', 'help'],
]);

function inboundText({ fields }: SignedForm): NormalisedReport | null {
  const ref = fields.get('MessageSid');
  const from = fields.get('From');
  const to = fields.get('To');
  if (!ref || !from || !to) return null;
  const event: ProviderEvent = {
    kind: 'text_inbound',
    ref,
    from,
    to,
    body: fields.get('Body') ?? '',
    mediaCount: Number(fields.get('NumMedia')) || 0,
    optOut: OPT_OUT_TYPES.get(fields.get('OptOutType') ?? '') ?? null,
  };
  return { dedupeKey: `${ref} inbound`, event };
}
