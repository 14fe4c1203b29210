import { eq, sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { cards, posts } from '#db/slack-schema.ts';
import { announce } from '#operations/announce.ts';
import { changeStatus } from '#operations/change-status.ts';
import { loseChannel } from '#operations/lose-channel.ts';
import { postCard } from '#operations/post-card.ts';
import { recover } from '#operations/recover.ts';
import { refreshCard } from '#operations/refresh-card.ts';
import { regainChannel } from '#operations/regain-channel.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import type { ChatResult } from '#ports/chat.ts';
import { ANNA, createEngine, phones } from '#support/engine.ts';

const engine = await createEngine();

beforeEach(() => {
  engine.chat.posted.length = 0;
  engine.chat.updated.length = 0;
});

let renamed = 0;
async function rename(campaignId: number) {
  renamed += 1;
  await updateCampaign(engine.deps, { campaignId, actor: ANNA, changes: { name: `Name ${renamed}` } });
  await engine.drain();
}

async function cardOf(campaignId: number) {
  const [row] = await engine.deps.db.select().from(cards).where(eq(cards.campaignId, campaignId));
  return row;
}

/** The chat answers the next edit, or post, like this. */
function answerOnce(what: 'post' | 'update', result: ChatResult | Error) {
  const usual = engine.chat[what];
  engine.chat[what] = async () => {
    engine.chat[what] = usual as never;
    if (result instanceof Error) throw result;
    return result;
  };
}

/** The next edit, or post, reaches the chat, which answers only when it is told to. */
function answerLater(what: 'post' | 'update', result?: ChatResult) {
  const usual = engine.chat[what];
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  engine.chat[what] = (async (...args: Parameters<typeof usual>) => {
    engine.chat[what] = usual as never;
    asked.resolve();
    await answer.promise;
    return result ?? (usual as (...args: unknown[]) => Promise<ChatResult>)(...args);
  }) as never;
  return { asked: asked.promise, answer: answer.resolve };
}

describe('the card of a campaign', () => {
  it('is posted once and edited in place after that', async () => {
    const campaignId = await engine.campaign();
    await engine.drain();
    expect(engine.chat.posted).toHaveLength(1);
    await engine.wait(5_000);
    await rename(campaignId);
    expect(engine.chat.posted).toHaveLength(1);
    expect(engine.chat.updated.at(-1)?.content).toMatchObject({
      kind: 'campaign_card',
      name: `Name ${renamed}`,
    });
  });

  it('turns a burst of changes into one edit, and the last of them is shown', async () => {
    const campaignId = await engine.campaign();
    await engine.drain();
    await engine.wait(10_000);
    await rename(campaignId);
    for (let change = 0; change < 5; change += 1) await rename(campaignId);
    expect(engine.chat.updated).toHaveLength(1);
    await engine.wait(3_000);
    await engine.drain();
    expect(engine.chat.updated).toHaveLength(2);
    expect(engine.chat.updated.at(-1)?.content).toMatchObject({ name: `Name ${renamed}` });
  });

  it('is not sent again when it says the same', async () => {
    const campaignId = await engine.campaign();
    await engine.drain();
    await engine.wait(10_000);
    await refreshCard(engine.deps, { campaignId });
    expect(engine.chat.updated).toHaveLength(0);
  });

  it('waits as long as Slack asks', async () => {
    const campaignId = await engine.campaign();
    await engine.drain();
    await engine.wait(10_000);
    answerOnce('update', { kind: 'throttled', retryAfterMs: 30_000 });
    await rename(campaignId);
    expect(engine.chat.updated).toHaveLength(0);
    await engine.wait(30_000);
    await engine.drain();
    expect(engine.chat.updated.at(-1)?.content).toMatchObject({ name: `Name ${renamed}` });
  });

  it('that Slack would not take yet is posted as soon as it does', async () => {
    answerOnce('post', { kind: 'throttled', retryAfterMs: 2_000 });
    const campaignId = await engine.campaign();
    await engine.drain();
    expect(await cardOf(campaignId)).toMatchObject({ state: 'pending', ts: null });
    await engine.wait(2_000);
    await engine.drain();
    expect(await cardOf(campaignId)).toMatchObject({ state: 'posted' });
  });

  it('is edited by one at a time, so that no edit is overtaken by a later one', async () => {
    const campaignId = await engine.campaign();
    await engine.drain();
    await engine.wait(10_000);
    const first = answerLater('update');
    await updateCampaign(engine.deps, { campaignId, actor: ANNA, changes: { name: 'Before' } });
    const drained = engine.drain();
    await first.asked;
    await updateCampaign(engine.deps, { campaignId, actor: ANNA, changes: { name: 'After' } });
    await engine.wait(5_000);
    await refreshCard(engine.deps, { campaignId });
    expect(engine.chat.updated).toHaveLength(0);
    first.answer();
    await drained;
    await engine.wait(3_000);
    await engine.drain();
    expect(engine.chat.updated.map(({ content }) => 'name' in content && content.name)).toEqual([
      'Before',
      'After',
    ]);
  });

  it('shows its last state also when whoever drew it died meanwhile', async () => {
    const campaignId = await engine.campaign();
    await engine.drain();
    await engine.wait(10_000);
    answerOnce('update', new Error('the process died'));
    await updateCampaign(engine.deps, { campaignId, actor: ANNA, changes: { name: 'The last name' } });
    await expect(refreshCard(engine.deps, { campaignId })).rejects.toThrow('died');
    await engine.deps.db.execute(sql`delete from graphile_worker._private_jobs`);
    await engine.wait(60_000);
    await recover(engine.deps);
    await engine.drain();
    expect(engine.chat.updated.at(-1)?.content).toMatchObject({ name: 'The last name' });
  });

  it('is posted once when it is asked for again while it is being posted', async () => {
    const first = answerLater('post');
    const campaignId = await engine.campaign({ channelId: 'C_TWICE' });
    const drained = engine.drain();
    await first.asked;
    await postCard(engine.deps, { campaignId, channelId: 'C_TWICE', actor: ANNA });
    await engine.wait(4_000);
    await refreshCard(engine.deps, { campaignId });
    first.answer();
    await drained;
    await engine.wait(20_000);
    await engine.drain();
    expect(engine.chat.posted).toHaveLength(1);
    expect(await cardOf(campaignId)).toMatchObject({ state: 'posted' });
  });

  it('moves to the channel it is asked for in also while it is being edited where it was', async () => {
    const campaignId = await engine.campaign();
    await engine.drain();
    await engine.wait(10_000);
    const edit = answerLater('update');
    await updateCampaign(engine.deps, { campaignId, actor: ANNA, changes: { name: 'Moving' } });
    const drained = engine.drain();
    await edit.asked;
    await postCard(engine.deps, { campaignId, channelId: 'C_NEW', actor: ANNA });
    edit.answer();
    await drained;
    await engine.drain();
    expect(engine.chat.posted.at(-1)?.place).toEqual({ channelId: 'C_NEW', threadTs: null });
    expect(await cardOf(campaignId)).toMatchObject({ state: 'posted', channelId: 'C_NEW' });
  });

  it('is not given up for an answer that is older than the invitation back', async () => {
    const campaignId = await engine.campaign({ channelId: 'C_LEFT' });
    await engine.drain();
    await engine.wait(10_000);
    const edit = answerLater('update', { kind: 'lost', problem: 'not_in_channel' });
    await updateCampaign(engine.deps, { campaignId, actor: ANNA, changes: { name: 'Still here' } });
    const drained = engine.drain();
    await edit.asked;
    await loseChannel(engine.deps, { channelId: 'C_LEFT', loss: 'bot_removed' });
    expect(await cardOf(campaignId)).toMatchObject({ state: 'lost' });
    await regainChannel(engine.deps, { channelId: 'C_LEFT' });
    edit.answer();
    await drained;
    await engine.drain();
    expect(await cardOf(campaignId)).toMatchObject({ state: 'posted' });
    expect(engine.chat.updated.at(-1)?.content).toMatchObject({ name: 'Still here' });
    expect(engine.chat.posted.filter(({ place }) => place.channelId === 'C_LEFT')).toHaveLength(1);
  });

  it('is posted again once when somebody deletes it, and left alone the second time', async () => {
    const campaignId = await engine.campaign();
    await engine.drain();
    for (const expected of ['posted', 'lost']) {
      await engine.wait(10_000);
      answerOnce('update', { kind: 'lost', problem: 'message_deleted' });
      await rename(campaignId);
      expect(await cardOf(campaignId)).toMatchObject({ state: expected });
    }
    expect(engine.chat.posted).toHaveLength(2);
  });

  it('offers exactly the moves allowed now', async () => {
    const campaignId = await engine.campaign({
      phones: phones(1, 9900),
      settings: { rateLimitPerMinute: 1 },
    });
    await engine.drain();
    const moves = () => engine.chat.updated.concat(engine.chat.posted).at(-1)?.content;
    expect(engine.chat.posted.at(-1)?.content).toMatchObject({ moves: ['start'] });
    await engine.wait(10_000);
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    await engine.wait(10_000);
    await engine.drain();
    expect(engine.chat.updated.at(-1)?.content).toMatchObject({
      status: 'running',
      moves: ['pause', 'cancel'],
    });
    expect(moves()).toBeDefined();
  });
});

describe('a message in the thread', () => {
  let key = 0;
  async function tell(campaignId: number) {
    key += 1;
    await announce(engine.deps.db, engine.deps, {
      workspaceId: engine.workspace.id,
      campaignId,
      channelId: 'C1',
      key: `note-${key}`,
      content: { kind: 'note', level: 'info', text: `Note ${key}.`, buttons: [] },
    });
    await engine.drain();
    return `note-${key}`;
  }

  async function postOf(postKey: string) {
    const [row] = await engine.deps.db.select().from(posts).where(eq(posts.postKey, postKey));
    return row;
  }

  it('is a reply to the card', async () => {
    const campaignId = await engine.campaign();
    await engine.drain();
    const card = await cardOf(campaignId);
    await tell(campaignId);
    expect(engine.chat.posted.at(-1)?.place).toEqual({ channelId: card?.channelId, threadTs: card?.ts });
  });

  it('finds the new thread when its card was deleted, and goes to the channel when there is none any more', async () => {
    const campaignId = await engine.campaign();
    await engine.drain();
    await engine.wait(10_000);
    answerOnce('post', { kind: 'lost', problem: 'thread_deleted' });
    answerOnce('update', { kind: 'lost', problem: 'message_deleted' });
    const first = await tell(campaignId);
    for (let turn = 0; turn < 5; turn += 1) {
      await engine.wait(4_000);
      await engine.drain();
    }
    const card = await cardOf(campaignId);
    expect(card).toMatchObject({ state: 'posted', reposts: 1 });
    expect(await postOf(first)).toMatchObject({ state: 'posted' });
    const posted = engine.chat.posted.filter(({ content }) => content.kind === 'note').at(-1);
    expect(posted?.place).toEqual({ channelId: card?.channelId, threadTs: card?.ts });
    await engine.deps.db.update(cards).set({ state: 'lost' }).where(eq(cards.campaignId, campaignId));
    await tell(campaignId);
    const last = engine.chat.posted.filter(({ content }) => content.kind === 'note').at(-1);
    expect(last?.place).toEqual({ channelId: card?.channelId, threadTs: null });
  });

  it('is posted once more, and no third time, when the answer was lost', async () => {
    const campaignId = await engine.campaign();
    await engine.drain();
    answerOnce('post', { kind: 'unknown', cause: 'timeout' });
    const first = await tell(campaignId);
    expect(await postOf(first)).toMatchObject({ state: 'pending', tries: 1 });
    answerOnce('post', { kind: 'unknown', cause: 'timeout' });
    await engine.wait(5_000);
    await engine.drain();
    expect(await postOf(first)).toMatchObject({ state: 'unknown', tries: 2 });
  });

  it('waits as long as Slack asks, then is posted', async () => {
    const campaignId = await engine.campaign();
    await engine.drain();
    answerOnce('post', { kind: 'throttled', retryAfterMs: 7_000 });
    const first = await tell(campaignId);
    await engine.wait(7_000);
    await engine.drain();
    expect(await postOf(first)).toMatchObject({ state: 'posted' });
  });
});
