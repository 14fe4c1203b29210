/** Twilio answered, and not with a success. `code` is null when the body was none of Twilio's own. */
export class TwilioRefused extends Error {
  override name = 'TwilioRefused';
  readonly status: number;
  readonly code: number | null;
  readonly retryAfterMs: number | null;

  constructor(status: number, code: number | null, retryAfterMs: number | null) {
    super(`Twilio answered ${status}${code === null ? '' : ` (${code})`}`);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** There was no answer. `wasSent` is false only when the request certainly never left this machine. */
export class RequestLost extends Error {
  override name = 'RequestLost';
  readonly code: string;
  readonly wasSent: boolean;

  constructor(code: string, wasSent: boolean) {
    super(wasSent ? `No answer from Twilio (${code})` : `Twilio could not be reached (${code})`);
    this.code = code;
    this.wasSent = wasSent;
  }
}

const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * What a failed request means. The client's own errors carry our credentials in their headers (telephony.md §1), so
 * nothing of them is kept but the code.
 */
export function requestLost(error: unknown): RequestLost {
  const code = textField(error, 'code') ?? 'no code';
  const syscall = textField(fieldOf(error, 'cause'), 'syscall') ?? textField(error, 'syscall');
  const isConnecting = syscall === 'connect' || syscall === 'getaddrinfo';
  const isDeadline = code === 'ERR_CANCELED' || code === 'ECONNABORTED';
  return new RequestLost(isDeadline ? 'timeout' : code, !(NOT_CONNECTED.has(code) || isConnecting));
}

/** What an answer outside 2xx means; `body` is whatever came, JSON or not. */
export function answerRefused(status: number, body: unknown, headers: unknown): TwilioRefused {
  const code = Number(fieldOf(body, 'code') ?? Number.NaN);
  const seconds = Number(fieldOf(headers, 'retry-after') ?? Number.NaN);
  return new TwilioRefused(
    status,
    Number.isInteger(code) ? code : null,
    seconds >= 0 ? seconds * 1_000 : null,
  );
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function textField(value: unknown, name: string): string | null {
  const field = fieldOf(value, name);
  return typeof field === 'string' ? field : null;
}
