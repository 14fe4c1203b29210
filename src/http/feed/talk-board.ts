import type { Deps } from '#operations/deps.ts';
import { showTalks, type Talk } from '#operations/show-talks.ts';
import { createBatchedRead, type ReadById } from './batched-read.ts';
import { CLOSE, type FeedSocket } from './feed-socket.ts';
import { Rooms } from './rooms.ts';
import { callStatus, transcriptOf } from './talk-messages.ts';
import { Tide } from './tide.ts';
import type { Watches } from './watches.ts';

/** Somebody who follows what is said on a call. */
export type TalkViewer = {
  socket: FeedSocket;
  callId: number;
  /** What was sent last: of each turn by its number, and of how the call stands; null: it has not begun to be shown. */
  shown: { turns: Map<number, string>; status: string } | null;
};

const ERASED = {
  code: CLOSE.notFound,
  reason: 'This call is not kept any more: there is nothing left to follow.',
};

/** What is said on calls, in front of everybody who follows it on this process. */
export class TalkBoard {
  readonly #deps: Deps;
  readonly #rooms: Rooms<TalkViewer>;
  readonly #read: ReadById<Talk>;
  readonly #tide: Tide<Talk>;

  constructor(deps: Deps, watches: Watches) {
    this.#deps = deps;
    this.#rooms = new Rooms(watches);
    this.#read = createBatchedRead((callIds) => showTalks(deps, { callIds }));
    this.#tide = new Tide({
      read: this.#read,
      show: (callId, talk) => {
        const viewers = [...this.#rooms.in(`call:${callId}`)].filter(({ shown }) => shown !== null);
        if (!talk) for (const { socket } of viewers) socket.close(ERASED);
        return talk !== null && viewers.map((viewer) => this.showTo(viewer, talk)).includes(true);
      },
      log: deps.log,
    });
  }

  /** The viewer is shown changes once it has begun, and has to leave in any case. Resolves once none can be missed. */
  enter(viewer: TalkViewer): Promise<void> {
    return this.#rooms.enter(`call:${viewer.callId}`, viewer);
  }

  leave(viewer: TalkViewer): void {
    this.#rooms.leave(`call:${viewer.callId}`, viewer);
  }

  /** How a call stands now; null when it is gone. */
  async read(callId: number): Promise<Talk | null> {
    return (await this.#read([callId])).get(callId) ?? null;
  }

  /** Sends one viewer what it is not shown yet: how the call stands first, then what was said, in order. */
  showTo(viewer: TalkViewer, talk: Talk): boolean {
    viewer.shown ??= { turns: new Map(), status: '' };
    const { shown, socket } = viewer;
    const status = callStatus(talk, this.#deps.clock.now());
    const news: object[] = shown.status === status.status ? [] : [status];
    shown.status = status.status;
    for (const { seq, message } of transcriptOf(talk)) {
      const text = JSON.stringify(message);
      if (shown.turns.get(seq) !== text) news.push(message);
      shown.turns.set(seq, text);
    }
    for (const message of news) socket.send(message);
    return news.length > 0;
  }

  changed(callId: number): void {
    if (this.#rooms.has(`call:${callId}`)) this.#tide.changed([callId]);
  }

  /** Looks again at every call that is followed, for news that were lost. */
  lookAgain(): void {
    this.#tide.changed(this.#rooms.ids('call'));
  }

  stop(): Promise<void> {
    return this.#tide.stop();
  }
}
