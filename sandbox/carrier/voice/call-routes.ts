import type { Hono } from 'hono';
import { type Exchange, nowOf } from '#sandbox/carrier/exchange.ts';
import { strikes } from '#sandbox/carrier/faults.ts';
import { callFilterOf, pageEnvelope, pageRequestOf } from '#sandbox/carrier/list-page.ts';
import {
  answer,
  answerCreate,
  lookUp,
  type RestContext,
  refuse,
  refuseByFault,
} from '#sandbox/carrier/rest-answers.ts';
import type { RestEnv } from '#sandbox/carrier/rest-env.ts';
import { findCalls } from './call-book.ts';
import {
  callRefusalOf,
  callSettingsOf,
  instructionsOf,
  readCallForm,
  refusalOfInstructions,
} from './call-checks.ts';
import { callResource } from './call-resources.ts';
import { acceptCall, endOnRequest, redirectCall, rushCall } from './dialing.ts';
import { addRecordingRoutes } from './recording-routes.ts';

/** Twilio's REST API about calls and recordings, as far as the bot uses it. */
export function addCallRoutes(app: Hono<RestEnv>, exchange: Exchange): void {
  const account = `/Accounts/${exchange.options.accountSid}`;
  app.post(`${account}/Calls.json`, (c) => createCall(exchange, c));
  app.get(`${account}/Calls.json`, (c) => lookUp(exchange, c, listCalls));
  app.get(`${account}/Calls/:file{CA[0-9a-f]+\\.json}`, (c) => lookUp(exchange, c, showCall));
  app.post(`${account}/Calls/:file{CA[0-9a-f]+\\.json}`, (c) => updateCall(exchange, c));
  addRecordingRoutes(app, exchange);
}

async function createCall(exchange: Exchange, c: RestContext): Promise<Response> {
  const form = readCallForm(await c.req.text());
  const refused = refuseByFault(exchange, c, { calls_full: 10004, sender_refused: 21210 });
  if (refused) return refused;
  const { accountSid, mostCalls } = exchange.options;
  const code = callRefusalOf(exchange, form);
  if (code) return refuse(c, code);
  if (mostCalls !== null && exchange.live.size >= mostCalls) return refuse(c, 10004);
  const call = acceptCall(exchange, form.to, form.from, callSettingsOf(form));
  const created = JSON.stringify(callResource(accountSid, call));
  return answerCreate(exchange, c, created, () => rushCall(exchange, call));
}

function listCalls(exchange: Exchange, c: RestContext): object {
  const query = new URL(c.req.url).searchParams;
  const page = pageRequestOf(query);
  const before = exchange.calls.bySid.get(page.after ?? '')?.order ?? Number.POSITIVE_INFINITY;
  const found = findCalls(exchange.calls, callFilterOf(query, nowOf(exchange)), before, page.size);
  const shown = found.slice(0, page.size);
  const lastSid = found.length > page.size ? (shown.at(-1)?.sid ?? null) : null;
  return {
    ...pageEnvelope(c.req.path, query, page, shown.length, lastSid),
    calls: shown.map((call) => callResource(exchange.options.accountSid, call)),
  };
}

function showCall(exchange: Exchange, c: RestContext): object | null {
  const call = exchange.calls.bySid.get(sidIn(c));
  return call ? callResource(exchange.options.accountSid, call) : null;
}

/** Cancels, hangs up, or gives other instructions; in the wrong state nothing changes (21220). */
async function updateCall(exchange: Exchange, c: RestContext): Promise<Response> {
  const params = new URLSearchParams(await c.req.text());
  const call = exchange.calls.bySid.get(sidIn(c));
  if (strikes(exchange.faults, 'error_before_accepting')) return refuse(c, 20500);
  if (!call) return refuse(c, 20404);
  const status = params.get('Status');
  if (status !== null && status !== 'canceled' && status !== 'completed') return refuse(c, 20001);
  const code = status === null ? refusalOfInstructions(params) : null;
  if (code) return refuse(c, code);
  const isDone =
    status === null
      ? redirectCall(exchange, call, instructionsOf(params))
      : endOnRequest(exchange, call, status);
  if (!isDone) return refuse(c, 21220);
  return answer(c, 200, JSON.stringify(callResource(exchange.options.accountSid, call)));
}

function sidIn(c: RestContext): string {
  return c.req.param('file')?.replace('.json', '') ?? '';
}
