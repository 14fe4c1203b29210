import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HttpBindings, serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { answerOf, type ChatRequest, type ScriptedAnswer } from './script.ts';

/**
 * How the endpoint behaves. `slow`: the first token comes after `firstTokenMs`, each further one after `tokenMs`.
 * `broken`: the stream breaks off after a few tokens. `silent`: it takes the request and never answers. `garbage`: the
 * stream is not what it should be. `failing`, `busy`: 500 and 429 instead of an answer.
 */
export type ModelMode = 'prompt' | 'slow' | 'broken' | 'silent' | 'garbage' | 'failing' | 'busy';

export type ModelOptions = {
  apiKey?: string | null;
  firstTokenMs?: number;
  tokenMs?: number;
  /** Takes the place of the repertoire in `script.ts`. */
  answer?: (request: ChatRequest) => ScriptedAnswer;
};

export type ModelStandIn = {
  /** `/v1/chat/completions` as every OpenAI-compatible endpoint has it. */
  routes: Hono<{ Bindings: HttpBindings }>;
  mode: ModelMode;
  /** The bodies it was sent, newest last. */
  requests: Record<string, unknown>[];
};

type Chat = Context<{ Bindings: HttpBindings }>;
type Body = {
  model: string;
  stream?: boolean;
  messages: { role: string; content: string | null }[];
  tools?: { function: { name: string } }[];
};

/** A language model that follows a script, for tests and the sandbox: it streams word by word and calls tools. */
function createModelStandIn(options: ModelOptions = {}): ModelStandIn {
  const routes = new Hono<{ Bindings: HttpBindings }>();
  const standIn: ModelStandIn = { routes, mode: 'prompt', requests: [] };
  routes.post('/v1/chat/completions', async (c) => {
    const { apiKey } = options;
    if (apiKey && c.req.header('authorization') !== `Bearer ${apiKey}`)
      return refuse(c, 401, 'invalid_api_key');
    const body: Body = await c.req.json();
    standIn.requests.push(body);
    if (standIn.mode === 'failing') return refuse(c, 500, 'server_error');
    if (standIn.mode === 'busy') return refuse(c, 429, 'rate_limit_exceeded');
    const toolNames = (body.tools ?? []).map((tool) => tool.function.name);
    const answer = (options.answer ?? answerOf)({ messages: body.messages, toolNames });
    return body.stream ? stream(c, standIn.mode, options, body, answer) : whole(c, body, answer);
  });
  return standIn;
}

/** The stand-in on a port of this machine. */
export async function startModelStandIn(options: ModelOptions = {}) {
  const standIn = createModelStandIn(options);
  const server = await new Promise<Server>((resolve) => {
    const started = serve({ fetch: standIn.routes.fetch, port: 0, hostname: '127.0.0.1' }, () =>
      resolve(started as Server),
    );
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    standIn,
    baseUrl: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function stream(c: Chat, mode: ModelMode, options: ModelOptions, body: Body, answer: ScriptedAnswer) {
  return streamSSE(c, (sse) => {
    if (mode === 'silent') return new Promise<void>((done) => sse.onAbort(done));
    if (mode === 'garbage') return sse.writeSSE({ data: '{"choices": [{"delta": ' });
    const finish = answer.calls?.length ? 'tool_calls' : 'stop';
    const deltas = [{ role: 'assistant', content: '' }, ...wordDeltas(answer), ...callDeltas(answer)];
    const chunks = [
      ...deltas.map((delta) => chunkOf(body.model, delta, null)),
      chunkOf(body.model, {}, finish),
    ].map((chunk) => JSON.stringify(chunk));
    return send(sse, mode === 'broken' ? chunks.slice(0, BREAKS_AT) : [...chunks, '[DONE]'], {
      first: mode === 'slow' ? (options.firstTokenMs ?? 0) : 0,
      next: mode === 'slow' ? (options.tokenMs ?? 0) : 0,
    }).then(() => (mode === 'broken' ? void c.env.incoming.socket.destroy() : undefined));
  });
}

async function send(sse: SSEStreamingApi, chunks: string[], waitMs: { first: number; next: number }) {
  for (const [index, data] of chunks.entries()) {
    const ms = index === 0 ? waitMs.first : waitMs.next;
    if (ms > 0) await sleep(ms);
    await sse.writeSSE({ data });
  }
}

const BREAKS_AT = 3;

function whole(c: Chat, body: Body, { text, calls = [] }: ScriptedAnswer) {
  const message = {
    role: 'assistant',
    content: text || null,
    ...(calls.length > 0 ? { tool_calls: calls.map((call, index) => toolCallOf(call, index)) } : {}),
  };
  const finish = calls.length > 0 ? 'tool_calls' : 'stop';
  const choices = [{ index: 0, message, finish_reason: finish }];
  return c.json({ ...envelope(body.model, 'chat.completion'), choices });
}

/** Words with the space before them, as models make them. */
function wordDeltas({ text }: ScriptedAnswer): object[] {
  return (text.match(/\s*\S+/g) ?? []).map((content) => ({ content }));
}

type Call = NonNullable<ScriptedAnswer['calls']>[number];

/** Each call in fragments: id and name first, then the arguments a few characters at a time. */
function callDeltas({ calls = [] }: ScriptedAnswer): object[] {
  return calls.flatMap((call, index) => {
    const { id, type, function: made } = toolCallOf(call, index);
    const parts = made.arguments.match(/.{1,7}/gs) ?? [];
    return [
      { tool_calls: [{ index, id, type, function: { name: made.name, arguments: '' } }] },
      ...parts.map((part) => ({ tool_calls: [{ index, function: { arguments: part } }] })),
    ];
  });
}

let madeCalls = 0;

function toolCallOf({ name, arguments: given }: Call, index: number) {
  madeCalls += 1;
  return {
    id: `call_${madeCalls}_${index}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(given) },
  };
}

function chunkOf(model: string, delta: object, finish: string | null) {
  return {
    ...envelope(model, 'chat.completion.chunk'),
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
}

function envelope(model: string, object: string) {
  return { id: 'chatcmpl-standin', object, created: 0, model };
}

function refuse(c: Chat, status: 401 | 429 | 500, code: string) {
  return c.json({ error: { message: `The stand-in model says ${code}.`, type: code, code } }, status);
}
