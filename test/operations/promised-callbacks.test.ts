import { eq } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '#db/call-schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { NOON } from '#support/engine.ts';
import { createCallStage, MINUTE, statusOf } from './calls.ts';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const { engine, look, reset, accepting } = await createCallStage();

beforeEach(() => {
  reset();
  engine.clock.set(NOON);
});

const limit = (frequencyLimit: number) =>
  changeWorkspace(engine.deps.db, engine.workspace.id, { frequencyLimit });

/** Of a campaign that stops at the end of its day, somebody was called once and is promised another call. */
async function promised(afterMs: number) {
  const campaignId = await look.start({ settings: { endOfDay: 'stop' } });
  const call = await look.call(campaignId);
  const callbackAt = new Date(engine.clock.now().getTime() + afterMs);
  await engine.deps.db
    .update(calls)
    .set({ spokeAt: engine.clock.now(), callbackAt, result: 'callback' })
    .where(eq(calls.id, call.id));
  await engine.report(statusOf(call, 'completed'));
  await engine.drain();
  return campaignId;
}

async function pass(ms: number) {
  await engine.wait(ms);
  await engine.drain();
}

describe('a call back that was promised', () => {
  it('is still made on another day when a cap puts it off', async () => {
    await limit(1);
    const campaignId = await promised(HOUR);
    await pass(HOUR);
    expect(await look.contact(campaignId)).toMatchObject({
      status: 'pending',
      waitReason: 'callback',
      nextAttemptAt: new Date(NOON.getTime() + DAY + MINUTE),
    });
    await pass(DAY - HOUR + MINUTE);
    expect(engine.carrier.calls).toHaveLength(2);
  });

  it('is still made when the provider is too busy at its time', async () => {
    await limit(3);
    const campaignId = await promised(DAY);
    engine.carrier.answerCall = () => ({ kind: 'throttled', retryAfterMs: 1_000, code: '429' });
    await pass(DAY);
    expect(engine.carrier.calls).toHaveLength(2);
    expect(await look.contact(campaignId)).toMatchObject({ status: 'pending', waitReason: 'callback' });
    engine.carrier.answerCall = accepting;
    await pass(MINUTE);
    expect(engine.carrier.calls).toHaveLength(3);
  });
});
