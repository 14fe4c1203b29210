import type { Deps } from '#operations/deps.ts';
import { keepWatches } from '#operations/keep-watches.ts';

/** What this process watches, for all processes to know: changes of nothing else are told of. */
export class Watches {
  readonly #deps: Pick<Deps, 'db' | 'clock' | 'log'>;
  readonly #processId: string;
  readonly #sockets = new Map<string, number>();
  #known: Promise<void> = Promise.resolve();
  /** Told after what is under way, with everything that has changed by then. */
  #next: Promise<void> | null = null;
  #renewAt = new Date(0);
  #isStale = false;

  constructor(deps: Pick<Deps, 'db' | 'clock' | 'log'>, processId: string) {
    this.#deps = deps;
    this.#processId = processId;
  }

  /** One more socket watches this. Resolves once every process knows that somebody does; rejects when that cannot be said. */
  async enter(topic: string): Promise<void> {
    const sockets = this.#sockets.get(topic) ?? 0;
    this.#sockets.set(topic, sockets + 1);
    this.#isStale = true;
    if (sockets === 0) await this.#tell();
    else await (this.#next ?? this.#known);
  }

  leave(topic: string): void {
    const sockets = (this.#sockets.get(topic) ?? 0) - 1;
    if (sockets > 0) this.#sockets.set(topic, sockets);
    else this.#sockets.delete(topic);
    this.#isStale = true;
  }

  /** Tells what has changed since, and that this process still lives; to be called every second or so. */
  async renew(): Promise<void> {
    if (this.#isStale || (this.#sockets.size > 0 && this.#deps.clock.now() >= this.#renewAt))
      await this.#tell();
  }

  /** Nobody watches anything here any more. */
  async stop(): Promise<void> {
    this.#sockets.clear();
    await this.#tell().catch((cause: unknown) =>
      this.#deps.log.warn(
        { cause },
        'the end of what was watched could not be told; it is forgotten by itself',
      ),
    );
  }

  #tell(): Promise<void> {
    this.#next ??= this.#known
      .catch(() => undefined)
      .then(() => {
        this.#next = null;
        this.#known = this.#tellNow();
        return this.#known;
      });
    return this.#next;
  }

  async #tellNow(): Promise<void> {
    this.#isStale = false;
    const watches = [...this.#sockets].map(([topic, sockets]) => ({ topic, sockets }));
    try {
      const { renewAt } = await keepWatches(this.#deps, { processId: this.#processId, watches });
      this.#renewAt = renewAt;
    } catch (cause) {
      this.#isStale = true;
      throw cause;
    }
  }
}
