/** Work that nobody waits for, and can still be waited for or called off. */
export type Background = {
  /** Runs at once or later; failures are the work's own to handle. */
  after(delayMs: number, work: () => Promise<void>): void;
  /** Resolves when nothing runs; work that has not begun does not count. */
  settled(): Promise<void>;
  close(): void;
};

export function createBackground(): Background {
  const underWay = new Set<Promise<void>>();
  const timers = new Set<NodeJS.Timeout>();
  let isClosed = false;

  return {
    after(delayMs, work) {
      if (isClosed) return;
      if (delayMs <= 0) {
        begin(work);
        return;
      }
      const timer = setTimeout(() => {
        timers.delete(timer);
        begin(work);
      }, delayMs);
      timers.add(timer);
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    close() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };

  function begin(work: () => Promise<void>): void {
    const running = work().finally(() => underWay.delete(running));
    underWay.add(running);
  }
}
