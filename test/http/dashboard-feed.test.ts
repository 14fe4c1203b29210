import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

type State = { kind: string; why?: string; retryAt?: number; tries?: number; code?: number };
type Follow = (
  path: string,
  token: string,
  listener: {
    onMessage: (message: { type: string }) => void;
    onState: (state: State, tryNow: () => void) => void;
  },
) => { send(message: object): void; close(): void };

const SECOND = 1_000;
const ack = { type: 'connection_ack' };
const progress = { type: 'initial_progress' };

/** What a browser has, as far as the feed uses it. */
class FakeSocket {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readyState = 1;
  sent: { type: string }[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly address: string;
  readonly protocols: string[];

  constructor(address: URL, protocols: string[]) {
    this.address = String(address);
    this.protocols = protocols;
    FakeSocket.made.push(this);
  }

  send(text: string) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  hears(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  ends(code: number, reason = '') {
    this.onclose?.({ code, reason });
  }
}

const online = new EventTarget();
let follow: Follow;
let states: State[];
let tryNow: () => void;
let feed: ReturnType<Follow>;
const last = () => FakeSocket.made.at(-1) as FakeSocket;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal('window', online);
  vi.stubGlobal('location', { href: 'https://bot.example/dashboard#/campaigns/42' });
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.made = [];
  states = [];
  ({ follow } = await import(new URL('../../public/dashboard/feed.js', import.meta.url).href));
  feed = follow('/ws/campaigns/42/progress', 'rm_secret', {
    onMessage: () => undefined,
    onState: (state, again) => {
      states.push(state);
      tryNow = again;
    },
  });
});

afterEach(() => {
  feed.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('following the feed', () => {
  test('keeps the token out of the address', () => {
    expect(last().address).toBe('wss://bot.example/ws/campaigns/42/progress');
    expect(last().protocols).toEqual(['ringmaster', 'bearer.rm_secret']);
  });

  test('waits twice as long after each try in vain, half a minute at most, and gives up after ten', () => {
    const delays: number[] = [];
    for (let tries = 0; tries < 10; tries += 1) {
      last().ends(1006);
      const delay = (states.at(-1)?.retryAt ?? 0) - Date.now();
      delays.push(delay / SECOND);
      vi.advanceTimersByTime(delay);
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 30, 30, 30, 30, 30]);
    expect(FakeSocket.made).toHaveLength(11);
    last().ends(1001);
    expect(states.at(-1)).toMatchObject({ kind: 'given_up', tries: 10 });
    vi.advanceTimersByTime(600 * SECOND);
    expect(FakeSocket.made).toHaveLength(11);
    tryNow();
    expect(FakeSocket.made).toHaveLength(12);
  });

  test('counts anew once the server is really back, not merely greeting', () => {
    last().ends(1006);
    vi.advanceTimersByTime(SECOND);
    last().hears(ack);
    expect(states.at(-1)?.kind).toBe('live');
    last().ends(4000);
    expect(states.at(-1)).toMatchObject({ kind: 'lost', tries: 2 });
    vi.advanceTimersByTime(2 * SECOND);
    last().hears(ack);
    last().hears(progress);
    last().ends(1001);
    expect(states.at(-1)).toMatchObject({ kind: 'lost', tries: 1 });
  });

  test.each([1008, 4004])('does not try again after %i, which no try can mend', (code) => {
    last().hears(ack);
    last().ends(code);
    expect(states.at(-1)).toEqual({ kind: 'refused', code });
    vi.advanceTimersByTime(600 * SECOND);
    expect(FakeSocket.made).toHaveLength(1);
  });

  test('says why where too much was asked, and tries again', () => {
    last().ends(4008, 'More sockets than a token may have. Close some.');
    expect(states.at(-1)).toMatchObject({
      kind: 'lost',
      why: 'More sockets than a token may have. Close some.',
    });
    vi.advanceTimersByTime(SECOND);
    expect(FakeSocket.made).toHaveLength(2);
    last().ends(4000, 'Something went wrong on our side.');
    expect(states.at(-1)).toMatchObject({ kind: 'lost', why: '' });
  });

  test('asks every half minute whether the line is alive, and takes silence for an end', () => {
    last().hears(ack);
    vi.advanceTimersByTime(30 * SECOND);
    expect(last().sent).toEqual([{ type: 'ping' }]);
    last().hears({ type: 'pong' });
    vi.advanceTimersByTime(30 * SECOND);
    expect(states.at(-1)?.kind).toBe('live');
    vi.advanceTimersByTime(10 * SECOND);
    expect(states.at(-1)?.kind).toBe('lost');
    expect(FakeSocket.made[0]?.readyState).toBe(3);
  });

  test('takes a socket that never says anything for none', () => {
    vi.advanceTimersByTime(10 * SECOND);
    expect(states.at(-1)).toMatchObject({ kind: 'lost', tries: 1 });
  });

  test('does not wait for its turn when the network is back', () => {
    last().ends(1006);
    online.dispatchEvent(new Event('online'));
    expect(FakeSocket.made).toHaveLength(2);
    vi.advanceTimersByTime(SECOND);
    expect(FakeSocket.made).toHaveLength(2);
  });

  test('leaves nothing behind when it is closed', () => {
    last().ends(1006);
    feed.close();
    vi.advanceTimersByTime(600 * SECOND);
    online.dispatchEvent(new Event('online'));
    expect(FakeSocket.made).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
