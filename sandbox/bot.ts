import { setTimeout as sleep } from 'node:timers/promises';
import type { BotStatus } from '#sandbox/page-protocol.ts';
import { type BotChild, type Exit, spawnBot } from './bot-child.ts';

/** `url` is where the bot answers with this environment. */
export type BotStart = { env: Record<string, string>; url: string };

export type BotOptions = {
  /** Called before every start: ports and clock may have changed. */
  prepare(): Promise<BotStart>;
  onLine(line: string): void;
  onStarted(pid: number): void;
  onStatus(): void;
  /** Hears in a sentence when the bot does something that nobody asked for. */
  onTrouble(sentence: string): void;
};

export type BotState = Pick<BotStatus, 'state' | 'pid' | 'startedAt' | 'restarts' | 'note'>;

type Request = 'kill' | 'restart';

const STOP_PATIENCE_MS = 5_000;
const READY_POLL_MS = 50;
const SLOW_START_MS = 30_000;
const UNPLUGGED_MS = 700;
const BACK_OFF_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
const NOTE_SHOWN_MS = 20_000;
/** A bot that ran this long did not fail to start. */
const STEADY_AFTER_MS = 30_000;

/** Keeps the bot running as a process of its own until it is closed, however often it is killed or fails. */
export class Bot {
  readonly #options: BotOptions;
  #state: BotState = { state: 'starting', pid: null, startedAt: null, restarts: 0, note: '' };
  #child: BotChild | null = null;
  #request: Request | null = null;
  #isClosing = false;
  #waking = new AbortController();
  #running: Promise<void> | null = null;
  #ready = Promise.withResolvers<boolean>();

  constructor(options: BotOptions) {
    this.#options = options;
  }

  get state(): BotState {
    return this.#state;
  }

  /** Resolves when the bot is ready for work for the first time, or with false when it was closed before. */
  start(): Promise<boolean> {
    this.#running ??= this.#run();
    this.#running.catch((error: unknown) => this.#ready.reject(error));
    return this.#ready.promise;
  }

  /** Ends the process as a power cut would, and starts it again after a moment. False when there is none. */
  pullThePlug(): boolean {
    if (!this.#child || this.#request === 'kill') return false;
    this.#request = 'kill';
    this.#child.kill('SIGKILL');
    this.#show({ state: 'killed', pid: null, startedAt: null, note: '' });
    return true;
  }

  /** Starts it anew in order, with what `prepare` then says. */
  restart(): void {
    this.#request ??= 'restart';
    if (this.#child) {
      endInOrder(this.#child);
      this.#show({ state: 'starting', startedAt: null });
    }
    this.#waking.abort();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#child) endInOrder(this.#child);
    this.#waking.abort();
    await this.#running?.catch(() => undefined);
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#isClosing; ) {
      const begunAt = performance.now();
      const exit = await this.#runOnce();
      if (this.#isClosing) break;
      const request = this.#request;
      if (performance.now() - begunAt > STEADY_AFTER_MS) failures = 0;
      await this.#rest(request, exit, failures);
      failures = request ? 0 : failures + 1;
      this.#state.restarts += 1;
    }
    this.#show({ state: 'stopped', pid: null, startedAt: null });
    this.#ready.resolve(false);
  }

  async #runOnce(): Promise<Exit> {
    const { env, url } = await this.#prepare();
    if (this.#isClosing) return { code: 0, signal: null };
    const child = spawnBot(env, this.#options.onLine);
    this.#child = child;
    if (child.pid !== null) this.#options.onStarted(child.pid);
    this.#show({ state: 'starting', pid: child.pid, startedAt: null });
    const isGone = new AbortController();
    void this.#watchReadiness(url, isGone.signal);
    const exit = await child.exited;
    isGone.abort();
    this.#child = null;
    return exit;
  }

  /** Once more when a restart is asked for meanwhile: it comes with something new. */
  async #prepare(): Promise<BotStart> {
    for (;;) {
      this.#request = null;
      const start = await this.#options.prepare();
      if (!this.#request) return start;
    }
  }

  async #watchReadiness(url: string, gone: AbortSignal): Promise<void> {
    const begunAt = performance.now();
    let isLate = false;
    while (!(await isReady(url, gone))) {
      if (gone.aborted) return;
      if (!isLate && performance.now() - begunAt > SLOW_START_MS) {
        isLate = true;
        this.#options.onTrouble('The bot is taking long to start; its log may say why.');
      }
      await sleep(READY_POLL_MS);
    }
    if (gone.aborted || this.#request) return;
    this.#show({ state: 'running', startedAt: Date.now() });
    this.#ready.resolve(true);
  }

  /** Waits before the next start; who asked for one need not wait longer. */
  async #rest(request: Request | null, exit: Exit, failures: number): Promise<void> {
    this.#waking = new AbortController();
    const ms = this.#restMs(request, exit, failures);
    await sleep(ms, undefined, { signal: this.#waking.signal }).catch(() => undefined);
  }

  #restMs(request: Request | null, exit: Exit, failures: number): number {
    if (request === 'kill') return UNPLUGGED_MS;
    if (request === 'restart') return 0;
    const ms = BACK_OFF_MS[failures] ?? BACK_OFF_MS.at(-1) ?? 0;
    const note = `The bot ended by itself (${sayExit(exit)}) and is started again.`;
    this.#show({ state: 'killed', pid: null, startedAt: null, note });
    this.#options.onTrouble(note);
    setTimeout(() => this.#forget(note), NOTE_SHOWN_MS).unref();
    return ms;
  }

  #forget(note: string): void {
    if (this.#state.note === note) this.#show({ note: '' });
  }

  #show(change: Partial<BotState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.onStatus();
  }
}

function endInOrder(child: BotChild): void {
  child.kill('SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
  void child.exited.then(() => clearTimeout(deadline));
}

async function isReady(url: string, signal: AbortSignal): Promise<boolean> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(2_000)]);
  const response = await fetch(`${url}/readyz`, { signal: within }).catch(() => null);
  await response?.body?.cancel();
  return response?.status === 200;
}

function sayExit({ code, signal }: Exit): string {
  return signal ? `signal ${signal}` : `exit code ${code ?? 'unknown'}`;
}
