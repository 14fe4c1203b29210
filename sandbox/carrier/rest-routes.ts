import { Hono } from 'hono';
import { readCreateForm, refusalOf } from './create-checks.ts';
import { type Exchange, nowOf } from './exchange.ts';
import { strikes } from './faults.ts';
import { acceptText, rush } from './lifecycle.ts';
import { messageFilterOf, pageEnvelope, pageRequestOf } from './list-page.ts';
import { findMessages } from './messages.ts';
import { accountResource, messageResource, numberResource } from './resources.ts';
import { answerCreate, lookUp, type RestContext, refuse, refuseByFault } from './rest-answers.ts';
import type { RestEnv } from './rest-env.ts';
import { recordRequest } from './traffic.ts';
import { addCallRoutes } from './voice/call-routes.ts';

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
  addCallRoutes(app, exchange);
  app.all('*', (c) => refuse(c, 20404));
  return app;
}

async function createText(exchange: Exchange, c: RestContext): Promise<Response> {
  const form = readCreateForm(await c.req.text());
  const refused = refuseByFault(exchange, c, { queue_full: 21611, sender_refused: 21606 });
  if (refused) return refused;
  const code = refusalOf(exchange, form);
  if (code) return refuse(c, code);
  const message = acceptText(exchange, form, 'outbound-api');
  const created = JSON.stringify(messageResource(exchange.options.accountSid, message));
  return answerCreate(exchange, c, created, () => rush(exchange, message));
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
