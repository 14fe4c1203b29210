import { eq, sql } from 'drizzle-orm/sql';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countExecutions, type ExecutionFilter, readExecutionPage } from '#db/execution-pages.ts';
import { campaigns } from '#db/schema.ts';
import { seedCampaign, seedNextCampaign } from '#support/contact-files.ts';
import { createTestDatabase } from '#support/database.ts';

const { client } = await createTestDatabase();
const { db } = client;
const { workspaceId, campaignId } = await seedCampaign(db);
const other = await seedNextCampaign(db, workspaceId);

/** Attempts over some twenty blocks of ids, those of another campaign, of tests and replies among them. */
await db.execute(sql`
  insert into contacts (campaign_id, phone_number, created_at)
    select case when n % 2 = 0 then ${campaignId}::int else ${other}::int end, '+1212' || (5550000 + n), '2026-11-24T12:00:00Z'
    from generate_series(1, 10) n`);
await db.execute(sql`
  insert into attempts (id, token, workspace_id, campaign_id, contact_id, run_number, channel, purpose, n, phone_number,
      sender, state, outcome, provider, gate, created_at) overriding system value
    select 100000 + n * 7, 'a' || n, ${workspaceId}, c.campaign_id, c.id, case when n % 11 = 0 then 0 else 1 end, 'sms',
      case when n % 13 = 0 then 'reply' else 'campaign' end, n % 30000, c.phone_number || n, '+1',
      case when n % 17 = 0 then 'in_progress' else 'ended' end,
      case when n % 17 = 0 then null
        else (array['delivered', 'sent', 'failed', 'voicemail', 'withdrawn'])[1 + n % 5] end, 'p', '{}', '2026-11-24T12:00:00Z'
    from generate_series(1, 6000) n join lateral (select * from contacts order by id offset n % 10 limit 1) c on true`);

const rows = await db.execute<{ id: string; contactId: string; outcome: string | null }>(sql`
  select id, contact_id as "contactId", outcome from attempts
  where campaign_id = ${campaignId} and purpose = 'campaign' and run_number <> 0 order by id desc`);
const all = rows.map((row) => ({ ...row, id: Number(row.id), contactId: Number(row.contactId) }));

function fits(filter: ExecutionFilter, outcome: string | null): boolean {
  if (filter === 'all') return true;
  return filter === 'under_way' ? outcome === null : filter.some((one) => one === outcome);
}

describe('a page of executions', () => {
  test('is what a walk over all attempts finds there', async () => {
    const filters: ExecutionFilter[] = [
      'all',
      'under_way',
      ['delivered', 'sent', 'answered'],
      ['voicemail'],
      [],
    ];
    const contactIds = [null, ...new Set(all.slice(0, 50).map(({ contactId }) => contactId))];
    expect(all.length).toBeGreaterThan(2_048);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...filters),
        fc.oneof(
          { weight: 3, arbitrary: fc.constant(null) },
          { weight: 1, arbitrary: fc.constantFrom(...contactIds) },
        ),
        fc.nat(all.length + 20),
        fc.integer({ min: 1, max: 60 }),
        async (filter, contactId, offset, limit) => {
          const wanted = all
            .filter((row) => fits(filter, row.outcome) && (contactId === null || row.contactId === contactId))
            .map(({ id }) => id);
          const of = { campaignId, filter, contactId };
          const found = await readExecutionPage(db, { ...of, offset, limit });
          expect(found.map(({ id }) => id)).toEqual(wanted.slice(offset, offset + limit));
          expect(await countExecutions(db, of)).toBe(wanted.length);
        },
      ),
      { numRuns: 120 },
    );
  });
});

test('attempts that go are counted no more', async () => {
  const [first] = all;
  await db.execute(sql`delete from attempts where id = ${first?.id ?? 0}`);
  expect(await countExecutions(db, { campaignId, filter: 'all', contactId: null })).toBe(all.length - 1);
  await db.delete(campaigns).where(eq(campaigns.id, campaignId));
  expect(await countExecutions(db, { campaignId, filter: 'all', contactId: null })).toBe(0);
});
