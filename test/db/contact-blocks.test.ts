import { eq, sql } from 'drizzle-orm/sql';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readContactPage } from '#db/contact-pages.ts';
import { campaigns } from '#db/schema.ts';
import { CONTACT_STATUSES } from '#domain/contact-status.ts';
import { seedCampaign, seedNextCampaign } from '#support/contact-files.ts';
import { createTestDatabase } from '#support/database.ts';

const { client } = await createTestDatabase();
const { db } = client;
const { workspaceId } = await seedCampaign(db);

/** Three contacts to a block of ids, far from those of other campaigns. */
const APART = 700;
let nextId = 1_000_000;

async function spread(contacts: number, apart = APART): Promise<{ campaignId: number; ids: number[] }> {
  const campaignId = await seedNextCampaign(db, workspaceId);
  const ids = Array.from({ length: contacts }, (_, index) => nextId + index * apart);
  nextId += (contacts + 10) * apart;
  await db.execute(sql`
    insert into contacts (id, campaign_id, phone_number, created_at) overriding system value
    select id::bigint, ${campaignId}, '+1212' || id, '2026-11-24T12:00:00Z'::timestamptz
    from jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb) as given(id)`);
  return { campaignId, ids };
}

/** What the blocks should hold, counted from the contacts, and what they do hold. */
async function compare(campaignId: number) {
  const counts = sql.raw(
    CONTACT_STATUSES.map((status) => `count(*) filter (where status = '${status}')::int as ${status}`).join(
      ', ',
    ),
  );
  const columns = sql.raw(CONTACT_STATUSES.join(', '));
  const counted = await db.execute(sql`
    select id >> 11 as block, ${counts} from contacts where campaign_id = ${campaignId} group by 1 order by 1`);
  const held = await db.execute(sql`
    select block, ${columns} from contact_blocks
    where campaign_id = ${campaignId} and (${sql.raw(CONTACT_STATUSES.join(' + '))}) > 0 order by block`);
  return { counted: [...counted], held: [...held] };
}

const setStatus = (tx: Pick<typeof db, 'execute'>, ids: number[], status: string) =>
  tx.execute(sql`
    update contacts set status = ${status}
    where id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb)::bigint)`);

/** `swap` changes blocks and leaves the counts of the campaign as they are. */
async function change(tx: Pick<typeof db, 'execute'>, ids: number[], kind: string): Promise<void> {
  if (kind === 'delete') await tx.execute(sql`delete from contacts where id = ${ids[0] ?? 0}`);
  else if (kind !== 'swap') await setStatus(tx, ids, kind);
  else
    await tx.execute(sql`
      update contacts set status = case status when 'busy' then 'failed' when 'failed' then 'busy' else status end
      where id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb)::bigint)`);
}

describe('the blocks of a campaign’s contacts', () => {
  test('hold what a recount finds, whatever many transactions do to them at once', async () => {
    const WORKERS = 4;
    const { campaignId, ids } = await spread(60);
    const step = fc.record({
      picks: fc.array(fc.nat(ids.length / WORKERS - 1), { minLength: 1, maxLength: 8 }),
      kind: fc.constantFrom(...CONTACT_STATUSES, 'swap' as const, 'delete' as const),
    });
    const work = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(work, { minLength: WORKERS, maxLength: WORKERS }), async (plans) => {
        const runs = plans.map(async (transactions, worker) => {
          // Each has contacts of its own in every block, so that they meet nowhere but in the blocks.
          const own = (picks: number[]) =>
            [...new Set(picks)].map((pick) => ids[pick * WORKERS + worker] ?? 0);
          for (const steps of transactions)
            await db.transaction(async (tx) => {
              for (const { picks, kind } of steps) await change(tx, own(picks), kind);
            });
        });
        await Promise.all(runs);
        const { counted, held } = await compare(campaignId);
        expect(held).toEqual(counted);
      }),
      { numRuns: 12 },
    );
  });

  test('forget what a transaction that failed had done', async () => {
    const { campaignId, ids } = await spread(9);
    const failed = db.transaction(async (tx) => {
      await setStatus(tx, ids, 'completed');
      throw new Error('and then it fails');
    });
    await expect(failed).rejects.toThrow('and then it fails');
    const { counted, held } = await compare(campaignId);
    expect(held).toEqual(counted);
    expect(held[0]).toMatchObject({ completed: 0 });
  });

  test('go with their campaign', async () => {
    const { campaignId } = await spread(9);
    await db.delete(campaigns).where(eq(campaigns.id, campaignId));
    const { counted, held } = await compare(campaignId);
    expect([counted, held]).toEqual([[], []]);
  });
});

test('a page is what a walk over all contacts finds there', async () => {
  // Some twenty blocks, most offsets behind the first of them.
  const { campaignId, ids } = await spread(7_000, 6);
  for (const [index, status] of CONTACT_STATUSES.entries())
    await setStatus(
      db,
      ids.filter((_, place) => place % (index + 3) === 1),
      status,
    );
  const rows = await db.execute<{ id: string; status: string }>(sql`
    select id, status from contacts where campaign_id = ${campaignId} order by id`);
  await fc.assert(
    fc.asyncProperty(
      fc.option(fc.constantFrom(...CONTACT_STATUSES)),
      fc.nat(7_100),
      fc.integer({ min: 1, max: 60 }),
      async (status, offset, limit) => {
        const found = await readContactPage(db, { campaignId, status, offset, limit });
        const wanted = rows.filter((row) => status === null || row.status === status);
        expect(found.map(({ id }) => id)).toEqual(
          wanted.slice(offset, offset + limit).map(({ id }) => Number(id)),
        );
      },
    ),
    { numRuns: 100 },
  );
});
