import { describe, expect, it } from 'vitest';
import { deliveryOf } from '#sandbox/carrier/connection-overrides.ts';

const ADDRESS = 'https://bot.example.com/twilio/status?attempt=1';
const DEFAULTS = { connectMs: 5_000, readMs: 15_000, totalMs: 15_000, retries: 1, retryOn: new Set(['ct']) };

const CASES: [name: string, fragment: string, expected: object][] = [
  ['without overrides only a failed connection is tried again, once', '', {}],
  [
    'five retries after any failure',
    '#rc=5&rp=all',
    { retries: 5, retryOn: new Set(['ct', 'rt', '4xx', '5xx']) },
  ],
  ['a list of policies', '#rp=5xx,rt', { retryOn: new Set(['rt', '5xx']) }],
  ['timeouts', '#ct=1000&rt=2000&tt=3000', { connectMs: 1_000, readMs: 2_000, totalMs: 3_000 }],
  [
    'values beyond the limits are held at the limits',
    '#rc=99&ct=1&rt=99999',
    { retries: 5, connectMs: 100, readMs: 15_000 },
  ],
  ['nonsense changes nothing', '#rc=many&rp=', { retryOn: new Set([]) }],
];

describe('connection overrides in a webhook’s address', () => {
  it.each(CASES)('%s', (_name, fragment, expected) => {
    expect(deliveryOf(ADDRESS + fragment)).toEqual({ ...DEFAULTS, ...expected });
  });
});
