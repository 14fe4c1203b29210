import { eq } from 'drizzle-orm/sql';
import { beforeAll, describe, expect, it } from 'vitest';
import { attempts, campaignCounts, campaigns, contacts } from '#db/schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import type { TextStatusEvent } from '#ports/telephony.ts';
import { ANNA, createEngine, type Engine, phones } from '#support/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});

function delivered(
  ref: string,
  token: string,
  status: TextStatusEvent['status'] = 'delivered',
): TextStatusEvent {
  return { kind: 'text_status', token, ref, status, refusal: null, segments: null, price: null };
}

async function countsOf(campaignId: number) {
  const [row] = await engine.deps.db
    .select()
    .from(campaignCounts)
    .where(eq(campaignCounts.campaignId, campaignId));
  return row;
}

async function statusOf(campaignId: number) {
  const [row] = await engine.deps.db.select().from(campaigns).where(eq(campaigns.id, campaignId));
  return row?.status;
}

async function start(campaignId: number) {
  await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
}

describe('a text campaign', () => {
  it('texts every contact once, merges the receipts and completes', async () => {
    engine.carrier.requests.length = 0;
    const campaignId = await engine.campaign({ phones: phones(120), settings: { rateLimitPerMinute: 6000 } });
    await start(campaignId);
    expect(new Set(engine.carrier.requests.map((request) => request.to)).size).toBe(120);
    expect(engine.carrier.requests).toHaveLength(120);
    expect(await countsOf(campaignId)).toMatchObject({ pending: 0, in_progress: 120 });
    const rows = await engine.deps.db.select().from(attempts).where(eq(attempts.campaignId, campaignId));
    await engine.report(...rows.map((row) => delivered(row.providerRef ?? '', row.token)));
    await engine.drain();
    expect(await countsOf(campaignId)).toMatchObject({ completed: 120, in_progress: 0 });
    expect(await statusOf(campaignId)).toBe('completed');
    expect(engine.chat.posted.some(({ content }) => content.kind === 'result_card')).toBe(true);
    expect(engine.chat.files.at(-1)?.text.split('\r\n')).toHaveLength(122);
  });

  it('starts no more in a minute than its rate limit allows', async () => {
    engine.carrier.requests.length = 0;
    const campaignId = await engine.campaign({
      phones: phones(30, 200),
      settings: { rateLimitPerMinute: 10 },
    });
    await start(campaignId);
    for (let second = 0; second < 59; second += 1) {
      await engine.wait(1_000);
      await engine.drain();
    }
    const { length } = engine.carrier.requests;
    expect(length).toBeLessThanOrEqual(10);
    expect(length).toBeGreaterThanOrEqual(8);
    await changeStatus(engine.deps, { campaignId, move: 'cancel', actor: ANNA });
  });

  it('waits for the contact’s own hours and says until when', async () => {
    engine.carrier.requests.length = 0;
    const campaignId = await engine.campaign({
      phones: ['+18085550101', '+12125550301'],
      settings: { allowedHours: { start: '12:00', end: '17:00', days: ['tuesday'] } },
    });
    engine.clock.set(new Date('2026-11-24T19:30:00.000Z'));
    await start(campaignId);
    expect(engine.carrier.requests.map((request) => request.to)).toEqual(['+12125550301']);
    const [hawaii] = await engine.deps.db
      .select()
      .from(contacts)
      .where(eq(contacts.phoneNumber, '+18085550101'));
    expect(hawaii).toMatchObject({ status: 'pending', waitReason: 'outside_hours' });
    expect(hawaii?.nextAttemptAt?.toISOString()).toBe('2026-11-24T22:00:00.000Z');
    const [row] = await engine.deps.db.select().from(campaigns).where(eq(campaigns.id, campaignId));
    expect(row?.hold).toBeNull();
    await changeStatus(engine.deps, { campaignId, move: 'cancel', actor: ANNA });
  });

  it('skips numbers on the do-not-call list with the reason', async () => {
    engine.carrier.requests.length = 0;
    const [phone = ''] = phones(1, 400);
    await suppressNumber(engine.deps, {
      workspaceId: engine.workspace.id,
      phone,
      channel: 'all',
      reason: 'Asked on the phone.',
      source: 'manual',
      actor: ANNA,
    });
    const campaignId = await engine.campaign({ phones: [phone] });
    await start(campaignId);
    expect(engine.carrier.requests).toHaveLength(0);
    expect(await countsOf(campaignId)).toMatchObject({ skipped: 1 });
    expect(await statusOf(campaignId)).toBe('completed');
  });

  it('texts a number that two campaigns want at the same moment only once at a time', async () => {
    engine.carrier.requests.length = 0;
    const first = await engine.campaign({ phones: phones(20, 500) });
    const second = await engine.campaign({ phones: phones(20, 500) });
    await Promise.all([start(first), start(second)]);
    await engine.drain();
    const numbers = engine.carrier.requests.map((request) => request.to);
    expect(numbers).toHaveLength(20);
    expect(new Set(numbers).size).toBe(20);
  });

  it('changes nothing for a click on an older version', async () => {
    const campaignId = await engine.campaign({ phones: phones(1, 600) });
    const result = await changeStatus(engine.deps, {
      campaignId,
      move: 'start',
      actor: ANNA,
      expectedVersion: 99,
    });
    expect(result).toEqual({ status: 'draft', changed: false });
  });
});
