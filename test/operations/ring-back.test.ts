import { beforeEach, describe, expect, it } from 'vitest';
import type { MixedSettings } from '#domain/mixed.ts';
import { createCallDesk } from '#operations/call-desk.ts';
import { createAssistant } from '#operations/create-assistant.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { createTurnKeeper } from '#operations/turn-keeper.ts';
import { OUR_NUMBER, readCallRow } from '#support/desk.ts';
import { NOON } from '#support/engine.ts';
import { createCallStage, MINUTE, statusOf } from './calls.ts';

const { engine, look, reset } = await createCallStage();
beforeEach(() => {
  reset();
  engine.clock.set(NOON);
});

const mixed = (first: MixedSettings['first']) =>
  look.start({
    type: 'mixed',
    settings: { maxAttempts: 1 },
    fields: { mixedSettings: { first, followUp: 'always', delayMinutes: 30 } },
  });

/** The contact of a campaign calls the number that it uses. */
async function ringBack(campaignId: number) {
  const { phoneNumber } = await look.contact(campaignId);
  const ref = `IN-${campaignId}`;
  const { token } = await createCallDesk(engine.deps).answerInbound({
    ref,
    from: phoneNumber,
    to: OUR_NUMBER,
  });
  return { token, ref };
}

async function pass(ms: number) {
  await engine.wait(ms);
  await engine.drain();
}

describe('somebody whom a mixed campaign reaches for and who rings back', () => {
  it('gets no text after the call that they did not take', async () => {
    const campaignId = await mixed('call');
    await engine.report(statusOf(await look.call(campaignId), 'no_answer'));
    await engine.drain();
    expect(await look.contact(campaignId)).toMatchObject({ status: 'pending', waitReason: 'follow_up' });
    await ringBack(campaignId);
    await pass(31 * MINUTE);
    expect(engine.carrier.requests).toEqual([]);
    expect(await look.contact(campaignId)).toMatchObject({ status: 'completed' });
    expect(await look.campaign(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('is not called after a text whose receipt comes after they rang', async () => {
    const campaignId = await mixed('sms');
    const [text] = await look.attempts(campaignId);
    if (!text?.providerRef) throw new Error('no text was sent');
    await ringBack(campaignId);
    const { token, providerRef: ref } = text;
    await engine.report({
      kind: 'text_status',
      token,
      ref,
      status: 'delivered',
      refusal: null,
      segments: 1,
      price: null,
    });
    await engine.drain();
    await pass(31 * MINUTE);
    expect(engine.carrier.calls).toEqual([]);
    expect(await look.contact(campaignId)).toMatchObject({ status: 'completed' });
  });
});

it('somebody who is on the phone with us is called again only when that is over', async () => {
  const campaignId = await look.start({ settings: { maxAttempts: 2, retryDelayMinutes: 5 } });
  await engine.report(statusOf(await look.call(campaignId), 'no_answer'));
  await engine.drain();
  engine.carrier.calls.length = 0;
  await pass(4 * MINUTE);
  const { token, ref } = await ringBack(campaignId);
  await pass(2 * MINUTE);
  expect(engine.carrier.calls).toEqual([]);
  expect(await look.contact(campaignId)).toMatchObject({ status: 'pending', waitReason: 'number_in_flight' });
  await engine.report(statusOf({ token, ref }, 'completed'));
  await engine.drain();
  await pass(2 * MINUTE);
  expect(engine.carrier.calls).toHaveLength(1);
});

describe('somebody whom a campaign would call again and who rings back', () => {
  const missed = async () => {
    const campaignId = await look.start({ settings: { maxAttempts: 2, retryDelayMinutes: 30 } });
    await engine.report(statusOf(await look.call(campaignId), 'no_answer'));
    await engine.drain();
    engine.carrier.calls.length = 0;
    return campaignId;
  };

  it('is not called again once they have talked', async () => {
    const campaignId = await missed();
    const call = await ringBack(campaignId);
    const { id } = await look.call(campaignId);
    expect(await createTurnKeeper(engine.deps).hasSpoken(id)).toBe(true);
    await engine.report(statusOf(call, 'completed'));
    await engine.drain();
    expect(await look.contact(campaignId)).toMatchObject({ status: 'completed' });
    expect(await look.campaign(campaignId)).toMatchObject({ status: 'completed' });
    await pass(31 * MINUTE);
    expect(engine.carrier.calls).toEqual([]);
  });

  it('is called again when they hung up without a word', async () => {
    const campaignId = await missed();
    await engine.report(statusOf(await ringBack(campaignId), 'completed'));
    await engine.drain();
    await pass(31 * MINUTE);
    expect(engine.carrier.calls).toHaveLength(1);
  });
});

it('whoever calls the number of another workspace is answered by that one, and hears nothing of ours', async () => {
  const other = await ensureWorkspace(engine.deps, { slackTeamId: 'T2', name: 'Umbrella', botUserId: 'U_2' });
  const theirNumber = '+12125557100';
  await createAssistant(engine.deps, {
    workspaceId: other.id,
    actor: { kind: 'system' },
    creationKey: 'of-another-workspace',
    name: 'Una',
    voice: 'joanna',
    phoneNumbers: [theirNumber],
  });
  const campaignId = await look.start();
  const { phoneNumber } = await look.contact(campaignId);
  const desk = createCallDesk(engine.deps);
  const { token } = await desk.answerInbound({ ref: 'IN-other', from: phoneNumber, to: theirNumber });
  const call = await readCallRow(engine, token);
  expect(call).toMatchObject({ workspaceId: other.id, campaignId: null, contactId: null });
  expect(call.script.values).toEqual({});
});
