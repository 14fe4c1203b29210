import type { Log } from '#ports/log.ts';
import { createBatchedRead, type ReadById } from './batched-read.ts';

/** At most four messages a second on one socket about one thing. */
const EVERY_MS = 250;

type TideOptions<Row> = {
  read: ReadById<Row>;
  /** Shows how a thing stands now; null: it is gone. Runs to its end at once. */
  show(id: number, row: Row | null): void;
  log: Log;
};

/**
 * Brings what changed to those who watch it: the first change at once, those that follow together and a quarter of a
 * second later. What could not be read is read with the next.
 */
export class Tide<Row> {
  /** Reads for whoever cannot wait; never older than what was shown before. */
  readonly read: ReadById<Row>;
  readonly #options: TideOptions<Row>;
  readonly #changed = new Set<number>();
  #timer: NodeJS.Timeout | null = null;
  #flowing: Promise<void> = Promise.resolve();
  #lastAt = Number.NEGATIVE_INFINITY;
  #isStopped = false;

  constructor(options: TideOptions<Row>) {
    this.#options = options;
    this.read = createBatchedRead(options.read);
  }

  changed(ids: Iterable<number>): void {
    for (const id of ids) this.#changed.add(id);
    if (this.#timer || this.#isStopped || this.#changed.size === 0) return;
    this.#timer = setTimeout(() => this.#flow(), Math.max(0, this.#lastAt + EVERY_MS - performance.now()));
  }

  /** Resolves once nothing is being read any more; nothing is shown after it. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#flowing;
  }

  #flow(): void {
    this.#flowing = this.#bring().then(() => {
      this.#timer = null;
      if (this.#changed.size > 0 && !this.#hasFailed) this.changed([]);
    });
  }
  #hasFailed = false;

  async #bring(): Promise<void> {
    const ids = [...this.#changed];
    this.#changed.clear();
    this.#lastAt = performance.now();
    try {
      const rows = await this.read(ids);
      this.#hasFailed = false;
      if (!this.#isStopped) for (const id of ids) this.#options.show(id, rows.get(id) ?? null);
    } catch (cause) {
      for (const id of ids) this.#changed.add(id);
      if (!this.#hasFailed)
        this.#options.log.warn({ cause }, 'what changed could not be read for those who watch it');
      this.#hasFailed = true;
    }
  }
}
