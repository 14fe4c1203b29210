import type { App, Receiver } from '@slack/bolt';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Log } from '#ports/log.ts';
import type { Intake, SlackAnswer, SlackBody } from './intake.ts';
import { LIMITS } from './limits.ts';
import { isSigned } from './signature.ts';

export type HttpReceiverOptions = {
  intake: Intake;
  signingSecret: string;
  log: Log;
  /** The wall clock: Slack signs with it, however fast the product's time runs. */
  wallClock?(): number;
};

/** Bolt's door on our own HTTP server: `POST /slack/events` for events, commands and interactions alike. */
export class HttpReceiver implements Receiver {
  readonly routes: Hono;
  readonly #intake: Intake;

  constructor(options: HttpReceiverOptions) {
    this.#intake = options.intake;
    this.routes = slackRoutes(options);
  }

  init(app: App): void {
    this.#intake.connect(app);
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    await this.#intake.settle();
  }
}

function slackRoutes({ intake, signingSecret, log, wallClock = Date.now }: HttpReceiverOptions): Hono {
  const routes = new Hono();
  const tooLarge = () => new Response('The request is too large.', { status: 413 });
  routes.post('/slack/events', bodyLimit({ maxSize: LIMITS.requestBytes, onError: tooLarge }), async (c) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const request = {
      timestamp: c.req.header('x-slack-request-timestamp'),
      signature: c.req.header('x-slack-signature'),
      body: bytes,
    };
    if (!isSigned(request, signingSecret, wallClock())) {
      log.warn({ bytes: bytes.length }, 'a request to the Slack address was not signed by Slack');
      return c.text('The signature does not match.', 401);
    }
    const body = parseBody(new TextDecoder().decode(bytes), c.req.header('content-type') ?? '');
    if (!body) return c.text('This is not a request of Slack’s.', 400);
    if (body.ssl_check === '1') return c.body(null, 200);
    if (body.type === 'url_verification') return c.json({ challenge: String(body.challenge ?? '') });
    return toResponse(await intake.answer(body));
  });
  return routes;
}

/** JSON, or a form whose `payload` field holds JSON, or a plain form; a charset behind the type does no harm. */
function parseBody(text: string, contentType: string): SlackBody | null {
  if (contentType.split(';')[0]?.trim().toLowerCase() === 'application/json') return parseObject(text);
  const form = new URLSearchParams(text);
  const payload = form.get('payload');
  return payload === null ? Object.fromEntries(form) : parseObject(payload);
}

function parseObject(text: string): SlackBody | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as SlackBody) : null;
  } catch {
    return null;
  }
}

function toResponse({ status, body }: SlackAnswer): Response {
  if (body === undefined || body === '') return new Response(null, { status });
  return typeof body === 'string' ? new Response(body, { status }) : Response.json(body, { status });
}
