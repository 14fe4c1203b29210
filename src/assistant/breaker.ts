/** Whether the model may be asked, over all conversations of this process. */
export type ModelBreaker = { isOpen(nowMs: number): boolean; succeeded(): void; failed(nowMs: number): void };

const FAILURES_IN_A_ROW = 5;
const REST_MS = 30_000;

/**
 * Lets a model that fails again and again rest: conversations that begin meanwhile follow their script instead of
 * keeping people waiting one by one. In real time, and a matter of speed only: no promise to anybody hangs on it.
 */
export function createModelBreaker(): ModelBreaker {
  let failures = 0;
  let openUntilMs = 0;
  return {
    isOpen: (nowMs) => nowMs < openUntilMs,
    succeeded() {
      failures = 0;
    },
    failed(nowMs) {
      failures += 1;
      if (failures < FAILURES_IN_A_ROW) return;
      openUntilMs = nowMs + REST_MS;
      failures = 0;
    },
  };
}
