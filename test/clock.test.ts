import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sandboxClock } from '#clock.ts';

const REAL = Date.UTC(2026, 10, 24, 12);
const PRODUCT = Date.UTC(2027, 0, 5, 9);

describe('time in a sandbox', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: REAL, toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('product time runs faster and comes back to the wall instant it was taken at', () => {
    const clock = sandboxClock({ realEpochMs: REAL, productEpochMs: PRODUCT, speed: 60 });
    vi.setSystemTime(REAL + 1_000);
    expect(clock.now().getTime()).toBe(PRODUCT + 60_000);
    expect(clock.toReal(clock.now()).getTime()).toBe(REAL + 1_000);
  });

  test('waits for machines take as long as they take, however fast product time runs', () => {
    const clock = sandboxClock({ realEpochMs: REAL, productEpochMs: PRODUCT, speed: 60 });
    expect(clock.toReal(clock.realDelay(30_000)).getTime()).toBe(REAL + 30_000);
  });

  test('in haste they all end that many times sooner, and product time runs as before', () => {
    const clock = sandboxClock({ realEpochMs: REAL, productEpochMs: PRODUCT, speed: 60, haste: 20 });
    expect(clock.toReal(clock.realDelay(30_000)).getTime()).toBe(REAL + 1_500);
    vi.setSystemTime(REAL + 1_000);
    expect(clock.now().getTime()).toBe(PRODUCT + 60_000);
  });
});
