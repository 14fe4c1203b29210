import { describe, expect, test } from 'vitest';
import { type BreakerEnding, isBreakerOpen } from '#domain/circuit-breaker.ts';

const DELIVERED: BreakerEnding = { outcome: 'delivered', failureClass: null };
const CARRIER_DOWN: BreakerEnding = { outcome: 'failed', failureClass: 'provider' };
const WRONG_NUMBER: BreakerEnding = { outcome: 'rejected', failureClass: 'invalid_number' };
const NOT_PLACED: BreakerEnding = { outcome: 'not_placed', failureClass: null };
const CALL_FAILED: BreakerEnding = { outcome: 'carrier_failed', failureClass: null };
const CALL_REFUSED: BreakerEnding = { outcome: 'carrier_failed', failureClass: 'provider' };
const BUSY: BreakerEnding = { outcome: 'busy', failureClass: null };
const THROTTLED: BreakerEnding = { outcome: 'throttled', failureClass: null };
const WITHDRAWN: BreakerEnding = { outcome: 'withdrawn', failureClass: null };

function endings(...groups: [number, BreakerEnding][]): BreakerEnding[] {
  return groups.flatMap(([count, ending]) => Array.from({ length: count }, () => ending));
}

describe('the circuit breaker', () => {
  test.each([
    ['half of the last twenty failed at the provider', endings([10, CARRIER_DOWN], [10, DELIVERED]), true],
    ['nine of the last twenty did', endings([9, CARRIER_DOWN], [11, DELIVERED]), false],
    ['all did, but there are only nineteen yet', endings([19, CARRIER_DOWN]), false],
    ['twenty wrong numbers are the list’s fault', endings([20, WRONG_NUMBER]), false],
    ['a provider that takes nothing has failed', endings([10, NOT_PLACED], [10, DELIVERED]), true],
    [
      'calls that the carrier fails have failed',
      endings([5, CALL_FAILED], [5, CALL_REFUSED], [10, BUSY]),
      true,
    ],
    ['people who are busy are no fault', endings([20, BUSY]), false],
    ['older failures are forgotten', endings([20, DELIVERED], [20, CARRIER_DOWN]), false],
    ['newer failures count in full', endings([20, CARRIER_DOWN], [200, DELIVERED]), true],
    ['what was never taken does not count', endings([20, THROTTLED], [10, CARRIER_DOWN]), false],
    ['and does not hide what was', endings([5, WITHDRAWN], [20, CARRIER_DOWN]), true],
    ['nothing happened yet', [], false],
  ])('%s', (_, list, open) => {
    expect(isBreakerOpen(list).open).toBe(open);
  });

  test('it tells what it counted', () => {
    expect(isBreakerOpen(endings([14, CARRIER_DOWN], [30, DELIVERED]))).toEqual({
      open: true,
      failures: 14,
      attempts: 20,
    });
  });

  test('a campaign may set its own window and percent', () => {
    expect(isBreakerOpen(endings([2, CARRIER_DOWN], [3, DELIVERED]), { attempts: 5, percent: 40 }).open).toBe(
      true,
    );
    expect(isBreakerOpen(endings([2, CARRIER_DOWN], [3, DELIVERED]), { attempts: 5, percent: 50 }).open).toBe(
      false,
    );
  });
});
