/** `/api/<method>`: who may call, how often, what happens, and how the answer gets lost on request. */

import { type Context, Hono } from 'hono';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ApiRefusal } from './api-call.ts';
import { type ApiMethod, type ApiMethods, missingScope } from './api-method.ts';
import { isObject } from './block-schema.ts';
import type { SlackContext } from './context.ts';
import { RATE_LIMIT_FAULT_SECONDS } from './faults.ts';
import { newSecret } from './ids.ts';
import { chatMethods } from './methods-chat.ts';
import { conversationMethods } from './methods-conversations.ts';
import { fileMethods } from './methods-files.ts';
import { peopleMethods } from './methods-people.ts';
import { viewMethods } from './methods-views.ts';
import { type ApiRequest, readRequest } from './request-args.ts';

const METHODS: ApiMethods = {
  ...chatMethods,
  ...viewMethods,
  ...fileMethods,
  ...conversationMethods,
  ...peopleMethods,
};

type Answer = { status: 200 | 429 | 500; body: JsonObject; retryAfter?: number };

export function webApiRoutes(slack: SlackContext): Hono {
  const app = new Hono();
  app.on(['GET', 'POST'], '/api/:method', (c) => exchange(slack, c));
  return app;
}

async function exchange(slack: SlackContext, c: Context): Promise<Response> {
  const { options, faults } = slack;
  const method = c.req.param('method') ?? '';
  const at = options.clock.now();
  const request = await readRequest(c.req.raw);
  const args = request instanceof ApiRefusal ? {} : request.args;
  const end = slack.traffic.begin({
    direction: 'out',
    title: method,
    request: JSON.stringify(args, null, 1),
  });
  await pause(options.latencyMs);
  const answer = request instanceof ApiRefusal ? refusal(request) : await answerTo(slack, method, request);
  if (faults.strikes('slack-answer-slow', method)) await pause(options.slowAnswerMs);
  const isLost = faults.strikes('slack-lose-answer', method);
  end({
    status: isLost ? null : answer.status,
    response: JSON.stringify(answer.body, null, 1),
    ...(isLost && { note: 'The answer was lost on purpose' }),
  });
  options.observeCall({ method, args, at, status: isLost ? 0 : answer.status, answer: answer.body });
  return isLost ? hangUp(c) : respond(slack, answer, METHODS[method]);
}

async function answerTo(slack: SlackContext, name: string, request: ApiRequest): Promise<Answer> {
  if (slack.faults.strikes('slack-answer-500', name))
    return { status: 500, body: { ok: false, error: 'internal_error' } };
  try {
    const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
    if (!method) throw new ApiRefusal('unknown_method', { req_method: name });
    authenticate(slack, name, method, request.token);
    const retryAfter = waitFor(slack, name, request.args);
    if (retryAfter !== null) return { status: 429, body: { ok: false, error: 'ratelimited' }, retryAfter };
    authorize(slack, name, method);
    return { status: 200, body: { ok: true, ...(await method.run(slack, request.args)) } };
  } catch (error) {
    if (error instanceof ApiRefusal) return refusal(error);
    throw error;
  }
}

function authenticate(
  { options, faults }: SlackContext,
  name: string,
  method: ApiMethod,
  token: string | null,
): void {
  if (method.token === 'none') return;
  if (token === null) throw new ApiRefusal('not_authed');
  const [wanted, other] =
    method.token === 'app' ? [options.appToken, options.botToken] : [options.botToken, options.appToken];
  if (token === other) throw new ApiRefusal('not_allowed_token_type');
  if (token !== wanted) throw new ApiRefusal('invalid_auth');
  if (method.token === 'app') return;
  if (faults.strikes('slack-uninstall', name)) throw new ApiRefusal('account_inactive');
  if (faults.strikes('slack-revoke-token', name)) throw new ApiRefusal('token_revoked');
}

function waitFor({ faults, tiers, options }: SlackContext, name: string, args: JsonObject): number | null {
  if (faults.strikes('slack-rate-limit', name)) return RATE_LIMIT_FAULT_SECONDS;
  return tiers.admit(name, typeof args.channel === 'string' ? args.channel : null, options.clock.now());
}

function authorize({ options, faults }: SlackContext, name: string, { scopes }: ApiMethod): void {
  const missing = scopes.find((scope) => !options.scopes.includes(scope));
  if (missing) throw missingScope(options.scopes, missing);
  if (scopes.includes('files:read') && faults.strikes('slack-missing-files-read', name)) {
    throw missingScope(options.scopes, 'files:read');
  }
}

function refusal(error: ApiRefusal): Answer {
  return { status: 200, body: { ok: false, error: error.code, ...error.extra } };
}

function respond({ options }: SlackContext, answer: Answer, method: ApiMethod | undefined): Response {
  const headers = new Headers({
    'content-type': 'application/json; charset=utf-8',
    'x-slack-req-id': newSecret(16),
    'x-oauth-scopes': options.scopes.join(','),
    'x-accepted-oauth-scopes': method?.scopes.join(',') ?? '',
  });
  if (answer.retryAfter !== undefined) headers.set('retry-after', String(answer.retryAfter));
  return new Response(JSON.stringify(answer.body), { status: answer.status, headers });
}

/** The work is done, the connection breaks. Without a socket (a call in the same process) the answer is an error. */
function hangUp(c: Context): Response {
  const { outgoing } = (c.env ?? {}) as { outgoing?: { destroy(): void } };
  if (isObject(c.env) && outgoing) outgoing.destroy();
  return new Response(null, { status: 502, headers: { 'x-hono-already-sent': outgoing ? 'true' : '' } });
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
