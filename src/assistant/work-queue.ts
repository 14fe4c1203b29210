/** Work done one piece after the other, in the order it came. What breaks is told, and the next piece goes on. */
export class WorkQueue {
  readonly #onBroken: (cause: unknown) => void;
  #tail: Promise<void> = Promise.resolve();

  constructor(onBroken: (cause: unknown) => void) {
    this.#onBroken = onBroken;
  }

  /** Resolves once everything that was added so far is done. */
  get settled(): Promise<void> {
    return this.#tail;
  }

  add(work: () => Promise<void> | void): void {
    this.#tail = this.#tail.then(work).catch(this.#onBroken);
  }

  /** The same, for whoever waits for what comes of it. */
  ask<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.add(() => work().then(resolve, reject));
    });
  }
}
