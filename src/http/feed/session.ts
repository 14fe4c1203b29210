import { scopesAllow } from '#domain/token-scopes.ts';
import { type ApiToken, checkToken } from '#operations/check-token.ts';
import type { Deps } from '#operations/deps.ts';
import { CLOSE, type Ending, type FeedSocket } from './feed-socket.ts';
import { type Answers, errorMessage, readMessage } from './messages.ts';

/** What a socket shows, once it is known for whom: what it answers, and how it ends. */
export type View = { answers: Answers; leave(): void };
/** Opens what a socket is for. Whatever it has begun, it takes back when the socket is over by then. */
export type OpenView = (socket: FeedSocket, token: ApiToken) => Promise<View | Ending>;

export type SessionOptions = {
  deps: Deps;
  secret: string | null;
  open: OpenView;
  /** Resolves when something may be looked up for a client; with false when too much is asked for. */
  turn(token: ApiToken): Promise<boolean>;
};

const MESSAGES_PER_SECOND = 100;
const UNKNOWN_TOKEN = {
  code: CLOSE.refused,
  reason: 'No API token that is in force. Make one with /campaign token and connect with it.',
};
const MAY_NOT_READ = {
  code: CLOSE.refused,
  reason: 'This API token may not look. Connect with one that has the scope read.',
};
const TOO_FAST = {
  code: CLOSE.refused,
  reason: `More than ${MESSAGES_PER_SECOND} messages a second. Send fewer, then connect again.`,
};
const TOO_MUCH =
  'Too much is asked for over the sockets of this token and those it made, so this was not answered. Changes are sent as they come; ask again in a moment.';
const BROKEN = {
  code: CLOSE.internal,
  reason: 'Something went wrong on our side. Connect again; you get how things stand then.',
};

/**
 * One client on one socket. Its token is looked at after the handshake, because a browser can tell a wrong token from a
 * lost line only then (campaign-api §7.29). What it sends is answered in order, one after the other; what it sends before
 * it is known waits.
 */
export class Session {
  readonly socket: FeedSocket;
  readonly #options: SessionOptions;
  readonly #budget = createBudget(MESSAGES_PER_SECOND);
  #token: ApiToken | null = null;
  #view: View | null = null;
  #waiting = 0;
  #work: Promise<void>;

  constructor(socket: FeedSocket, options: SessionOptions) {
    this.socket = socket;
    this.#options = options;
    this.#work = this.#guard(() => this.#open());
  }

  /** Whose token it is; null before that is known. */
  get token(): ApiToken | null {
    return this.#token;
  }

  /** Takes a message as it came. */
  receive(data: unknown): void {
    if (this.socket.isOver) return;
    if (!this.#budget() || this.#waiting >= MESSAGES_PER_SECOND) {
      this.socket.close(TOO_FAST);
      return;
    }
    this.#waiting += 1;
    this.#work = this.#work.then(async () => {
      this.#waiting -= 1;
      await this.#guard(() => this.#answer(data));
    });
  }

  /** Resolves once nothing that it was asked for is under way. */
  settled(): Promise<void> {
    return this.#work;
  }

  /** The socket is gone, whoever closed it. */
  lost(): void {
    this.socket.lost();
    this.#view?.leave();
    this.#view = null;
  }

  async #open(): Promise<void> {
    const { deps, secret, open } = this.#options;
    const token = secret ? await checkToken(deps, secret) : null;
    const refused = !token ? UNKNOWN_TOKEN : scopesAllow(token.scopes, 'read') ? null : MAY_NOT_READ;
    if (!token || refused) {
      this.#refuse(refused ?? UNKNOWN_TOKEN);
      return;
    }
    this.#token = token;
    const opened = await open(this.socket, token);
    if ('code' in opened) this.#refuse(opened);
    else if (this.socket.isOver) opened.leave();
    else this.#view = opened;
  }

  async #answer(data: unknown): Promise<void> {
    if (!this.#view || this.socket.isOver) return;
    const asked = readMessage(data, this.#view.answers);
    if (asked.kind === 'ping') this.socket.send({ type: 'pong' });
    else if (asked.kind === 'wrong') this.socket.send(errorMessage(asked.problem));
    else await this.#look(asked.answer);
  }

  async #look(answer: () => Promise<void>): Promise<void> {
    const isTurn = this.#token !== null && (await this.#options.turn(this.#token));
    if (this.socket.isOver) return;
    if (isTurn) await answer();
    else this.socket.send(errorMessage(TOO_MUCH));
  }

  #refuse(ending: Ending): void {
    this.socket.send(errorMessage(ending.reason));
    this.socket.close(ending);
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      this.#options.deps.log.error({ cause }, 'a socket of the feed broke');
      this.socket.close(BROKEN);
    }
  }
}

/** Allows so many a second, and as many at once. */
function createBudget(perSecond: number): () => boolean {
  let left = perSecond;
  let filledAt = performance.now();
  return () => {
    const now = performance.now();
    left = Math.min(perSecond, left + ((now - filledAt) / 1_000) * perSecond);
    filledAt = now;
    left -= 1;
    return left >= 0;
  };
}
