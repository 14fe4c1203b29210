import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ACCOUNT_SID, AUTH_TOKEN, type Endpoint, listenOn } from '#support/carrier.ts';

export type AskedOfTwilio = {
  method: string;
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
  hasCredentials: boolean;
  encodings: string | undefined;
  range: string | undefined;
};

export type TwilioAnswer = { status?: number; json?: unknown; raw?: (response: ServerResponse) => void };

export type ScriptedTwilio = Endpoint & {
  asked: AskedOfTwilio[];
  /** What it says to whatever it is asked. */
  answer: (asked: AskedOfTwilio) => TwilioAnswer;
};

export const CREDENTIALS = `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}`;

/** An API that keeps what it was asked, and answers as a test wants it. */
export async function startScriptedTwilio(): Promise<ScriptedTwilio> {
  const asked: AskedOfTwilio[] = [];
  const server = createServer(async (request, response) => {
    const one = await read(request);
    asked.push(one);
    const { status = 200, json = {}, raw } = twilio.answer(one);
    if (raw) return raw(response);
    response.writeHead(status, { 'Content-Type': 'application/json' });
    return response.end(status === 204 ? '' : JSON.stringify(json));
  });
  const twilio: ScriptedTwilio = { ...(await listenOn(server)), asked, answer: () => ({}) };
  return twilio;
}

/** A call as the API shows it. */
export function callResource(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    sid: 'CA00000000000000000000000000000001',
    account_sid: ACCOUNT_SID,
    date_created: 'Mon, 02 Mar 2026 15:00:00 +0000',
    date_updated: 'Mon, 02 Mar 2026 15:00:00 +0000',
    start_time: null,
    end_time: null,
    status: 'queued',
    duration: null,
    price: null,
    price_unit: 'USD',
    answered_by: null,
    direction: 'outbound-api',
    queue_time: '0',
    ...change,
  };
}

/** A refusal as the API words it. */
export function refusal(status: number, code: number): TwilioAnswer {
  return { status, json: { status, code, message: 'no', more_info: '' } };
}

async function read(request: IncomingMessage): Promise<AskedOfTwilio> {
  let body = '';
  for await (const chunk of request) body += chunk;
  const url = new URL(request.url ?? '/', 'http://twilio');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    form: new URLSearchParams(body),
    hasCredentials: request.headers.authorization === CREDENTIALS,
    encodings: request.headers['accept-encoding']?.toString(),
    range: request.headers.range,
  };
}
