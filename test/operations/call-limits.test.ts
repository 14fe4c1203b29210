import { eq } from 'drizzle-orm/sql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sandboxClock } from '#clock.ts';
import { attempts, rateBuckets } from '#db/schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { changeStatus } from '#operations/change-status.ts';
import { dispatchCampaign } from '#operations/dispatch-campaign.ts';
import { suppress } from '#operations/suppress.ts';
import { ANNA, NOON } from '#support/engine.ts';
import { createCallStage, freshPhones, MINUTE, statusOf } from './calls.ts';

const { engine, look, accepting, reset } = await createCallStage();
beforeEach(() => {
  reset();
  engine.clock.set(NOON);
});
afterEach(async () => {
  engine.carrier.callsPerSecond = 1_000;
  // What a test leaves under way takes no place in the next one.
  const { db } = engine.deps;
  await db
    .update(attempts)
    .set({ state: 'ended', outcome: 'answered', lookAt: null })
    .where(eq(attempts.channel, 'call'));
  await db.delete(rateBuckets);
});

const move = (campaignId: number, name: 'pause' | 'resume' | 'cancel') =>
  changeStatus(engine.deps, { campaignId, move: name, actor: ANNA });

describe('a place', () => {
  it('is taken from the claim of a call until its end, in all its states', async () => {
    const campaignId = await look.start({ phones: freshPhones(4), settings: { concurrentLimit: 2 } });
    expect(engine.carrier.calls).toHaveLength(2);
    expect(await look.campaign(campaignId)).toMatchObject({ hold: { code: 'concurrency' } });
    const [first, second] = await look.calls(campaignId);
    const refOf = (call: typeof first) => ({ token: call?.token ?? '', ref: call?.providerRef ?? '' });
    await engine.report(statusOf(refOf(first), 'in_progress'));
    await engine.drain();
    expect(engine.carrier.calls).toHaveLength(2);
    await engine.report(statusOf(refOf(first), 'completed'));
    await engine.drain();
    expect(engine.carrier.calls).toHaveLength(3);
    await engine.report(statusOf(refOf(second), 'busy'));
    await engine.drain();
    expect(engine.carrier.calls).toHaveLength(4);
  });

  it('of the workspace that a call takes is not free for another campaign', async () => {
    await changeWorkspace(engine.deps.db, engine.workspace.id, { concurrentLimit: 2 });
    await look.start({ phones: freshPhones(2) });
    const texts = await engine.campaign({ phones: freshPhones(1) });
    engine.carrier.requests.length = 0;
    await changeStatus(engine.deps, { campaignId: texts, move: 'start', actor: ANNA });
    await engine.drain();
    expect(engine.carrier.requests).toEqual([]);
    expect(await look.campaign(texts)).toMatchObject({ hold: { code: 'concurrency' } });
    await changeWorkspace(engine.deps.db, engine.workspace.id, { concurrentLimit: 1_000 });
  });
});

describe('the carrier’s pace of calls', () => {
  it('lets no second begin more of them than it says, in all campaigns together', async () => {
    engine.carrier.callsPerSecond = 2;
    const startedAt: number[] = [];
    engine.carrier.answerCall = (request) => {
      startedAt.push(engine.clock.now().getTime());
      return accepting(request);
    };
    for (let n = 0; n < 2; n += 1) await look.start({ phones: freshPhones(5) });
    for (let step = 0; step < 60 && startedAt.length < 10; step += 1) {
      await engine.wait(100);
      await engine.drain();
    }
    expect(startedAt).toHaveLength(10);
    for (const at of startedAt) {
      const within = startedAt.filter((other) => other >= at && other - at <= 1_000);
      expect(within.length).toBeLessThanOrEqual(2);
    }
  });

  it('is kept by one dispatch that waits in between, because tasks are looked for less often', async () => {
    engine.carrier.callsPerSecond = 10;
    const campaignId = await engine.campaign({ type: 'call', phones: freshPhones(4) });
    const setting = { realEpochMs: Date.now(), productEpochMs: NOON.getTime(), speed: 1 };
    const deps = { ...engine.deps, clock: sandboxClock(setting) };
    await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
    await dispatchCampaign(deps, { campaignId });
    expect(engine.carrier.calls).toHaveLength(4);
    const claimedAt = (await look.attempts(campaignId)).map(({ createdAt }) => createdAt.getTime());
    for (const [index, at] of claimedAt.slice(1).entries())
      expect(at - (claimedAt[index] ?? 0)).toBeGreaterThan(100);
  });

  it('does not keep texts waiting', async () => {
    engine.carrier.callsPerSecond = 0;
    engine.carrier.requests.length = 0;
    const campaignId = await engine.campaign({ phones: freshPhones(3) });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    expect(engine.carrier.requests).toHaveLength(3);
  });
});

describe('a stopped campaign', () => {
  async function threeCalls() {
    const campaignId = await look.start({ phones: freshPhones(3) });
    const [queued, ringing, talking] = (await look.calls(campaignId)).map(({ token, providerRef }) => ({
      token,
      ref: providerRef ?? '',
    }));
    if (!queued || !ringing || !talking) throw new Error('three calls were not made');
    await engine.report(statusOf(ringing, 'ringing'), statusOf(talking, 'in_progress'));
    await engine.drain();
    return { campaignId, queued, ringing, talking };
  }

  it('has queued calls taken back when it pauses; those that ring or talk go on', async () => {
    const { campaignId, queued, ringing, talking } = await threeCalls();
    await move(campaignId, 'pause');
    await engine.drain();
    expect(engine.carrier.changes).toEqual([{ kind: 'cancel', ref: queued.ref }]);
    await engine.report(
      statusOf(queued, 'canceled'),
      statusOf(ringing, 'no_answer'),
      statusOf(talking, 'completed'),
    );
    await engine.drain();
    const people = await look.contacts(campaignId);
    expect(people.map(({ status, attempts: used }) => [status, used])).toEqual([
      ['pending', 0],
      ['pending', 1],
      ['completed', 1],
    ]);
    await move(campaignId, 'resume');
    await engine.drain();
    expect(engine.carrier.calls).toHaveLength(4);
  });

  it('skips who waits when it is cancelled, and takes back what is queued or rings', async () => {
    const { campaignId, queued, ringing, talking } = await threeCalls();
    await move(campaignId, 'cancel');
    await engine.drain();
    expect(engine.carrier.changes).toEqual([
      { kind: 'cancel', ref: queued.ref },
      { kind: 'cancel', ref: ringing.ref },
    ]);
    await engine.report(statusOf(queued, 'canceled'), statusOf(talking, 'completed'));
    await engine.drain();
    const [first, , third] = await look.contacts(campaignId);
    expect(first).toMatchObject({ status: 'skipped', skipReason: 'campaign_stopped' });
    expect(third).toMatchObject({ status: 'completed' });
  });

  it('takes back the call that the provider accepted while the campaign was paused', async () => {
    engine.carrier.answerCall = async (request) => {
      const result = await accepting(request);
      await move(campaignId, 'pause');
      // The task of the pause is over before the answer is here.
      await engine.deps.db.execute("delete from graphile_worker._private_jobs where key like 'cancel:%'");
      return result;
    };
    const campaignId = await engine.campaign({ type: 'call', phones: freshPhones() });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    const { ref } = await look.call(campaignId);
    expect(engine.carrier.changes).toEqual([{ kind: 'cancel', ref }]);
  });

  it('keeps its calls when it is resumed before they are taken back', async () => {
    const { campaignId } = await threeCalls();
    await move(campaignId, 'pause');
    await move(campaignId, 'resume');
    await engine.drain();
    expect(engine.carrier.changes).toEqual([]);
  });
});

describe('the end of a contact’s hours', () => {
  it('takes back a call that is still queued then, and it is made again in the morning', async () => {
    engine.clock.set(new Date('2026-11-25T01:50:00Z'));
    const campaignId = await look.start();
    const call = await look.call(campaignId);
    engine.carrier.fetchedCalls.set(call.ref, statusOf({ token: null, ref: call.ref }, 'queued'));
    await engine.wait(9 * MINUTE);
    await engine.drain();
    expect(engine.carrier.changes).toEqual([]);
    await engine.wait(MINUTE);
    await engine.drain();
    expect(engine.carrier.changes).toEqual([{ kind: 'cancel', ref: call.ref }]);
    await engine.report(statusOf(call, 'canceled'));
    await engine.drain();
    expect(await look.contact(campaignId)).toMatchObject({
      status: 'pending',
      waitReason: 'outside_hours',
      attempts: 0,
      nextAttemptAt: new Date('2026-11-25T13:00:00Z'),
    });
  });

  it('lets a conversation that is under way go on', async () => {
    engine.clock.set(new Date('2026-11-25T01:58:00Z'));
    const campaignId = await look.start();
    const call = await look.call(campaignId);
    await engine.report(statusOf(call, 'in_progress'));
    await engine.drain();
    await engine.wait(3 * MINUTE);
    await engine.drain();
    expect(engine.carrier.changes).toEqual([]);
  });
});

describe('the do-not-call list', () => {
  const list = (phoneNumber: string, channel: 'voice' | 'sms') =>
    engine.deps.db.transaction((tx) =>
      suppress(engine.deps, tx, {
        workspaceId: engine.workspace.id,
        phoneNumber,
        channel,
        reason: 'They asked.',
        source: 'manual',
        campaignId: null,
        actor: ANNA,
      }),
    );

  it('for calls keeps people from being called, and still texted', async () => {
    const people = freshPhones(1);
    await list(people[0] ?? '', 'voice');
    const campaignId = await look.start({ phones: people });
    expect(engine.carrier.calls).toEqual([]);
    expect(await look.contact(campaignId)).toMatchObject({ status: 'skipped', skipReason: 'do_not_call' });
    engine.carrier.requests.length = 0;
    const texts = await engine.campaign({ phones: people });
    await changeStatus(engine.deps, { campaignId: texts, move: 'start', actor: ANNA });
    await engine.drain();
    expect(engine.carrier.requests).toHaveLength(1);
  });
});

describe('somebody who comes onto the list while the carrier has their call', () => {
  it.each(['queued', 'ringing'] as const)(
    'has it taken back when it is %s, and nobody else',
    async (status) => {
      const campaignId = await look.start({ phones: freshPhones(2) });
      const [call] = await look.calls(campaignId);
      if (status === 'ringing')
        await engine.report(
          statusOf({ token: call?.token ?? null, ref: call?.providerRef ?? '' }, 'ringing'),
        );
      await engine.drain();
      await engine.deps.db.transaction((tx) =>
        suppress(engine.deps, tx, {
          workspaceId: engine.workspace.id,
          phoneNumber: call?.contactNumber ?? '',
          channel: 'all',
          reason: 'They asked.',
          source: 'opt_out',
          campaignId: null,
          actor: { kind: 'system' },
        }),
      );
      await engine.drain();
      expect(engine.carrier.changes).toEqual([{ kind: 'cancel', ref: call?.providerRef }]);
    },
  );
});

describe('a campaign that calls', () => {
  it('does not begin to place when nobody is there who could talk', async () => {
    const campaignId = await engine.campaign({ type: 'call', phones: freshPhones() });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.deps.db.execute(`update campaigns set assistant_id = null where id = ${campaignId}`);
    await engine.drain();
    expect(await look.campaign(campaignId)).toMatchObject({
      status: 'failed',
      hold: { code: 'provider_refused' },
    });
    expect(engine.carrier.calls).toEqual([]);
  });

  it('waits with its own words for the last calls to end, and finishes then', async () => {
    const campaignId = await look.start();
    await engine.wait(MINUTE);
    await changeStatus(engine.deps, { campaignId, move: 'pause', actor: ANNA });
    await changeStatus(engine.deps, { campaignId, move: 'resume', actor: ANNA });
    await engine.drain();
    expect(await look.campaign(campaignId)).toMatchObject({
      status: 'running',
      hold: { code: 'waiting_for_reports', channel: 'call' },
    });
    await engine.report(statusOf(await look.call(campaignId), 'completed'));
    await engine.drain();
    expect(await look.campaign(campaignId)).toMatchObject({ status: 'completed', hold: null });
  });
});
