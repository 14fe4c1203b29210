import { eq } from 'drizzle-orm/sql';
import { beforeAll, describe, expect, it } from 'vitest';
import { calls } from '#db/call-schema.ts';
import { recover } from '#operations/recover.ts';
import { LookupFailed } from '#ports/telephony.ts';
import { createEngine, type Engine } from '#support/engine.ts';
import { lookingAt, MINUTE, statusOf } from './calls.ts';

let engine: Engine;
let look: ReturnType<typeof lookingAt>;
beforeAll(async () => {
  engine = await createEngine();
  look = lookingAt(engine);
});

/** A call that somebody made to us, as the desk writes it. */
async function ringUs(ref: string) {
  const called = await look.call(await look.start());
  const [row] = await engine.deps.db
    .insert(calls)
    .values({
      token: `in-${ref}`,
      workspaceId: called.workspaceId,
      campaignId: called.campaignId,
      contactId: called.contactId,
      direction: 'inbound',
      provider: 'scripted',
      providerRef: ref,
      contactNumber: called.contactNumber,
      ourNumber: called.ourNumber,
      script: called.script,
      createdAt: engine.clock.now(),
    })
    .returning();
  if (!row) throw new Error('the call was not written');
  return row;
}

async function read(id: number) {
  const [row] = await engine.deps.db.select().from(calls).where(eq(calls.id, id));
  return row;
}

describe('a call to us', () => {
  it('is ended by its last report, found by its id, once', async () => {
    const { id } = await ringUs('CA-in-1');
    const report = statusOf({ token: null, ref: 'CA-in-1' }, 'completed', { durationSeconds: 12 });
    await engine.report(statusOf({ token: null, ref: 'CA-in-1' }, 'in_progress'), report);
    await engine.drain();
    const ended = await read(id);
    expect(ended).toMatchObject({ endedAt: engine.clock.now(), durationSeconds: 12 });
    await engine.wait(MINUTE);
    await engine.report(statusOf({ token: null, ref: 'CA-in-1' }, 'failed'));
    await engine.drain();
    expect(await read(id)).toMatchObject({ endedAt: ended?.endedAt, durationSeconds: 12 });
  });

  it('of which nobody reports is asked about when it must be over, and again when that fails', async () => {
    const { id } = await ringUs('CA-in-2');
    engine.carrier.fetchedCalls.set('CA-in-2', statusOf({ token: null, ref: 'CA-in-2' }, 'completed'));
    await recover(engine.deps);
    expect(await read(id)).toMatchObject({ endedAt: null });
    await engine.wait(63 * MINUTE);
    engine.carrier.callLookupFails = new LookupFailed('not now');
    await recover(engine.deps);
    expect(await read(id)).toMatchObject({ endedAt: null });
    engine.carrier.callLookupFails = null;
    await recover(engine.deps);
    expect(await read(id)).toMatchObject({ endedAt: engine.clock.now(), durationSeconds: 30 });
  });

  it('of which the carrier cannot tell for a day is taken as over', async () => {
    const { id } = await ringUs('CA-in-3');
    engine.carrier.callLookupFails = new LookupFailed('there is no such call');
    await engine.wait(23 * 60 * MINUTE);
    await recover(engine.deps);
    expect(await read(id)).toMatchObject({ endedAt: null });
    await engine.wait(2 * 60 * MINUTE);
    await recover(engine.deps);
    expect(await read(id)).toMatchObject({ endedAt: engine.clock.now(), durationSeconds: null });
    engine.carrier.callLookupFails = null;
  });
});
