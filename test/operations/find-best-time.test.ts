import { sql } from 'drizzle-orm/sql';
import { expect, it } from 'vitest';
import { findBestTime } from '#operations/find-best-time.ts';
import { createEngine, NOON, phones } from '#support/engine.ts';

const engine = await createEngine();
const { deps } = engine;
const workspaceId = engine.workspace.id;
let made = 0;

/** Calls that began at an instant, as the ledger keeps them. */
async function called(
  at: string,
  zone: string,
  { calls, answered, run = 1 }: { calls: number; answered: number; run?: number },
) {
  made += 1;
  const campaignId = await engine.campaign({ phones: phones(1, 5000 + made), type: 'call' });
  await deps.db.execute(sql`
    insert into attempts (token, workspace_id, campaign_id, contact_id, run_number, channel, purpose, n, phone_number,
      sender, state, outcome, provider, gate, asked_at, created_at, ended_at)
    select ${`best-${made}-`} || i, ${workspaceId}, ${campaignId}, c.id, ${run}, 'call',
      ${run === 0 ? 'reply' : 'campaign'}, i, c.phone_number, '+15005550006', 'ended',
      case when i <= ${answered}::int then 'answered' else 'no_answer' end, 'scripted',
      jsonb_build_object('zones', jsonb_build_array(${zone}::text)), ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
    from contacts c, generate_series(1, ${calls}::int) i where c.campaign_id = ${campaignId}`);
}

it('counts calls on the clock of whoever was called, and lets own rates take over at 200', async () => {
  engine.clock.set(NOON);
  // One instant is 10:20 in New York, 07:20 in Los Angeles, and 20:50 in Kolkata.
  await called('2026-11-17T15:20:00Z', 'America/New_York', { calls: 100, answered: 60 });
  await called('2026-11-17T15:20:00Z', 'America/Los_Angeles', { calls: 50, answered: 5 });
  expect(await findBestTime(deps, { workspaceId })).toMatchObject({ basis: 'usual', calls: 150 });
  await called('2026-11-17T15:20:00Z', 'Asia/Kolkata', { calls: 49, answered: 10 });
  await called('2026-11-17T15:20:00Z', 'America/New_York', { calls: 500, answered: 0, run: 0 });
  await called('2026-06-17T15:20:00Z', 'America/New_York', { calls: 500, answered: 0 });
  expect(await findBestTime(deps, { workspaceId })).toMatchObject({ basis: 'usual', calls: 199 });
  await called('2026-11-24T15:59:00Z', 'America/New_York', { calls: 1, answered: 1 });
  const found = await findBestTime(deps, { workspaceId });
  expect(found).toMatchObject({ basis: 'own', calls: 200 });
  expect(found.best).toEqual([{ weekday: 'tuesday', from: 10, until: 11, calls: 101, answered: 61 }]);
  expect(found.rates).toContainEqual({ weekday: 'tuesday', hour: 7, calls: 50, answered: 5 });
  expect(found.rates).toContainEqual({ weekday: 'tuesday', hour: 20, calls: 49, answered: 10 });
  expect(await findBestTime(deps, { workspaceId: workspaceId + 1 })).toMatchObject({ calls: 0 });
});
