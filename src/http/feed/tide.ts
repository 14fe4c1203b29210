import type { Log } from '#ports/log.ts';
import type { ReadById } from './batched-read.ts';

/** At most four messages a second about one thing, on whatever socket. */
export const SHOWN_EVERY_MS = 250;
/** Changes of many things that come close together are read together. */
const READ_EVERY_MS = 20;

type TideOptions<Row> = {
  /** Its answers are never older than those before. */
  read: ReadById<Row>;
  /** The least time between two looks at whatever has changed; a moment by default. */
  readEveryMs?: number;
  /** Shows how a thing stands now; null: it is gone. False when everybody was shown that before. */
  show(id: number, row: Row | null): boolean;
  log: Log;
};

/**
 * Brings what changed to those who watch it: the first change of a thing at once, those that follow together and a quarter
 * of a second later, so that the last one is always shown. What could not be read is read with the next change of anything.
 */
export class Tide<Row> {
  readonly #options: TideOptions<Row>;
  readonly #changed = new Set<number>();
  readonly #shownAt = new Map<number, number>();
  #readAt = Number.NEGATIVE_INFINITY;
  #timer: { at: number; handle: NodeJS.Timeout } | null = null;
  #flowing: Promise<void> | null = null;
  #hasFailed = false;
  #isStopped = false;

  constructor(options: TideOptions<Row>) {
    this.#options = options;
  }

  changed(ids: readonly number[]): void {
    for (const id of ids) this.#changed.add(id);
    this.#plan(ids);
  }

  /** Resolves once nothing is being read any more; nothing is shown from now on. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer.handle);
    await this.#flowing;
  }

  /** Sees to it that there is a read as soon as one of these may be shown. */
  #plan(ids: Iterable<number>): void {
    if (this.#isStopped || this.#flowing !== null) return;
    let at = Number.POSITIVE_INFINITY;
    for (const id of ids) at = Math.min(at, this.#dueAt(id));
    at = Math.max(at, this.#readAt + (this.#options.readEveryMs ?? READ_EVERY_MS));
    if (at === Number.POSITIVE_INFINITY || (this.#timer && this.#timer.at <= at)) return;
    if (this.#timer) clearTimeout(this.#timer.handle);
    const handle = setTimeout(() => this.#flow(), Math.max(0, at - performance.now()));
    this.#timer = { at, handle };
  }

  #flow(): void {
    this.#timer = null;
    this.#readAt = performance.now();
    for (const [id, at] of this.#shownAt) {
      if (at + SHOWN_EVERY_MS <= this.#readAt) this.#shownAt.delete(id);
    }
    const due = [...this.#changed].filter((id) => !this.#shownAt.has(id));
    for (const id of due) this.#changed.delete(id);
    this.#flowing = this.#bring(due).then(() => {
      this.#flowing = null;
      if (!this.#hasFailed) this.#plan(this.#changed);
    });
  }

  async #bring(ids: number[]): Promise<void> {
    try {
      const rows = await this.#options.read(ids);
      this.#hasFailed = false;
      for (const id of this.#isStopped ? [] : ids) {
        if (this.#options.show(id, rows.get(id) ?? null)) this.#shownAt.set(id, performance.now());
      }
    } catch (cause) {
      for (const id of ids) this.#changed.add(id);
      const isNews = !this.#hasFailed;
      this.#hasFailed = true;
      if (isNews) this.#options.log.warn({ cause }, 'what changed could not be read for those who watch it');
    }
  }

  #dueAt(id: number): number {
    return (this.#shownAt.get(id) ?? Number.NEGATIVE_INFINITY) + SHOWN_EVERY_MS;
  }
}
