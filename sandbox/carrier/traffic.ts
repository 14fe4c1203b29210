import type { Context } from 'hono';
import { type Exchange, nowOf } from './exchange.ts';
import { recordTraffic } from './feed.ts';
import type { RestEnv } from './rest-env.ts';
import type { Webhook, WebhookOutcome } from './webhook-poster.ts';

/** Shows a request of the bot to the inspector, without its credentials. */
export async function recordRequest(
  exchange: Exchange,
  c: Context<RestEnv>,
  durationMs: number,
): Promise<void> {
  if (exchange.feed.trafficKept === 0) return;
  const form = c.req.method === 'POST' ? await c.req.text() : '';
  const isCut = c.res.headers.has('x-hono-already-sent');
  const target = c.req.url.slice(new URL(c.req.url).origin.length);
  const at = nowOf(exchange);
  recordTraffic(exchange.feed, () => ({
    at,
    direction: 'out',
    title: `${c.req.method} ${target.replace(/^.*\/Accounts\/[^/?]+\/?/, '')}`,
    status: isCut ? null : c.res.status,
    durationMs,
    request: [
      `${c.req.method} ${target}`,
      'Authorization: Basic ****',
      '',
      readable(new URLSearchParams(form)),
    ].join('\n'),
    response: c.get('answer') ?? '',
    note: isCut ? 'The connection was cut on purpose' : '',
  }));
}

/** Shows one try of a webhook to the inspector. */
export function recordWebhook(exchange: Exchange, webhook: Webhook, outcome: WebhookOutcome): void {
  const at = nowOf(exchange);
  recordTraffic(exchange.feed, () => ({
    at,
    direction: 'in',
    title: titleOf(webhook),
    status: outcome.answer?.status ?? null,
    durationMs: outcome.durationMs,
    request: [`POST ${webhook.url}`, '', readable(Object.entries(webhook.params))].join('\n'),
    response: outcome.answer?.body ?? '',
    note: outcome.problem ? `No answer: ${outcome.problem}` : noteOf(exchange, webhook),
  }));
}

function titleOf({ params, url }: Webhook): string {
  if (params.MessageStatus) return `Status ${params.MessageStatus} → ${params.To}`;
  if (params.RecordingStatus) return `Recording ${params.RecordingStatus}`;
  if (params.CallbackSource) return `Call ${params.CallStatus} → ${params.To}`;
  if (params.CallStatus) return `Instructions for the call to ${params.To}`;
  if (params.AnsweredBy) return `Answered by ${params.AnsweredBy}`;
  return params.From ? `Text from ${params.From}` : `GET ${url}`;
}

function noteOf(exchange: Exchange, webhook: Webhook): string {
  return webhook.signWith === exchange.options.authToken ? '' : 'Forged: the signature is wrong';
}

function readable(fields: Iterable<[string, string]>): string {
  return [...fields].map(([name, value]) => `${name}: ${value}`).join('\n');
}
