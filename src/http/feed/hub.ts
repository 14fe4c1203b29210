import type { ApiToken } from '#operations/check-token.ts';
import type { Deps } from '#operations/deps.ts';
import { tokensInForce } from '#operations/tokens-in-force.ts';
import type { Change, Changes } from '#ports/changes.ts';
import { CampaignBoard } from './campaign-board.ts';
import { CLOSE, type Ending, FeedSocket, type Wire } from './feed-socket.ts';
import { Pace } from './pace.ts';
import { type OpenView, Session } from './session.ts';
import { TalkBoard } from './talk-board.ts';
import { Watches } from './watches.ts';

const TICK_MS = 1_000;
/** In ticks: what news were lost of is seen after these, at the latest. */
const LOOK_AGAIN_EVERY = 2;
const LOOK_AT_EVERYTHING_EVERY = 10;
const CHECK_TOKENS_EVERY = 2;

const GOING_AWAY = {
  code: CLOSE.goingAway,
  reason: 'The server stops. Connect again in a moment; you get how things stand then.',
};
const TOKEN_OVER = {
  code: CLOSE.refused,
  reason: 'This API token is not in force any more. Make one with /campaign token and connect with it.',
};

/** What a token and its family may have of one process: sockets at once, and things looked up for them on request. */
export type FeedLimits = { mostSockets: number; looksPerSecond: number };

/**
 * Every socket of the feed on one process. It listens for changes from the first socket on, and as long as there are any it
 * looks every second after what may have been missed: lost news, tokens that were revoked, clients that are gone.
 */
export class Hub {
  readonly campaigns: CampaignBoard;
  readonly talks: TalkBoard;
  readonly #deps: Deps;
  readonly #changes: Changes;
  readonly #limits: FeedLimits;
  readonly #watches: Watches;
  readonly #sessions = new Set<Session>();
  readonly #paces = new Map<number, Pace>();
  #line: Promise<() => Promise<void>> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #ticks = 0;
  #ticking: Promise<void> | null = null;
  #hasFailed = false;
  #isStopped = false;

  constructor(deps: Deps, changes: Changes, limits: FeedLimits) {
    this.#deps = deps;
    this.#limits = limits;
    this.#changes = changes;
    this.#watches = new Watches(deps, deps.randomToken());
    this.campaigns = new CampaignBoard(deps, this.#watches);
    this.talks = new TalkBoard(deps, this.#watches);
  }

  /** Takes a socket that was just opened. */
  take(wire: Wire, { secret, open }: { secret: string | null; open: OpenView }): Session {
    const session = new Session(new FeedSocket(wire), {
      deps: this.#deps,
      secret,
      open: async (socket, token) => {
        if (this.#isStopped) return GOING_AWAY;
        if (this.#socketsOf(token) > this.#limits.mostSockets) return tooMany(this.#limits);
        await this.#listen();
        return open(socket, token);
      },
      turn: ({ familyId }) => this.#paceOf(familyId).turn(),
    });
    if (this.#isStopped) session.socket.close(GOING_AWAY);
    this.#sessions.add(session);
    if (!this.#isStopped) this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
    return session;
  }

  /** The socket of a session is gone. */
  lost(session: Session): void {
    this.#sessions.delete(session);
    session.lost();
    if (this.#sessions.size === 0) this.#paces.clear();
  }

  /** Tells every client that the server goes away, and leaves nothing open. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#endTicks();
    for (const { socket } of this.#sessions) socket.close(GOING_AWAY);
    await Promise.all([...this.#sessions].map((session) => session.settled()));
    await this.#ticking;
    await Promise.all([this.campaigns.stop(), this.talks.stop()]);
    if (!this.#line) return;
    await this.#watches.stop();
    const close = await this.#line;
    await close().catch((cause: unknown) =>
      this.#deps.log.warn(
        { cause },
        'the line of changes did not close; it ends with the database’s connections',
      ),
    );
  }

  #paceOf(familyId: number): Pace {
    const pace = this.#paces.get(familyId) ?? new Pace(this.#limits.looksPerSecond);
    this.#paces.set(familyId, pace);
    return pace;
  }

  /** How many are open of a token and its family. */
  #socketsOf({ familyId }: ApiToken): number {
    let open = 0;
    for (const { token, socket } of this.#sessions)
      if (token?.familyId === familyId && !socket.isOver) open += 1;
    return open;
  }

  /** Hears of changes from now on; when that does not work, the next socket tries again. */
  async #listen(): Promise<void> {
    this.#line ??= this.#changes.listen({
      heard: (change) => this.#hear(change),
      connected: () => void this.#lookAfter(() => this.#lookAgain('everything')),
    });
    try {
      await this.#line;
    } catch (cause) {
      this.#line = null;
      throw cause;
    }
  }

  #hear(change: Change): void {
    if (change.kind === 'campaign') this.campaigns.changed(change.campaignId, change.workspaceId);
    else this.talks.changed(change.callId);
  }

  /** The last tick finds nobody left, and takes back what was watched. */
  #tick(): void {
    for (const { socket } of this.#sessions) socket.beat();
    if (this.#ticking !== null) return;
    this.#ticks += 1;
    const isLast = this.#sessions.size === 0;
    this.#ticking = this.#lookAfter(() => this.#workOf(this.#ticks)).finally(() => {
      this.#ticking = null;
      if (isLast && this.#sessions.size === 0) this.#endTicks();
    });
  }

  #endTicks(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #workOf(tick: number): Promise<void> {
    await this.#watches.renew();
    if (tick % CHECK_TOKENS_EVERY === 0) await this.#checkTokens();
    if (tick % LOOK_AT_EVERYTHING_EVERY === 0) await this.#lookAgain('everything');
    else if (tick % LOOK_AGAIN_EVERY === 0) await this.#lookAgain('what moves');
  }

  async #lookAgain(at: 'everything' | 'what moves'): Promise<void> {
    this.talks.lookAgain();
    await this.campaigns.lookAgain(at);
  }

  async #checkTokens(): Promise<void> {
    const known = new Set([...this.#sessions].flatMap(({ token }) => token?.id ?? []));
    const inForce = await tokensInForce(this.#deps, [...known]);
    for (const { token, socket } of this.#sessions) {
      if (token && known.has(token.id) && !inForce.has(token.id)) socket.close(TOKEN_OVER);
    }
  }

  /** What cannot be done while the database does not answer is done with a later tick, and complained of once. */
  async #lookAfter(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#hasFailed = false;
    } catch (cause) {
      if (!this.#hasFailed)
        this.#deps.log.warn({ cause }, 'the feed cannot look after its sockets; it tries again every second');
      this.#hasFailed = true;
    }
  }
}

function tooMany({ mostSockets: most }: FeedLimits): Ending {
  const reason = `This token and those it made have ${most.toLocaleString('en-US')} sockets open. Close some, or watch all on /ws/campaigns/monitor.`;
  return { code: CLOSE.tooMany, reason };
}
