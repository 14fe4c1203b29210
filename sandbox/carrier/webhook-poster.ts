import { randomUUID } from 'node:crypto';
import {
  type ClientRequest,
  type IncomingMessage,
  Agent as PlainAgent,
  request as plainRequest,
} from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { type Delivery, deliveryOf, type FailedTry } from './connection-overrides.ts';
import { signForm, withoutFragment } from './signature.ts';

export type WebhookAnswer = { status: number; contentType: string; body: string };
export type WebhookOutcome = { answer: WebhookAnswer | null; problem: string; durationMs: number };

/** A form to post, or to put into the address. `signWith` is the account's token, unless a forger sends it. */
export type Webhook = {
  url: string;
  params: Record<string, string>;
  signWith: string;
  method?: 'GET' | 'POST';
};

/** `firstTry` settles after one request, `done` after the last retry; neither ever rejects. */
export type Posting = { firstTry: Promise<WebhookOutcome>; done: Promise<WebhookOutcome> };

const MOST_CONNECTIONS = 50;
const FIRST_RETRY_MS = 250;

/** Posts webhooks over kept-alive connections, as often as the connection overrides of their address say. */
export class WebhookPoster {
  readonly #agents = {
    'http:': new PlainAgent({ keepAlive: true, maxSockets: MOST_CONNECTIONS }),
    'https:': new SecureAgent({ keepAlive: true, maxSockets: MOST_CONNECTIONS }),
  };
  readonly #pauses = new Set<() => void>();
  readonly #onTry: (webhook: Webhook, outcome: WebhookOutcome) => void;
  #underWay = 0;
  #isClosed = false;

  constructor(onTry: (webhook: Webhook, outcome: WebhookOutcome) => void) {
    this.#onTry = onTry;
  }

  /** Postings whose last try is not over. */
  get underWay(): number {
    return this.#underWay;
  }

  post(wanted: Webhook): Posting {
    const webhook = wanted.method === 'GET' ? inAddress(wanted) : wanted;
    const delivery = deliveryOf(webhook.url);
    const headers = headersOf(webhook);
    const startedAt = performance.now();
    this.#underWay += 1;
    const firstTry = this.#try(webhook, headers, delivery);
    const done = firstTry
      .then((outcome) => this.#retry(webhook, headers, delivery, outcome, startedAt))
      .finally(() => {
        this.#underWay -= 1;
      });
    return { firstTry, done };
  }

  close(): void {
    this.#isClosed = true;
    for (const endPause of this.#pauses) endPause();
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  async #retry(
    webhook: Webhook,
    headers: Record<string, string>,
    delivery: Delivery,
    first: WebhookOutcome,
    startedAt: number,
  ): Promise<WebhookOutcome> {
    let outcome = first;
    for (let retry = 0; retry < delivery.retries; retry += 1) {
      const failure = failureOf(outcome);
      if (!failure || !delivery.retryOn.has(failure)) break;
      const pause = FIRST_RETRY_MS * 2 ** retry;
      if (performance.now() - startedAt + pause > delivery.totalMs) break;
      await this.#pause(pause);
      if (this.#isClosed) break;
      outcome = await this.#try(webhook, headers, delivery);
    }
    return outcome;
  }

  async #try(webhook: Webhook, headers: Record<string, string>, delivery: Delivery): Promise<WebhookOutcome> {
    const startedAt = performance.now();
    const outcome = await this.#send(webhook, headers, delivery).then(
      (answer) => ({ answer, problem: '' }),
      (error: NodeJS.ErrnoException) => ({ answer: null, problem: error.code ?? error.message }),
    );
    const timed = { ...outcome, durationMs: performance.now() - startedAt };
    this.#onTry(webhook, timed);
    return timed;
  }

  #send(
    { url, params, method = 'POST' }: Webhook,
    headers: Record<string, string>,
    delivery: Delivery,
  ): Promise<WebhookAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<WebhookAnswer>();
    const target = targetOf(url);
    const body = method === 'POST' ? new URLSearchParams(params).toString() : '';
    const send = (isSecondSocket: boolean) => {
      const request = this.#open(target, method, headers, delivery);
      request.on('response', (response) => readAnswer(response).then(resolve, reject));
      request.on('error', (error) => {
        // A kept-alive connection that the other side closed meanwhile is no failure of the delivery.
        if (request.reusedSocket && !isSecondSocket && !this.#isClosed) send(true);
        else reject(error);
      });
      request.end(body);
    };
    if (target) send(false);
    else reject(new Error('bad address'));
    return promise;
  }

  #open(
    target: Target | null,
    method: string,
    headers: Record<string, string>,
    delivery: Delivery,
  ): ClientRequest {
    const isSecure = target?.protocol === 'https:';
    const agent = this.#agents[isSecure ? 'https:' : 'http:'];
    const options = {
      host: target?.host,
      port: target?.port,
      path: target?.path,
      method,
      headers,
      agent,
    };
    const request = isSecure ? secureRequest(options) : plainRequest(options);
    request.setTimeout(delivery.readMs, () => request.destroy(timeoutError('ETIMEDOUT')));
    request.on('socket', (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => request.destroy(timeoutError('ECONNTIMEOUT')), delivery.connectMs);
      socket.once('connect', () => clearTimeout(timer));
      socket.once('close', () => clearTimeout(timer));
    });
    return request;
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#pauses.add(resolve);
    await promise;
    clearTimeout(timer);
    this.#pauses.delete(resolve);
  }
}

type Target = { protocol: string; host: string; port: string; path: string };

/** The parts of an address with its path and query untouched: the signature covers every character of them. */
function targetOf(url: string): Target | null {
  const match = /^(https?:)\/\/(\[[^\]]+\]|[^/?#:@]+)(?::(\d+))?([^#]*)/i.exec(url);
  if (!match?.[1] || !match[2]) return null;
  const protocol = match[1].toLowerCase();
  const rest = match[4] ?? '';
  return {
    protocol,
    host: match[2].replace(/^\[|\]$/g, ''),
    port: match[3] ?? (protocol === 'https:' ? '443' : '80'),
    path: rest.startsWith('/') ? rest : `/${rest}`,
  };
}

/** A GET carries its fields in the address, which alone is signed. */
function inAddress({ url, params, ...webhook }: Webhook): Webhook {
  const address = withoutFragment(url);
  const joint = address.includes('?') ? '&' : '?';
  const fragment = url.slice(address.length);
  return { ...webhook, url: `${address}${joint}${new URLSearchParams(params)}${fragment}`, params: {} };
}

function headersOf(webhook: Webhook): Record<string, string> {
  return {
    'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'User-Agent': 'TwilioProxy/1.1',
    Accept: '*/*',
    'X-Twilio-Signature': signForm(webhook.signWith, withoutFragment(webhook.url), webhook.params),
    'I-Twilio-Idempotency-Token': randomUUID(),
  };
}

function readAnswer(response: IncomingMessage): Promise<WebhookAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<WebhookAnswer>();
  let body = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    body += chunk;
  });
  response.on('error', reject);
  response.on('end', () => {
    resolve({ status: response.statusCode ?? 0, contentType: response.headers['content-type'] ?? '', body });
  });
  return promise;
}

function failureOf(outcome: WebhookOutcome): FailedTry | null {
  if (!outcome.answer)
    return outcome.problem === 'ETIMEDOUT' || outcome.problem === 'ECONNRESET' ? 'rt' : 'ct';
  if (outcome.answer.status >= 500) return '5xx';
  return outcome.answer.status >= 400 ? '4xx' : null;
}

function timeoutError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}
