import { type Agent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { WebhookAnswer } from '#domain/webhook-delivery.ts';
import { PRIVATE, PRIVATE_CODE } from './private-address.ts';

type Outgoing = { url: URL; headers: Record<string, string>; body: string };
type Means = { agent: Agent; timeoutMs: number };

/** So much of an answer is kept, and so much is read before the connection is cut. */
const KEPT_BYTES = 1_024;
const READ_BYTES = 64 * 1_024;

/** Sends one request and takes what comes of it; never throws. */
export async function sendOnce(outgoing: Outgoing, means: Means): Promise<WebhookAnswer> {
  const startedAt = performance.now();
  const msSoFar = () => Math.round(performance.now() - startedAt);
  try {
    const { status, retryAfter, body } = await exchange(outgoing, means);
    return { kind: 'answered', status, ms: msSoFar(), body, retryAfterMs: readRetryAfter(retryAfter) };
  } catch (error) {
    return { kind: 'failed', problem: problemOf(error, means.timeoutMs), ms: msSoFar() };
  }
}

type Answer = { status: number; retryAfter: string | undefined; body: string };

async function exchange(outgoing: Outgoing, means: Means): Promise<Answer> {
  const deadline = createDeadline(means.timeoutMs);
  try {
    return await ask(outgoing, means, deadline);
  } catch (error) {
    // A connection that was kept open and closed by the other end just then: nothing of this request was read.
    if (error instanceof StaleSocket) return await ask(outgoing, means, deadline);
    throw error;
  } finally {
    deadline.clear();
  }
}

class StaleSocket extends Error {
  override name = 'StaleSocket';
}

/** Begins once a request has its socket: what waits behind others at a busy host has not been asked yet. */
function createDeadline(timeoutMs: number) {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: late.signal,
    begin() {
      timer ??= setTimeout(() => late.abort(), timeoutMs);
    },
    clear: () => clearTimeout(timer),
  };
}

function ask(
  { url, headers, body }: Outgoing,
  { agent }: Means,
  { signal, begin }: ReturnType<typeof createDeadline>,
): Promise<Answer> {
  const options: RequestOptions = {
    method: 'POST',
    agent,
    signal,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (response) => {
      resolve(read(response));
    });
    request.on('socket', begin);
    // Without this a changed protocol ends the connection, and neither an answer nor an error ever comes.
    request.on('upgrade', ({ statusCode: status = 0 }, socket) => {
      socket.destroy();
      resolve({ status, retryAfter: undefined, body: '' });
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      const isStale = request.reusedSocket && error.code === 'ECONNRESET';
      reject(isStale ? new StaleSocket(error.message) : error);
    });
    request.end(body);
  });
}

/** Its status counts however its body ends. */
function read(response: IncomingMessage): Promise<Answer> {
  const { statusCode: status = 0, headers } = response;
  const kept: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    const end = () =>
      resolve({ status, retryAfter: headers['retry-after'], body: textOf(Buffer.concat(kept)) });
    response.on('data', (chunk: Buffer) => {
      if (bytes < KEPT_BYTES) kept.push(chunk.subarray(0, KEPT_BYTES - bytes));
      bytes += chunk.length;
      if (bytes > READ_BYTES) response.destroy();
    });
    response.on('error', end);
    response.on('close', end);
  });
}

/** PostgreSQL keeps no NUL in a text. */
function textOf(bytes: Buffer): string {
  return bytes.toString('utf8').replaceAll('\0', '\uFFFD');
}

/** Seconds; a date is not worth the trouble of somebody else's clock. */
function readRetryAfter(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) * 1_000 : null;
}

const PROBLEMS: Record<string, string> = {
  [PRIVATE_CODE]: PRIVATE,
  ENOTFOUND: 'Its host name cannot be found.',
  EAI_AGAIN: 'Its host name could not be looked up.',
  ECONNREFUSED: 'Nobody answers at its address.',
  EHOSTUNREACH: 'Its address cannot be reached.',
  ENETUNREACH: 'Its address cannot be reached.',
  ECONNRESET: 'It cut the connection without an answer.',
  EPIPE: 'It cut the connection without an answer.',
  EPROTO: 'It does not speak https at this port.',
  CERT_HAS_EXPIRED: 'Its certificate has expired.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is for another name.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'Its certificate is signed by itself.',
  SELF_SIGNED_CERT_IN_CHAIN: 'Its certificate is signed by nobody that browsers trust.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its certificate comes without those that it rests on.',
};

function problemOf(error: unknown, timeoutMs: number): string {
  const { name, code = '' } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError')
    return `It gave no answer within ${Math.round(timeoutMs / 1_000)} seconds.`;
  if (code.startsWith('HPE_')) return 'What it answered cannot be read as HTTP.';
  return PROBLEMS[code] ?? `It could not be reached (${code || name}).`;
}
