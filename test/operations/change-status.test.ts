import { eq } from 'drizzle-orm/sql';
import { beforeAll, describe, expect, it } from 'vitest';
import { campaigns } from '#db/schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { ANNA, createEngine, type Engine, phones } from '#support/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});

async function statusOf(campaignId: number) {
  const [row] = await engine.deps.db.select().from(campaigns).where(eq(campaigns.id, campaignId));
  return row?.status;
}

describe('resuming', () => {
  it('finishes a campaign whose last contacts ended while it was paused, and tells its results', async () => {
    const campaignId = await engine.campaign({ phones: phones(3) });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    await changeStatus(engine.deps, { campaignId, move: 'pause', actor: ANNA });
    await engine.deliverTexts(campaignId);
    expect(await statusOf(campaignId)).toBe('paused');

    await changeStatus(engine.deps, { campaignId, move: 'resume', actor: ANNA });
    await engine.drain();
    expect(await statusOf(campaignId)).toBe('completed');
    expect(engine.carrier.requests).toHaveLength(3);
    await engine.wait(2_000);
    await engine.drain();
    expect(engine.chat.posted.some(({ content }) => content.kind === 'result_card')).toBe(true);
  });
});
