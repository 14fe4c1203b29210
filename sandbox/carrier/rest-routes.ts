import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, Hono } from 'hono';
import { type CreateForm, readCreateForm, refusalOf } from './create-checks.ts';
import { type Exchange, nowOf } from './exchange.ts';
import { firstFault, strikes } from './faults.ts';
import { acceptText, rush } from './lifecycle.ts';
import { messageFilterOf, pageEnvelope, pageRequestOf } from './list-page.ts';
import { findMessages } from './messages.ts';
import { refusalAnswer } from './refusals.ts';
import { accountResource, messageResource, numberResource } from './resources.ts';
import type { RestEnv } from './rest-env.ts';
import { recordRequest } from './traffic.ts';

type RestContext = Context<RestEnv>;

/** Twilio's REST API as far as the bot uses it, under `/2010-04-01`. */
export function restRoutes(exchange: Exchange): Hono<RestEnv> {
  const app = new Hono<RestEnv>();
  const { accountSid, authToken } = exchange.options;
  const credentials = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  app.use(async (c, next) => {
    const startedAt = performance.now();
    const isRefused =
      c.req.header('authorization') !== credentials || strikes(exchange.faults, 'auth_refused');
    if (isRefused) c.res = refuse(c, 20003);
    else await next();
    await recordRequest(exchange, c, performance.now() - startedAt);
  });
  const account = `/Accounts/${accountSid}`;
  app.post(`${account}/Messages.json`, (c) => createText(exchange, c));
  app.get(`${account}/Messages.json`, (c) => lookUp(exchange, c, listTexts));
  app.get(`${account}/Messages/:file{SM[0-9a-f]+\\.json}`, (c) => lookUp(exchange, c, showText));
  app.get(`${account}/IncomingPhoneNumbers.json`, (c) => lookUp(exchange, c, listNumbers));
  app.get(`${account}.json`, (c) => lookUp(exchange, c, showAccount));
  app.all('*', (c) => refuse(c, 20404));
  return app;
}

async function createText(exchange: Exchange, c: RestContext): Promise<Response> {
  const form = readCreateForm(await c.req.text());
  const refused = refuseByFault(exchange, c);
  if (refused) return refused;
  const code = refusalOf(exchange, form);
  if (code) return refuse(c, code);
  return answerCreate(exchange, c, form);
}

function refuseByFault(exchange: Exchange, c: RestContext): Response | null {
  const fault = firstFault(exchange.faults, [
    'drop_request',
    'error_before_accepting',
    'unavailable',
    'too_many_requests',
    'queue_full',
    'sender_refused',
  ]);
  if (fault === null) return null;
  if (fault === 'drop_request') return hangUp(c);
  if (fault === 'unavailable') return unavailable(c);
  const codes = {
    error_before_accepting: 20500,
    too_many_requests: 20429,
    queue_full: 21611,
    sender_refused: 21606,
  };
  return refuse(c, codes[fault]);
}

async function answerCreate(exchange: Exchange, c: RestContext, form: CreateForm): Promise<Response> {
  const message = acceptText(exchange, form, 'outbound-api');
  const created = JSON.stringify(messageResource(exchange.options.accountSid, message));
  if (strikes(exchange.faults, 'early_callbacks')) await rush(exchange, message);
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

function lookUp(
  exchange: Exchange,
  c: RestContext,
  show: (exchange: Exchange, c: RestContext) => object | null,
): Response {
  if (strikes(exchange.faults, 'lookups_failing')) return unavailable(c);
  const resource = show(exchange, c);
  return resource ? answer(c, 200, JSON.stringify(resource)) : refuse(c, 20404);
}

function listTexts(exchange: Exchange, c: RestContext): object {
  const query = new URL(c.req.url).searchParams;
  const page = pageRequestOf(query);
  const before = exchange.messages.bySid.get(page.after ?? '')?.order ?? Number.POSITIVE_INFINITY;
  const found = findMessages(exchange.messages, messageFilterOf(query, nowOf(exchange)), before, page.size);
  const shown = found.slice(0, page.size);
  const lastSid = found.length > page.size ? (shown.at(-1)?.sid ?? null) : null;
  return {
    ...pageEnvelope(c.req.path, query, page, shown.length, lastSid),
    messages: shown.map((message) => messageResource(exchange.options.accountSid, message)),
  };
}

function showText(exchange: Exchange, c: RestContext): object | null {
  const sid = c.req.param('file')?.replace('.json', '') ?? '';
  const message = exchange.messages.bySid.get(sid);
  return message ? messageResource(exchange.options.accountSid, message) : null;
}

/** `PhoneNumber` is a pattern: any part of a number, `*` for any digit. */
function listNumbers(exchange: Exchange, c: RestContext): object {
  const query = new URL(c.req.url).searchParams;
  const page = pageRequestOf(query);
  const wanted = (query.get('PhoneNumber') ?? '').replace(/[^\d*]/g, '').replaceAll('*', '\\d');
  const numbers = [...exchange.senders.numbers.values()]
    .map((number, index) => ({ number, index }))
    .filter(({ number }) => new RegExp(wanted).test(number.phoneNumber))
    .slice(page.index * page.size, (page.index + 1) * page.size);
  return {
    ...pageEnvelope(c.req.path, query, page, numbers.length, null),
    incoming_phone_numbers: numbers.map(({ number, index }) =>
      numberResource(exchange.options.accountSid, number, index),
    ),
  };
}

function showAccount(exchange: Exchange): object {
  return accountResource(exchange.options.accountSid, exchange.options.trialRecipients !== null);
}

function refuse(c: RestContext, code: number): Response {
  const { status, body } = refusalAnswer(code);
  if (status === 401) c.header('WWW-Authenticate', 'Basic realm="Twilio API"');
  if (status === 429) c.header('Retry-After', '1');
  return answer(c, status, body);
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

function answer(c: RestContext, status: number, json: string): Response {
  c.set('answer', json);
  c.header('Content-Type', 'application/json;charset=utf-8');
  return c.body(json, status as 200);
}
