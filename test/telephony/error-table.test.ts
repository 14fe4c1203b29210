import { describe, expect, it } from 'vitest';
import { CONSEQUENCES, type FailureClass } from '#domain/failure.ts';
import { refusalFor } from '#telephony/twilio/error-table.ts';
import { placeResultOf } from '#telephony/twilio/place-result.ts';
import { answerRefused, RequestLost, requestLost, TwilioRefused } from '#telephony/twilio/request-problem.ts';

const CLASSES: [code: number, failure: FailureClass][] = [
  [20003, 'account'],
  [20404, 'account'],
  [21608, 'account'],
  [21609, 'account'],
  [30002, 'account'],
  [21205, 'account'],
  [21219, 'account'],
  [21210, 'sender'],
  [21212, 'sender'],
  [21603, 'sender'],
  [21606, 'sender'],
  [21703, 'sender'],
  [21215, 'region'],
  [21408, 'region'],
  [21211, 'invalid_number'],
  [21214, 'invalid_number'],
  [21217, 'invalid_number'],
  [21216, 'not_callable'],
  [30005, 'invalid_number'],
  [21614, 'not_textable'],
  [30006, 'not_textable'],
  [21612, 'not_textable'],
  [30640, 'not_textable'],
  [21610, 'opted_out'],
  [21617, 'content'],
  [30007, 'filtered'],
  [30032, 'filtered'],
  [30034, 'filtered'],
  [30450, 'filtered'],
  [30003, 'unreachable'],
  [30610, 'unreachable'],
  [30004, 'blocked'],
  [30008, 'blocked'],
  [30001, 'provider'],
  [30036, 'provider'],
];

describe('Twilio’s error codes', () => {
  it.each(CLASSES)('%i is %s', (code, failure) => {
    const refusal = refusalFor(code);
    expect(refusal).toMatchObject({ class: failure, code: String(code) });
    expect(refusal.fix).toMatch(/^[A-Z][^\n]{20,}\.$/);
    expect(CONSEQUENCES).toHaveProperty(failure);
  });

  it('a code nobody foresaw is the provider’s fault and says where to look', () => {
    expect(refusalFor(39999)).toEqual({
      class: 'provider',
      code: '39999',
      fix: 'Twilio reported error 39999. Look it up at twilio.com/docs/api/errors/39999.',
    });
  });
});

describe('what became of a create', () => {
  it.each<[name: string, problem: unknown, expected: object]>([
    [
      '429 without a body',
      new TwilioRefused(429, null, null),
      { kind: 'throttled', retryAfterMs: 1_000, code: '429' },
    ],
    [
      '429 that says for how long',
      new TwilioRefused(429, 20429, 7_000),
      { kind: 'throttled', retryAfterMs: 7_000 },
    ],
    [
      'a full queue, whatever its status',
      new TwilioRefused(400, 21611, null),
      { kind: 'throttled', retryAfterMs: 60_000 },
    ],
    ['a refusal with a code', new TwilioRefused(400, 21211, null), { kind: 'rejected' }],
    ['a refusal without a code', new TwilioRefused(403, null, null), { kind: 'unknown' }],
    ['a redirect', new TwilioRefused(302, null, null), { kind: 'unknown' }],
    ['an error of the server, even with a code', new TwilioRefused(503, 20503, null), { kind: 'unknown' }],
    [
      'an error of the server that claims a full queue',
      new TwilioRefused(500, 21611, null),
      { kind: 'unknown' },
    ],
    ['a lost answer', new RequestLost('timeout', true), { kind: 'unknown', cause: 'timeout' }],
    [
      'a request that never left',
      new RequestLost('ENOTFOUND', false),
      { kind: 'throttled', retryAfterMs: 5_000 },
    ],
    [
      'an answer nobody can read',
      new SyntaxError('Unexpected token'),
      { kind: 'unknown', cause: 'unreadable answer' },
    ],
  ])('%s', (_name, problem, expected) => {
    expect(placeResultOf(problem)).toMatchObject(expected);
  });
});

describe('a request without an answer', () => {
  it.each<[code: string, syscall: string | undefined, wasSent: boolean]>([
    ['ECONNREFUSED', 'connect', false],
    ['ENOTFOUND', 'getaddrinfo', false],
    ['EAI_AGAIN', 'getaddrinfo', false],
    ['ETIMEDOUT', 'connect', false],
    ['CERT_HAS_EXPIRED', undefined, false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', undefined, false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', undefined, false],
    ['ECONNRESET', 'read', true],
    ['ECONNRESET', undefined, true],
    ['EPIPE', 'write', true],
    ['ETIMEDOUT', 'read', true],
    ['ECONNABORTED', undefined, true],
    ['ERR_CANCELED', undefined, true],
    ['ERR_BAD_RESPONSE', undefined, true],
  ])('%s (%s) was sent: %s', (code, syscall, wasSent) => {
    const error = Object.assign(new Error('x'), { code, cause: { syscall } });
    expect(requestLost(error).wasSent).toBe(wasSent);
  });

  it('was perhaps sent when the error has no code at all', () => {
    expect(requestLost(new Error('x')).wasSent).toBe(true);
    expect(requestLost('x').wasSent).toBe(true);
  });
});

describe('an answer that is no success', () => {
  it.each<[name: string, body: unknown, headers: unknown, expected: object]>([
    ['Twilio’s JSON', { code: 21211, message: 'no' }, {}, { code: 21211, retryAfterMs: null }],
    ['the newer problem JSON', { type: 't', title: 'x', status: 400, code: 20001 }, {}, { code: 20001 }],
    ['a code as text', { code: '20429' }, { 'retry-after': '3' }, { code: 20429, retryAfterMs: 3_000 }],
    ['an HTML page', '<html>', {}, { code: null, retryAfterMs: null }],
    ['nothing', '', undefined, { code: null }],
    ['JSON null', null, null, { code: null }],
    ['a pause in words', { code: 20429 }, { 'retry-after': 'soon' }, { retryAfterMs: null }],
  ])('%s', (_name, body, headers, expected) => {
    expect(answerRefused(400, body, headers)).toMatchObject(expected);
  });
});
