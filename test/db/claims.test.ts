import { eq, sql } from 'drizzle-orm/sql';
import { expect, test } from 'vitest';
import { countDialing, keepDialingFrom } from '#db/claims.ts';
import { attempts, workspaces } from '#db/schema.ts';
import { createEngine, phones } from '#support/engine.ts';

const ATTEMPTS = 700;

test('requests under way are counted from the oldest one on, and never past it', async () => {
  const engine = await createEngine();
  const { db, clock } = engine.deps;
  const campaignId = await engine.campaign({ phones: phones(ATTEMPTS) });
  const now = clock.now().toISOString();
  await db.execute(sql`
    insert into attempts (token, workspace_id, campaign_id, contact_id, run_number, channel, n, phone_number, sender, state,
      outcome, provider, gate, created_at)
    select 'token-' || place, ${engine.workspace.id}, ${campaignId}, c.id, 1, 'sms', 1, c.phone_number, '+15005550006',
      case when place in (1, ${ATTEMPTS}) then 'dialing' else 'ended' end,
      case when place in (1, ${ATTEMPTS}) then null else 'delivered' end, 'scripted', '{}', ${now}::timestamptz
    from (select *, row_number() over (order by id) as place from contacts where campaign_id = ${campaignId}) c
    order by place`);
  const ids = await db.select({ id: attempts.id }).from(attempts).orderBy(attempts.id);
  const [first = 0, last = 0] = [ids[0]?.id, ids.at(-1)?.id];

  const look = () =>
    db.transaction(async (tx) => {
      const [workspace] = await tx.select().from(workspaces).where(eq(workspaces.id, engine.workspace.id));
      if (!workspace) throw new Error('the workspace is gone');
      const { inWorkspace, inCampaign, oldestId } = await countDialing(tx, workspace, campaignId);
      if (oldestId) await keepDialingFrom(tx, workspace, oldestId);
      return { inWorkspace, inCampaign, oldestId, from: workspace.dialingAfterId };
    });

  expect(await look()).toEqual({ inWorkspace: 2, inCampaign: 2, oldestId: first, from: 0 });
  expect(await look()).toEqual({ inWorkspace: 2, inCampaign: 2, oldestId: first, from: 0 });
  await db.update(attempts).set({ state: 'ended', outcome: 'delivered' }).where(eq(attempts.id, first));
  expect(await look()).toEqual({ inWorkspace: 1, inCampaign: 1, oldestId: last, from: 0 });
  expect(await look()).toEqual({ inWorkspace: 1, inCampaign: 1, oldestId: last, from: last - 1 });
});
