const SECOND_MS = 1_000;
const LONGEST_WAIT_MS = 2_000;

/** Lets so many through a second, and as many at once; the others wait their turn, but not for long. */
export class Pace {
  readonly #everyMs: number;
  #nextAt = performance.now() - SECOND_MS;

  constructor(perSecond: number) {
    this.#everyMs = SECOND_MS / perSecond;
  }

  /** Resolves when it is one's turn; with false at once when that is more than two seconds away. */
  async turn(): Promise<boolean> {
    const now = performance.now();
    const at = Math.max(this.#nextAt + this.#everyMs, now - SECOND_MS + this.#everyMs);
    const waitMs = at - now;
    if (waitMs > LONGEST_WAIT_MS) return false;
    this.#nextAt = at;
    if (waitMs > 0) await new Promise((over) => setTimeout(over, waitMs));
    return true;
  }
}
