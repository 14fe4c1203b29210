import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CLOSE, FeedSocket } from '#http/feed/feed-socket.ts';
import { Pace } from '#http/feed/pace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A socket of the server whose other end reads and answers only as the test says. */
function wire() {
  const heard = { pong: () => {} };
  const made = {
    bufferedAmount: 0,
    sent: [] as string[],
    pings: 0,
    ended: null as string | null,
    pong: () => heard.pong(),
    send: (data: string | Uint8Array, _: unknown, left: () => void) => {
      made.sent.push(Buffer.from(data).toString());
      left();
    },
    ping: () => {
      made.pings += 1;
    },
    on: (_: 'pong', listener: () => void) => {
      heard.pong = listener;
    },
    close: (code: number, reason: string) => {
      made.ended = `${code} ${reason}`;
    },
    terminate: () => {
      made.ended = 'terminated';
    },
  };
  return made;
}

describe('a reader', () => {
  test('that does not take what it is sent is dropped, and nothing more is kept for it', () => {
    const end = wire();
    const socket = new FeedSocket(end);
    socket.send({ type: 'pong' });
    end.bufferedAmount = 1_024 * 1_024;
    socket.send({ type: 'pong' });
    expect([end.sent.length, end.ended]).toEqual([2, null]);
    end.bufferedAmount += 1;
    socket.send({ type: 'pong' });
    socket.send({ type: 'pong' });
    expect([end.sent.length, end.ended, socket.isOver]).toEqual([2, 'terminated', true]);
  });

  test('is asked every half minute whether it is there, and dropped when it has not answered by the next time', () => {
    const end = wire();
    const socket = new FeedSocket(end);
    const pass = (seconds: number) => {
      for (let n = 0; n < seconds; n += 1) {
        vi.advanceTimersByTime(1_000);
        socket.beat();
      }
    };
    pass(29);
    expect(end.pings).toBe(0);
    pass(1);
    expect(end.pings).toBe(1);
    end.pong();
    pass(30);
    expect([end.pings, end.ended]).toEqual([2, null]);
    pass(29);
    expect(end.ended).toBe(null);
    pass(1);
    expect([end.pings, end.ended]).toEqual([2, 'terminated']);
  });
});

describe('who looks something up', () => {
  test('does so at once for a second’s worth, then in turn, and not at all when that is far away', async () => {
    const pace = new Pace(2);
    const turns: string[] = [];
    const ask = (name: string) => void pace.turn().then((isTurn) => turns.push(`${name} ${isTurn}`));
    for (let n = 1; n <= 7; n += 1) ask(String(n));
    await vi.advanceTimersByTimeAsync(0);
    expect(turns).toEqual(['1 true', '2 true', '7 false']);
    await vi.advanceTimersByTimeAsync(500);
    expect(turns.slice(3)).toEqual(['3 true']);
    ask('8');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(turns.slice(4)).toEqual(['4 true', '5 true', '6 true', '8 true']);
    await vi.advanceTimersByTimeAsync(60_000);
    for (let n = 9; n <= 11; n += 1) ask(String(n));
    await vi.advanceTimersByTimeAsync(0);
    expect(turns.slice(8)).toEqual(['9 true', '10 true']);
  });
});

describe('an ending', () => {
  test('has a reason that fits into a frame, whatever it is written in', () => {
    const end = wire();
    new FeedSocket(end).close({ code: CLOSE.refused, reason: 'ü'.repeat(100) });
    expect(end.ended).toBe(`1008 ${'ü'.repeat(61)}`);
  });

  test('is the first one, and nothing is sent after it', () => {
    const end = wire();
    const socket = new FeedSocket(end);
    socket.close({ code: CLOSE.goingAway, reason: 'first' });
    socket.close({ code: CLOSE.internal, reason: 'second' });
    socket.send({ type: 'pong' });
    expect([end.ended, end.sent]).toEqual(['1001 first', []]);
  });
});
