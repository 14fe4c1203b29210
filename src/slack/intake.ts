import type { App } from '@slack/bolt';
import type { Log } from '#ports/log.ts';
import { failureCode } from './errors.ts';
import { LIMITS } from './limits.ts';

/** A request of Slack's, parsed: an event, a command or an interaction. */
export type SlackBody = Record<string, unknown>;

/** What Slack gets back. `body` undefined is an empty 200. */
export type SlackAnswer = { status: 200 | 500 | 503; body?: unknown };

/** A request that is stored before Slack is answered and worked on by a job. `key` is the same for a repetition. */
export type StoredRequest = { key: string; kind: 'event' | 'command' | 'action' };

export type IntakeOptions = {
  log: Log;
  /** Null: a person waits for the answer, so it is worked on at once. */
  storedAs(body: SlackBody): StoredRequest | 'ignore' | null;
  /** One insert; must be on disk when it returns. */
  store(request: StoredRequest & { payload: SlackBody }): Promise<unknown>;
  ackTimeoutMs?: number;
};

/** The one way in, whichever transport a request came by. */
export type Intake = {
  connect(app: App): void;
  answer(body: SlackBody): Promise<SlackAnswer>;
  /** Resolves when nothing is being worked on any more. */
  settle(): Promise<void>;
};

/** Slack waits 3 s; what we say must have crossed the wire by then. */
const ACK_TIMEOUT_MS = LIMITS.ackMs - 200;

export function createIntake(options: IntakeOptions): Intake {
  let connected: App | null = null;
  const working = new Set<Promise<void>>();

  return {
    connect(app) {
      connected = app;
    },
    async answer(body) {
      const stored = options.storedAs(body);
      if (stored === 'ignore') return { status: 200 };
      if (stored) return storeFirst(stored, body, options);
      if (!connected) return { status: 503 };
      return workNow(connected, body, options, working);
    },
    async settle() {
      while (working.size > 0) await Promise.allSettled(working);
    },
  };
}

async function storeFirst(
  request: StoredRequest,
  body: SlackBody,
  options: IntakeOptions,
): Promise<SlackAnswer> {
  try {
    await options.store({ ...request, payload: withoutToken(body) });
    return { status: 200 };
  } catch (error) {
    options.log.error({ err: error, kind: request.kind }, 'a Slack request could not be stored');
    return { status: 503 };
  }
}

/**
 * Lets the listeners answer. The first `ack` wins; without one the request is acknowledged when the listeners are done. Past
 * the deadline Slack is told 503, so that the person sees a failure instead of a silent success; the work goes on.
 */
function workNow(
  app: App,
  body: SlackBody,
  options: IntakeOptions,
  working: Set<Promise<void>>,
): Promise<SlackAnswer> {
  const { promise, resolve } = Promise.withResolvers<SlackAnswer>();
  const kind = typeof body.type === 'string' ? body.type : 'command';
  const deadline = setTimeout(() => {
    options.log.warn({ kind }, 'a Slack request was not acknowledged in time');
    resolve({ status: 503 });
  }, options.ackTimeoutMs ?? ACK_TIMEOUT_MS);
  const ack = async (response?: unknown) => resolve({ status: 200, body: response ?? undefined });
  const work = app
    .processEvent({ body, ack })
    .then(() => resolve({ status: 200 }))
    .catch((error: unknown) => {
      options.log.error({ err: error, code: failureCode(error), kind }, 'a Slack listener failed');
      resolve({ status: 500 });
    })
    .finally(() => {
      clearTimeout(deadline);
      working.delete(work);
    });
  working.add(work);
  return promise;
}

/** The old verification token is a secret that nobody needs any more. */
function withoutToken(body: SlackBody): SlackBody {
  const { token: _, ...rest } = body;
  return rest;
}
