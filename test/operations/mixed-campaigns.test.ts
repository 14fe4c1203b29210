import { beforeEach, describe, expect, it } from 'vitest';
import { changeWorkspace } from '#db/workspaces.ts';
import type { CallStatusName } from '#domain/call.ts';
import type { MixedSettings } from '#domain/mixed.ts';
import { changeStatus } from '#operations/change-status.ts';
import { suppress } from '#operations/suppress.ts';
import type { TextStatusEvent } from '#ports/telephony.ts';
import { ANNA, NOON } from '#support/engine.ts';
import { createCallStage, freshPhones, MINUTE, statusOf } from './calls.ts';

const { engine, look, reset } = await createCallStage();
// Two calls and two texts to one person within a day, which a workspace must want.
await changeWorkspace(engine.deps.db, engine.workspace.id, { frequencyLimit: 4 });
beforeEach(() => {
  reset();
  engine.clock.set(NOON);
});

const start = (settings: Partial<MixedSettings>, maxAttempts = 1) =>
  look.start({
    type: 'mixed',
    settings: { maxAttempts },
    fields: { mixedSettings: { first: 'call', followUp: 'always', delayMinutes: 0, ...settings } },
  });

async function endCall(campaignId: number, status: CallStatusName) {
  await engine.report(statusOf(await look.call(campaignId), status));
  await engine.drain();
}

async function endText(campaignId: number, status: TextStatusEvent['status']) {
  const attempt = (await look.attempts(campaignId)).findLast(({ channel }) => channel === 'sms');
  if (!attempt?.providerRef) throw new Error('no text was sent');
  const refusal = status === 'delivered' ? null : { class: 'provider' as const, code: '30008', fix: 'Wait.' };
  await engine.report({
    kind: 'text_status',
    token: attempt.token,
    ref: attempt.providerRef,
    status,
    refusal,
    segments: 1,
    price: null,
  });
  await engine.drain();
}

async function receive(campaignId: number, body: string) {
  const { phoneNumber } = await look.contact(campaignId);
  await engine.report({
    kind: 'text_inbound',
    ref: `SM-in-${campaignId}-${body}`,
    from: phoneNumber,
    to: '+15005550006',
    body,
    mediaCount: 0,
    optOut: null,
  });
  await engine.drain();
}

const asked = () => ({ calls: engine.carrier.calls.length, texts: engine.carrier.requests.length });

describe('a call first', () => {
  it.each<[MixedSettings['followUp'], CallStatusName, boolean, string]>([
    ['always', 'completed', true, 'completed'],
    ['always', 'no_answer', true, 'completed'],
    ['if_reached', 'completed', true, 'completed'],
    ['if_reached', 'no_answer', false, 'no_answer'],
    ['if_not_reached', 'completed', false, 'completed'],
    ['if_not_reached', 'no_answer', true, 'completed'],
  ])('with a text %s: after “%s” a text follows: %s', async (followUp, status, follows, last) => {
    const campaignId = await start({ followUp });
    expect(asked()).toEqual({ calls: 1, texts: 0 });
    await endCall(campaignId, status);
    expect(asked()).toEqual({ calls: 1, texts: follows ? 1 : 0 });
    if (follows) await endText(campaignId, 'delivered');
    expect(await look.contact(campaignId)).toMatchObject({ status: last });
    expect(await look.campaign(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('is retried on its own before the text, each channel with the whole number of attempts', async () => {
    const campaignId = await start({}, 2);
    await endCall(campaignId, 'busy');
    expect(await look.contact(campaignId)).toMatchObject({ status: 'pending', waitReason: 'retry' });
    await engine.wait(30 * MINUTE);
    await engine.drain();
    await endCall(campaignId, 'busy');
    expect(asked()).toEqual({ calls: 2, texts: 1 });
    await endText(campaignId, 'failed');
    await engine.wait(30 * MINUTE);
    await engine.drain();
    expect(asked()).toEqual({ calls: 2, texts: 2 });
    await endText(campaignId, 'failed');
    expect(await look.contact(campaignId)).toMatchObject({ status: 'busy', attempts: 4, channelAttempts: 2 });
  });
});

describe('a text first', () => {
  it.each<[MixedSettings['followUp'], TextStatusEvent['status'], boolean]>([
    ['always', 'delivered', true],
    ['always', 'failed', true],
    ['if_reached', 'delivered', true],
    ['if_reached', 'failed', false],
    ['if_not_reached', 'delivered', false],
    ['if_not_reached', 'failed', true],
  ])('with a call %s: after “%s” a call follows: %s', async (followUp, status, follows) => {
    const campaignId = await start({ first: 'sms', followUp });
    expect(asked()).toEqual({ calls: 0, texts: 1 });
    await endText(campaignId, status);
    expect(asked()).toEqual({ calls: follows ? 1 : 0, texts: 1 });
    if (follows) await endCall(campaignId, 'no_answer');
    const reached = status === 'delivered' ? 'completed' : follows ? 'no_answer' : 'failed';
    expect(await look.contact(campaignId)).toMatchObject({ status: reached });
    expect(await look.campaign(campaignId)).toMatchObject({ status: 'completed' });
  });
});

describe('a follow-up that waits', () => {
  const waiting = async (settings: Partial<MixedSettings> = {}) => {
    const campaignId = await start({ delayMinutes: 60, ...settings });
    await endCall(campaignId, 'no_answer');
    expect(await look.contact(campaignId)).toMatchObject({
      status: 'pending',
      waitReason: 'follow_up',
      nextChannel: 'sms',
      firstStatus: 'no_answer',
      channelAttempts: 0,
    });
    expect(await look.campaign(campaignId)).toMatchObject({
      status: 'running',
      hold: { code: 'waiting_for_follow_ups' },
    });
    return campaignId;
  };

  const pass = async () => {
    await engine.wait(60 * MINUTE);
    await engine.drain();
  };

  it('is made after the delay', async () => {
    await waiting();
    await pass();
    expect(asked()).toEqual({ calls: 1, texts: 1 });
  });

  it.each(['I will be there', 'STOP'])('is not made any more after “%s”', async (body) => {
    const campaignId = await waiting();
    await receive(campaignId, body);
    expect(await look.contact(campaignId)).toMatchObject({ status: 'completed', nextAttemptAt: null });
    await pass();
    expect(asked()).toEqual({ calls: 1, texts: 0 });
    expect(await look.campaign(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('is not made when the number goes on the list, and what came of the first channel stands', async () => {
    const campaignId = await waiting();
    const { phoneNumber } = await look.contact(campaignId);
    await engine.deps.db.transaction((tx) =>
      suppress(engine.deps, tx, {
        workspaceId: engine.workspace.id,
        phoneNumber,
        channel: 'sms',
        reason: 'A colleague knows them.',
        source: 'manual',
        campaignId: null,
        actor: ANNA,
      }),
    );
    await engine.drain();
    await pass();
    expect(asked()).toEqual({ calls: 1, texts: 0 });
    expect(await look.contact(campaignId)).toMatchObject({ status: 'no_answer', skipReason: null });
  });

  it('is not made when the campaign is cancelled, and what came of the first channel stands', async () => {
    const campaignId = await waiting();
    await changeStatus(engine.deps, { campaignId, move: 'cancel', actor: ANNA });
    await pass();
    expect(asked()).toEqual({ calls: 1, texts: 0 });
    expect(await look.contact(campaignId)).toMatchObject({ status: 'no_answer' });
  });
});

describe('an answer while the first channel is in use', () => {
  it('by text keeps the call from being made', async () => {
    const campaignId = await start({ first: 'sms' });
    await receive(campaignId, 'yes please');
    await endText(campaignId, 'delivered');
    expect(asked()).toEqual({ calls: 0, texts: 1 });
    expect(await look.contact(campaignId)).toMatchObject({ status: 'completed', firstStatus: 'completed' });
  });

  it('that takes the person off completes them without a text', async () => {
    const campaignId = await start({});
    const { phoneNumber } = await look.contact(campaignId);
    await engine.deps.db.transaction((tx) =>
      suppress(engine.deps, tx, {
        workspaceId: engine.workspace.id,
        phoneNumber,
        channel: 'voice',
        reason: 'They said stop calling.',
        source: 'opt_out',
        campaignId,
        actor: { kind: 'system' },
      }),
    );
    await endCall(campaignId, 'completed');
    expect(asked()).toEqual({ calls: 1, texts: 0 });
    expect(await look.contact(campaignId)).toMatchObject({ status: 'completed' });
  });
});

describe('a text that was given up and is there after all', () => {
  it.each<[TextStatusEvent['status'], number]>([
    ['delivered', 1],
    ['sent', 0],
  ])('is taken back, and the call follows when it has arrived: “%s”', async (status, calls) => {
    const accepting = engine.carrier.answer;
    engine.carrier.answer = () => ({ kind: 'unknown', cause: 'timeout' });
    const campaignId = await start({ first: 'sms' });
    engine.carrier.answer = accepting;
    await changeStatus(engine.deps, { campaignId, move: 'pause', actor: ANNA });
    for (const minutes of [1, 4]) {
      await engine.wait(minutes * MINUTE);
      await engine.drain();
    }
    const [attempt] = await look.attempts(campaignId);
    expect(attempt).toMatchObject({ outcome: 'not_placed' });
    await engine.report({
      kind: 'text_status',
      token: attempt?.token ?? '',
      ref: `SM-late-${status}`,
      status,
      refusal: null,
      segments: 1,
      price: null,
    });
    await engine.drain();
    await changeStatus(engine.deps, { campaignId, move: 'resume', actor: ANNA });
    await engine.drain();
    expect(asked()).toEqual({ calls, texts: 1 });
    if (status === 'sent') await endText(campaignId, 'delivered');
    expect(asked()).toEqual({ calls: 1, texts: 1 });
  });
});

describe('a batch of both', () => {
  it('judges each contact for its own channel', async () => {
    const people = freshPhones(2);
    const campaignId = await engine.campaign({
      type: 'mixed',
      phones: people,
      fields: { mixedSettings: { first: 'call', followUp: 'always', delayMinutes: 0 } },
    });
    const db = engine.deps.db;
    await db.execute(
      `update contacts set next_channel = 'sms', first_status = 'busy' where campaign_id = ${campaignId} and phone_number = '${people[1]}'`,
    );
    await db.transaction(async (tx) => {
      for (const phoneNumber of people) {
        await suppress(engine.deps, tx, {
          workspaceId: engine.workspace.id,
          phoneNumber,
          channel: 'voice',
          reason: 'They asked.',
          source: 'manual',
          campaignId: null,
          actor: ANNA,
        });
      }
    });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    expect(asked()).toEqual({ calls: 0, texts: 1 });
    const [called, texted] = await look.contacts(campaignId);
    expect(called).toMatchObject({ status: 'skipped', skipReason: 'do_not_call' });
    expect(texted).toMatchObject({ status: 'in_progress' });
  });
});
