import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'hono';
import type { Exchange } from './exchange.ts';
import { firstFault, strikes } from './faults.ts';
import { refusalAnswer } from './refusals.ts';
import type { RestEnv } from './rest-env.ts';

export type RestContext = Context<RestEnv>;

/** What goes wrong before a create is looked at; `codes` are those of this kind of create. */
export function refuseByFault(
  exchange: Exchange,
  c: RestContext,
  codes: Partial<Record<'queue_full' | 'calls_full' | 'sender_refused', number>>,
): Response | null {
  const fault = firstFault(exchange.faults, [
    'drop_request',
    'error_before_accepting',
    'unavailable',
    'too_many_requests',
    ...(Object.keys(codes) as (keyof typeof codes)[]),
  ]);
  if (fault === null) return null;
  if (fault === 'drop_request') return hangUp(c);
  if (fault === 'unavailable') return unavailable(c);
  const code = { error_before_accepting: 20500, too_many_requests: 20429, ...codes }[fault];
  return refuse(c, code ?? 20500);
}

/** Answers a create that was accepted, or fails to; `rush` does what overtakes the answer. */
export async function answerCreate(
  exchange: Exchange,
  c: RestContext,
  created: string,
  rush: () => Promise<void>,
): Promise<Response> {
  if (strikes(exchange.faults, 'early_callbacks')) await rush();
  const fault = firstFault(exchange.faults, ['lose_answer', 'error_after_accepting', 'slow_answer']);
  if (fault === 'lose_answer') return hangUp(c);
  if (fault === 'error_after_accepting') return refuse(c, 20500);
  if (fault === 'slow_answer') await dawdle(exchange);
  return answer(c, 201, created);
}

async function dawdle(exchange: Exchange): Promise<void> {
  const { signal } = exchange.closing;
  await sleep(exchange.options.slowAnswerMs, undefined, { signal, ref: false }).catch(() => undefined);
}

export function lookUp(
  exchange: Exchange,
  c: RestContext,
  show: (exchange: Exchange, c: RestContext) => object | null,
): Response {
  if (strikes(exchange.faults, 'lookups_failing')) return unavailable(c);
  const resource = show(exchange, c);
  return resource ? answer(c, 200, JSON.stringify(resource)) : refuse(c, 20404);
}

export function refuse(c: RestContext, code: number): Response {
  const { status, body } = refusalAnswer(code);
  if (status === 401) c.header('WWW-Authenticate', 'Basic realm="Twilio API"');
  if (status === 429) c.header('Retry-After', '1');
  return answer(c, status, body);
}

export function answer(c: RestContext, status: number, json: string): Response {
  c.set('answer', json);
  c.header('Content-Type', 'application/json;charset=utf-8');
  return c.body(json, status as 200);
}

function unavailable(c: RestContext): Response {
  const page = '<html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>';
  c.set('answer', page);
  return c.html(page, 503);
}

/** Breaks the connection, so that the client never learns what became of its request. */
function hangUp(c: RestContext): Response {
  c.env.incoming.socket.destroy();
  c.set('answer', '');
  return new Response(null, { headers: { 'x-hono-already-sent': 'true' } });
}
