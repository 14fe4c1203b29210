import { sql } from 'drizzle-orm/sql';
import { expect, test } from 'vitest';
import { lockCampaign, takeDueContacts } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { suppress } from '#operations/suppress.ts';
import { createEngine, phones } from '#support/engine.ts';

const engine = await createEngine();
const { deps } = engine;
const SOON = sql`set local lock_timeout = '2s'`;

async function optOut(tx: Transaction, phoneNumber: string, campaignId: number): Promise<boolean> {
  await tx.execute(SOON);
  return suppress(deps, tx, {
    workspaceId: engine.workspace.id,
    phoneNumber,
    channel: 'all',
    reason: 'They texted an opt-out word.',
    source: 'opt_out',
    campaignId,
    actor: { kind: 'system' },
  });
}

test('an opt-out is written while a claim of its campaign is under way, and waits for nobody', async () => {
  const [first = '', second = ''] = phones(2);
  const campaignId = await engine.campaign({ phones: [first, second] });
  await deps.db.transaction(async (claim) => {
    await lockCampaign(claim, campaignId);
    const now = deps.clock.now();
    await takeDueContacts(claim, { campaignId, now, after: null, limit: 1 });
    await deps.db.transaction((tx) => optOut(tx, first, campaignId));
    await deps.db.transaction((tx) => optOut(tx, second, campaignId));
  });
  const rows = await deps.db.execute<{ phone: string; status: string }>(sql`
    select phone_number as phone, status from contacts where campaign_id = ${campaignId} order by id`);
  expect([...rows]).toEqual([
    // Being claimed at that instant: the claim's last gate check withdraws it, and the next claim skips it.
    { phone: first, status: 'pending' },
    { phone: second, status: 'skipped' },
  ]);
});

test('two opt-outs of people in the same campaigns are written at once', async () => {
  const numbers = phones(40, 100);
  const campaigns = [await engine.campaign({ phones: numbers }), await engine.campaign({ phones: numbers })];
  const [one = 0] = campaigns;
  await Promise.all(numbers.map((number) => deps.db.transaction((tx) => optOut(tx, number, one))));
  const [row] = await deps.db.execute<{ open: number }>(sql`
    select count(*)::int as open from contacts
    where campaign_id in ${campaigns} and status <> 'skipped'`);
  expect(row?.open).toBe(0);
});
