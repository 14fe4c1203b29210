import { eq } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, test } from 'vitest';
import { firstWaitingPostId, threadKeyOf } from '#db/posts.ts';
import { postingTurns, posts } from '#db/slack-schema.ts';
import { announce } from '#operations/announce.ts';
import { sendPost } from '#operations/send-post.ts';
import { takePostingTurn } from '#operations/take-posting-turn.ts';
import type { ChatResult } from '#ports/chat.ts';
import { createEngine } from '#support/engine.ts';

const SECOND = 1_000;
const engine = await createEngine();
const { deps } = engine;

let channels = 0;
let channelId = '';
beforeEach(() => {
  channels += 1;
  channelId = `C_TURNS_${channels}`;
});

/** Messages numbered on from `from`, each in a thread of its own unless one is given. */
async function say(count: number, { threadTs, from = 1 }: { threadTs?: string; from?: number } = {}) {
  for (let n = from; n < from + count; n += 1) {
    await announce(deps.db, deps, {
      workspaceId: engine.workspace.id,
      campaignId: null,
      channelId,
      key: `${channelId}:${n}`,
      place: { threadTs: threadTs ?? `${n}.1` },
      content: { kind: 'note', level: 'info', text: `Message ${n}`, buttons: [] },
    });
  }
}

const said = () =>
  engine.chat.posted
    .filter(({ place }) => place.channelId === channelId)
    .map(({ content }) => ('text' in content ? content.text : content.kind));
const messages = (...numbers: number[]) => numbers.map((n) => `Message ${n}`);

async function secondsPass(count: number) {
  for (let second = 0; second < count; second += 1) {
    await engine.wait(SECOND);
    await engine.drain();
  }
}

/** The next post is answered like this. */
function answerOnce(result: ChatResult) {
  const usual = engine.chat.post;
  engine.chat.post = async () => {
    engine.chat.post = usual;
    return result;
  };
}

describe('messages into one channel', () => {
  test('are posted at once while they are few', async () => {
    await say(3);
    await engine.drain();
    expect(said().toSorted()).toEqual(messages(1, 2, 3));
  });

  test('go one a second when they are many, and every one of them is posted once', async () => {
    await say(9);
    await engine.drain();
    expect(said()).toHaveLength(3);
    for (const posted of [4, 5, 6]) {
      await secondsPass(1);
      expect(said()).toHaveLength(posted);
    }
    await secondsPass(10);
    expect(said().toSorted()).toEqual(messages(1, 2, 3, 4, 5, 6, 7, 8, 9));
  });

  test('are as many as Slack takes, also when several processes ask at the same time', async () => {
    const post = { id: 0, threadKey: 'other' };
    const turns = await Promise.all(Array.from({ length: 20 }, () => takePostingTurn(deps, channelId, post)));
    expect(turns.filter((turn) => turn === null)).toHaveLength(3);
    const waits = turns.flatMap((turn) => (turn ? [turn.getTime() - deps.clock.now().getTime()] : []));
    expect(new Set(waits)).toEqual(new Set([SECOND]));
  });

  test('leave room for a card, however many of them wait', async () => {
    await say(9);
    await engine.drain();
    expect(await takePostingTurn(deps, channelId, null)).toBeNull();
    expect(await takePostingTurn(deps, channelId, null)).toEqual(deps.clock.realDelay(SECOND));
  });

  test('do not hold up another channel', async () => {
    await say(9);
    await engine.drain();
    expect(await takePostingTurn(deps, 'C_ANOTHER', { id: 0, threadKey: 'other' })).toBeNull();
  });

  test('do not wait for a turn that somebody with a wrong clock took', async () => {
    const freeAt = new Date(deps.clock.now().getTime() + 3_600 * SECOND);
    await deps.db.insert(postingTurns).values({ channelId, freeAt });
    await say(4);
    await engine.drain();
    expect(said()).toHaveLength(3);
    await secondsPass(1);
    expect(said()).toHaveLength(4);
  });
});

describe('messages into one thread', () => {
  test('are posted in the order in which they were written', async () => {
    await say(12, { threadTs: '1.1' });
    await engine.drain();
    expect(said()).toEqual(messages(1, 2, 3));
    await secondsPass(20);
    expect(said()).toEqual(messages(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
  });

  test('wait for the one that Slack asked to wait, and for nothing longer', async () => {
    answerOnce({ kind: 'throttled', retryAfterMs: 7 * SECOND });
    await say(1, { threadTs: '1.1' });
    await engine.drain();
    await say(1, { threadTs: '1.1', from: 2 });
    await say(1, { threadTs: '2.2', from: 3 });
    await engine.drain();
    expect(said()).toEqual(messages(3));
    await secondsPass(7);
    expect(said()).toEqual(messages(3, 1, 2));
  });

  test('go on when the one in front is given up', async () => {
    answerOnce({ kind: 'refused', problem: 'This channel is read-only for apps.' });
    await say(3, { threadTs: '1.1' });
    await engine.drain();
    expect(said()).toEqual(messages(2, 3));
  });

  test('pass one that fails again and again for no known reason', async () => {
    await say(2, { threadTs: '1.1' });
    const threadKey = `${channelId} 1.1`;
    const first = await firstWaitingPostId(deps.db, threadKey);
    await deps.db
      .update(posts)
      .set({ state: 'sending', tries: 6, leaseUntil: deps.clock.realDelay(30 * SECOND) })
      .where(eq(posts.id, first ?? 0));
    await engine.drain();
    expect(said()).toEqual(messages(2));
  });

  test('are found under their campaign wherever its card stands', async () => {
    const campaignId = await engine.campaign({ channelId });
    await engine.drain();
    await announce(deps.db, deps, {
      workspaceId: engine.workspace.id,
      campaignId,
      channelId: 'C_BEFORE',
      key: `${channelId}:thread`,
      content: { kind: 'note', level: 'info', text: 'In the thread', buttons: [] },
    });
    const postId = await firstWaitingPostId(deps.db, threadKeyOf(campaignId));
    await sendPost(deps, { postId: postId ?? 0 });
    expect(said()).toContain('In the thread');
  });
});
