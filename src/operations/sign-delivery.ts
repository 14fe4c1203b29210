import { createHmac } from 'node:crypto';
import type { WebhookRow } from '#db/webhooks.ts';
import type { Deps } from './deps.ts';

const AGENT = 'Ringmaster-Webhooks/1';

/**
 * The headers that a delivery is sent with. The signature is `t=<seconds>,v1=<hex>`, where v1 is HMAC-SHA256 over
 * `<seconds>.<body>`; while a secret is being changed there is one v1 for each. The seconds are those of the wall clock,
 * by which the other end tells an old request from a new one.
 */
export function signDelivery(
  { clock }: Pick<Deps, 'clock'>,
  webhook: Pick<WebhookRow, 'secret' | 'previousSecret' | 'previousSecretUntil'>,
  { id, type, body }: { id: number; type: string; body: string },
): Record<string, string> {
  const now = clock.now();
  const seconds = Math.floor(clock.toReal(now).getTime() / 1_000);
  const { previousSecret, previousSecretUntil } = webhook;
  const isChanging = previousSecret !== null && previousSecretUntil !== null && previousSecretUntil > now;
  const secrets = isChanging ? [webhook.secret, previousSecret] : [webhook.secret];
  const signatures = secrets.map((secret) => `v1=${signatureOf(secret, `${seconds}.${body}`)}`);
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': AGENT,
    'ringmaster-delivery': String(id),
    'ringmaster-event': type,
    'ringmaster-signature': [`t=${seconds}`, ...signatures].join(','),
  };
}

function signatureOf(secret: string, signed: string): string {
  return createHmac('sha256', secret).update(signed).digest('hex');
}
