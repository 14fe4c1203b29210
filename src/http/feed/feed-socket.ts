/** What the server's socket can do beyond what Hono shows of it. */
export type Wire = {
  readonly bufferedAmount: number;
  send(data: string | Uint8Array, options: { binary: boolean }, sent: (problem?: Error) => void): void;
  ping(): void;
  on(event: 'pong', heard: () => void): void;
  close(code: number, reason: string): void;
  terminate(): void;
};

/** How a socket is closed (campaign-api §4.2). */
export const CLOSE = {
  normal: 1000,
  goingAway: 1001,
  refused: 1008,
  internal: 4000,
  notFound: 4004,
  tooMany: 4008,
} as const;
export type Ending = { code: (typeof CLOSE)[keyof typeof CLOSE]; reason: string };

/** So much may wait for a reader before it is dropped: minutes of news. It reconnects and gets how things stand then. */
const MOST_BUFFERED_BYTES = 1_024 * 1_024;
const PING_EVERY_MS = 30_000;
/** RFC 6455 §5.5.1. */
const LONGEST_REASON_BYTES = 123;

/** One socket of the feed: sends whole messages, drops a reader that does not keep up, and one that is not there. */
export class FeedSocket {
  readonly #wire: Wire;
  #isOver = false;
  #isHeard = true;
  #leaving: Promise<void> = Promise.resolve();
  #pingAt = performance.now() + PING_EVERY_MS;

  constructor(wire: Wire) {
    this.#wire = wire;
    wire.on('pong', () => {
      this.#isHeard = true;
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  send(message: object): void {
    this.sendFrame(frameOf(JSON.stringify(message)));
  }

  /** Sends what was written once for many. */
  sendFrame(frame: Uint8Array): void {
    if (this.#isOver) return;
    if (this.#wire.bufferedAmount > MOST_BUFFERED_BYTES) this.#drop();
    else this.#leaving = new Promise((left) => this.#wire.send(frame, { binary: false }, () => left()));
  }

  /** Resolves once what was sent so far has left this process, or never will. */
  async drained(): Promise<void> {
    await this.#leaving;
  }

  close({ code, reason }: Ending): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#wire.close(code, shortened(reason));
  }

  /** The socket is gone, whoever closed it. */
  lost(): void {
    this.#isOver = true;
  }

  /** Asks every half minute whether the other end is still there; one that has not answered by the next time is not. */
  beat(): void {
    if (this.#isOver || performance.now() < this.#pingAt) return;
    if (!this.#isHeard) {
      this.#drop();
      return;
    }
    this.#isHeard = false;
    this.#pingAt = performance.now() + PING_EVERY_MS;
    this.#wire.ping();
  }

  #drop(): void {
    this.#isOver = true;
    this.#wire.terminate();
  }
}

/** A message as the bytes that every socket is sent. */
export function frameOf(json: string): Uint8Array {
  return Buffer.from(json);
}

function shortened(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= LONGEST_REASON_BYTES) return reason;
  return new TextDecoder().decode(bytes.subarray(0, LONGEST_REASON_BYTES)).replace(/\uFFFD+$/, '');
}
