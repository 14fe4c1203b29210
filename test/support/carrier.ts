import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { CarrierSettings } from '#sandbox/carrier/carrier.ts';
import type { FaultName } from '#sandbox/carrier/faults.ts';
import { type CarrierClock, INSTANT } from '#sandbox/carrier/options.ts';
import { SPECIAL_PERSONAS } from '#sandbox/carrier/personas.ts';
import { signForm } from '#sandbox/carrier/signature.ts';
import { type RunningCarrier, startCarrierStandIn } from '#sandbox/carrier/start.ts';

export const ACCOUNT_SID = 'AC00000000000000000000000000000001';
export const AUTH_TOKEN = 'the-auth-token-of-the-stand-in';
export const SERVICE_SID = 'MG00000000000000000000000000000001';
/** Our numbers. `first` and `second` stand alone, `pooled` belongs to the messaging service, `voiceOnly` cannot text. */
export const OUR_NUMBERS = {
  first: '+12025550100',
  second: '+12025550101',
  pooled: '+12025550102',
  voiceOnly: '+12025550103',
  tollFree: '+18005550104',
};

export type TestCarrier = RunningCarrier & {
  /** Switches a fault on for a number of times (null: until switched off). */
  fail(name: FaultName, count?: number | null): void;
  heal(name: FaultName): void;
  /** Posts texts to our numbers to this address. */
  deliverTo(smsUrl: string): void;
  /** Asks at this address what to do with calls to our numbers. */
  putThroughTo(voiceUrl: string): void;
};

/** A carrier at no latency and no rate limit, on a free port; overrides bring the real ones back. */
export async function startCarrier(overrides: Partial<CarrierSettings> = {}): Promise<TestCarrier> {
  const carrier = await startCarrierStandIn({
    clock: { now: () => Date.now(), speed: 1 },
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    seed: 'test',
    latency: INSTANT,
    numbers: Object.values(OUR_NUMBERS).map((phoneNumber) => ({
      phoneNumber,
      sms: phoneNumber !== OUR_NUMBERS.voiceOnly,
      voice: true,
      segmentsPerSecond: Number.POSITIVE_INFINITY,
      smsUrl: null,
    })),
    services: [{ sid: SERVICE_SID, phoneNumbers: [OUR_NUMBERS.pooled], statusCallback: null }],
    slowAnswerMs: 2_000,
    ...overrides,
  });
  const { verbs } = carrier;
  return {
    ...carrier,
    fail: (name, count = 1) => verbs.switchFault({ id: `carrier:${name}`, isOn: true, count }),
    heal: (name) => verbs.switchFault({ id: `carrier:${name}`, isOn: false, count: null }),
    deliverTo: (smsUrl) => {
      for (const phoneNumber of Object.values(OUR_NUMBERS)) verbs.setSmsUrl(phoneNumber, smsUrl);
    },
    putThroughTo: (voiceUrl) => {
      for (const phoneNumber of Object.values(OUR_NUMBERS)) verbs.setVoiceUrl(phoneNumber, voiceUrl);
    },
  };
}

/** Time that stands still until it is moved; the carrier then acts only in `runDue` and `settled`. */
export function stillClock(at: number | string): CarrierClock & { move(ms: number): void } {
  let now = new Date(at).getTime();
  return {
    now: () => now,
    speed: 0,
    move: (ms) => {
      now += ms;
    },
  };
}

const AREA_CODES = ['212', '312', '415', '617', '702', '206', '305', '512', '602', '303'];

/** The number of a contact who behaves like this persona; another `index` is another contact. */
export function contactLike(personaId: string, index = 0): string {
  const ending = SPECIAL_PERSONAS.find((persona) => persona.id === personaId)?.ending;
  if (!ending) throw new Error(`No persona is called ${personaId}`);
  const area = AREA_CODES[index % AREA_CODES.length];
  const rest = Math.floor(index / AREA_CODES.length);
  const exchange = 200 + (Math.floor(rest / 100) % 700);
  return `+1${area}${exchange}${String(rest % 100).padStart(2, '0')}${ending}`;
}

export type Endpoint = { url: string; close(): Promise<void> };

/** Serves routes on any free port of this machine. */
export async function serveRoutes(routes: Hono): Promise<Endpoint> {
  return listenOn(createAdaptorServer({ fetch: routes.fetch }) as Server);
}

export type ReceivedWebhook = {
  path: string;
  params: Record<string, string>;
  headers: Record<string, string>;
  isSigned: boolean;
};

export type WebhookSink = Endpoint & {
  received: ReceivedWebhook[];
  /** Answers the next webhooks with these, then 204 again; `drop` breaks the connection. */
  answerNext(...answers: ('drop' | { status: number; contentType?: string; body?: string })[]): void;
};

/** Takes webhooks like a bot would, checks their signatures by the carrier's rule, and remembers them. */
export async function startWebhookSink(authToken = AUTH_TOKEN, port = 0): Promise<WebhookSink> {
  const received: ReceivedWebhook[] = [];
  const queue: Parameters<WebhookSink['answerNext']> = [];
  let url = '';
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const params = Object.fromEntries(new URLSearchParams(body));
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const path = request.url ?? '';
    const isSigned = headers['x-twilio-signature'] === signForm(authToken, url + path, params);
    received.push({ path, params, headers, isSigned });
    const answer = queue.shift() ?? { status: 204 };
    if (answer === 'drop') return request.socket.destroy();
    response.writeHead(answer.status, { 'Content-Type': answer.contentType ?? 'text/xml' });
    return response.end(answer.body ?? '');
  });
  const endpoint = await listenOn(server, port);
  url = endpoint.url;
  return { ...endpoint, received, answerNext: (...answers) => queue.push(...answers) };
}

/** Posts a form as the carrier would: signed over `signedUrl`, which is the address itself unless a test lies about it. */
export async function postSigned(
  address: string,
  params: Record<string, string>,
  lies: { token?: string; signedUrl?: string; signature?: string } = {},
): Promise<{ status: number; body: string }> {
  const signature = lies.signature ?? signForm(lies.token ?? AUTH_TOKEN, lies.signedUrl ?? address, params);
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'X-Twilio-Signature': signature,
  };
  const response = await fetch(address, {
    method: 'POST',
    headers,
    body: new URLSearchParams(params).toString(),
  });
  return { status: response.status, body: await response.text() };
}

/** Any server, on any free port unless one is named. */
export async function listenOn(server: Server, wanted = 0): Promise<Endpoint> {
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${port}`, close };
}
