import { describe, expect, test } from 'vitest';
import {
  judgeAnswer,
  problemOf,
  restAfter,
  seemsDown,
  type WebhookAnswer,
} from '#domain/webhook-delivery.ts';

const answered = (status: number, retryAfterMs: number | null = null): WebhookAnswer => ({
  kind: 'answered',
  status,
  ms: 12,
  body: '',
  retryAfterMs,
});
const failed: WebhookAnswer = { kind: 'failed', problem: 'Nobody answers at its address.', ms: 3 };
const MINUTE = 60_000;

describe('an answer', () => {
  test.each([200, 201, 202, 204, 299])('of %i is taken', (status) => {
    expect(judgeAnswer(answered(status), 1)).toEqual({ kind: 'delivered' });
    expect(problemOf(answered(status))).toBeNull();
  });

  test.each([100, 301, 302, 307, 400, 401, 404, 429, 500, 503])(
    'of %i is not, and is tried again',
    (status) => {
      expect(judgeAnswer(answered(status), 1)).toEqual({ kind: 'again', afterMs: MINUTE, restMs: 0 });
      expect(problemOf(answered(status))).toMatch(new RegExp(`^It answered ${status}`));
    },
  );

  test('of 410 means gone for good', () => {
    expect(judgeAnswer(answered(410), 1)).toEqual({ kind: 'gone' });
  });

  test('that asks to wait is heeded for up to an hour', () => {
    expect(judgeAnswer(answered(429, 90_000), 1)).toMatchObject({ restMs: 90_000 });
    expect(judgeAnswer(answered(503, 86_400_000), 1)).toMatchObject({ restMs: 60 * MINUTE });
  });
});

test('tries come later and later, ten more over two days and a third, and then it is given up', () => {
  const waits = Array.from({ length: 11 }, (_, tried) => judgeAnswer(failed, tried + 1)).map((verdict) =>
    verdict.kind === 'again' ? verdict.afterMs / MINUTE : verdict.kind,
  );
  expect(waits).toEqual([1, 5, 15, 30, 60, 120, 240, 480, 960, 1_440, 'given_up']);
  expect(problemOf(failed)).toBe('Nobody answers at its address.');
});

test.each([
  [0, 0],
  [4, 0],
  [5, 30_000],
  [6, 60_000],
  [9, 480_000],
  [10, 900_000],
  [4_000, 900_000],
])('after %i failures in a row nothing is sent for %i ms', (failures, ms) => {
  expect(restAfter(failures)).toBe(ms);
  expect(seemsDown(failures)).toBe(ms > 0);
});
