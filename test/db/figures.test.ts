import { type SQL, sql } from 'drizzle-orm/sql';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Executor } from '#db/client.ts';
import { openDatabase } from '#db/client.ts';
import { CONTACT_STATUSES } from '#domain/contact-status.ts';
import { createTestDatabase } from '#support/database.ts';
import { countedAnew, keptFigures } from '#support/recount.ts';

const { client, url } = await createTestDatabase();
const { db } = client;
const CAMPAIGNS = [1, 2, 3];

beforeEach(fill);

async function fill(): Promise<void> {
  await db.execute(sql`truncate workspaces restart identity cascade`);
  await db.execute(sql`
    insert into workspaces (slack_team_id, name, created_at) values ('T1', 'Acme', '2026-01-01Z');
    insert into campaigns (workspace_id, name, campaign_type, status, time_zone, created_by, created_at, updated_at)
      select 1, 'C' || n, 'call', 'running', 'UTC', 'test', '2026-01-01Z', '2026-01-01Z' from generate_series(1, 3) n;
    insert into campaign_counts (campaign_id) select id from campaigns;
    insert into contacts (campaign_id, phone_number, created_at)
      select c, '+1555' || c || '00' || n, '2026-01-01T10:30:00Z' from generate_series(1, 3) c, generate_series(1, 6) n;
    insert into attempts (token, workspace_id, campaign_id, contact_id, run_number, channel, n, phone_number, sender, state,
        provider, gate, created_at)
      select 'a' || id || ':' || run, 1, campaign_id, id, run, case when id % 5 = 0 then 'sms' else 'call' end, 1,
        phone_number || run, '+1', 'dialing', 'p', '{}', '2026-01-01Z'
      from contacts, generate_series(1, 2) run;
    insert into calls (token, attempt_id, workspace_id, campaign_id, direction, provider, contact_number, our_number, script,
        created_at)
      select token, id, 1, campaign_id, 'outbound', 'p', '+1', '+1', '{}', '2026-01-01Z' from attempts
      where channel = 'call' and id % 2 = 0;`);
}

/** One statement, as any code of the product, or nobody's, may write it. */
type Change = { rank: number; apply: (executor: Executor) => Promise<unknown> };
/** In which order a transaction of the product changes these. */
const RANKS = { attempts: 1, calls: 2, contacts: 3, any: 4 };
const change = (rank: keyof typeof RANKS, statement: SQL): Change => ({
  rank: RANKS[rank],
  apply: (executor) => executor.execute(statement),
});

const OUTCOMES = ['answered', 'voicemail', 'busy', 'no_answer', 'canceled', 'withdrawn', 'rejected', null];

const campaign = fc.constantFrom(...CAMPAIGNS);
const residue = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 }));
const some = residue.map(([by, rest]) => sql`id % ${by} = ${rest % by}`);
const moment = fc
  .integer({ min: 0, max: 5 * 60 })
  .map((minutes) => new Date(Date.UTC(2026, 0, 1, 11) + minutes * 60_000).toISOString());
const seconds = fc.option(fc.integer({ min: 0, max: 600 }), { nil: null });

const anyChange: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: contactChange() },
  { weight: 6, arbitrary: attemptChange() },
  { weight: 5, arbitrary: callChange() },
  { weight: 2, arbitrary: arrivalOrDeparture() },
);

function contactChange(): fc.Arbitrary<Change> {
  const status = fc.constantFrom(...CONTACT_STATUSES);
  return fc.oneof(
    fc.tuple(campaign, some, status, fc.option(moment, { nil: null })).map(([id, where, to, at]) =>
      change(
        'contacts',
        sql`update contacts set status = ${to}, last_attempt_at = ${at}::timestamptz
          where campaign_id = ${id} and ${where}`,
      ),
    ),
    // A new run: everybody waits again, or is left out.
    campaign.map((id) =>
      change(
        'contacts',
        sql`update contacts set status = case when id % 2 = 0 then 'pending' else 'skipped' end where campaign_id = ${id}`,
      ),
    ),
  );
}

function attemptChange(): fc.Arbitrary<Change> {
  return fc.oneof(
    fc
      .tuple(campaign, some)
      .map(([id, where]) =>
        change(
          'attempts',
          sql`update attempts set provider_ref = coalesce(provider_ref, 'ref' || id) where campaign_id = ${id} and ${where}`,
        ),
      ),
    fc.tuple(campaign, some, fc.constantFrom(...OUTCOMES)).map(([id, where, outcome]) =>
      change(
        'attempts',
        sql`update attempts set outcome = ${outcome}, state = ${outcome === null ? 'unknown' : 'ended'}
          where campaign_id = ${id} and ${where}`,
      ),
    ),
  );
}

function callChange(): fc.Arbitrary<Change> {
  return fc
    .tuple(campaign, some, seconds)
    .map(([id, where, length]) =>
      change(
        'calls',
        sql`update calls set duration_seconds = ${length}::int where campaign_id = ${id} and ${where}`,
      ),
    );
}

function arrivalOrDeparture(): fc.Arbitrary<Change> {
  const removal = (table: string) =>
    fc
      .tuple(campaign, fc.integer({ min: 0, max: 6 }))
      .map(([id, rest]) =>
        change(
          'any',
          sql`delete from ${sql.identifier(table)} where campaign_id = ${id} and id % 7 = ${rest}`,
        ),
      );
  return fc.oneof(
    removal('contacts'),
    removal('attempts'),
    removal('calls'),
    fc.tuple(campaign, fc.uuid(), fc.constantFrom(...CONTACT_STATUSES)).map(([id, key, status]) =>
      change(
        'any',
        sql`insert into contacts (campaign_id, phone_number, status, created_at)
          values (${id}, ${key}, ${status}, '2026-01-01T12:00:00Z')`,
      ),
    ),
    fc.tuple(campaign, fc.uuid(), fc.constantFrom(...OUTCOMES)).map(([id, key, outcome]) =>
      change(
        'any',
        sql`insert into attempts (token, workspace_id, campaign_id, contact_id, run_number, channel, n, phone_number,
            sender, state, outcome, provider, provider_ref, gate, created_at)
          select ${key}, 1, campaign_id, id, 3, 'call', hashtext(${key}) % 30000, ${key}, '+1',
            ${outcome === null ? 'unknown' : 'ended'}, ${outcome}, 'p', ${key}, '{}', '2026-01-01Z'
          from contacts where campaign_id = ${id} order by id limit 1`,
      ),
    ),
    fc.tuple(campaign, fc.uuid(), seconds).map(([id, key, length]) =>
      change(
        'any',
        sql`insert into calls (token, attempt_id, workspace_id, campaign_id, direction, provider, contact_number, our_number,
            script, duration_seconds, created_at)
          select ${key}, id, 1, campaign_id, 'outbound', 'p', '+1', '+1', '{}', ${length}::int, '2026-01-01Z'
          from attempts a where campaign_id = ${id} and channel = 'call'
            and not exists (select from calls c where c.attempt_id = a.id)
          order by id desc limit 1`,
      ),
    ),
  );
}

describe('figures that triggers keep', () => {
  test('are what a count of the rows gives, whatever changes come in whatever order', async () => {
    await fc.assert(
      fc
        .asyncProperty(fc.array(anyChange, { minLength: 1, maxLength: 12 }), async (changes) => {
          for (const { apply } of changes) await apply(db);
          expect(await keptFigures(db)).toEqual(await countedAnew(db));
        })
        .beforeEach(fill),
      { numRuns: 60 },
    );
  });

  test('are exact when many transactions change the same runs at once, also where some are rolled back', async () => {
    // Statements over whole campaigns wait for each other often; the product's take their rows in one order.
    await db.execute(
      sql.raw(`alter database "${new URL(url).pathname.slice(1)}" set deadlock_timeout = '10ms'`),
    );
    const other = openDatabase(url, { maxConnections: 6 });
    const transaction = fc.record({
      changes: fc.array(anyChange, { minLength: 1, maxLength: 4 }),
      isGivenUp: fc.boolean(),
    });
    try {
      await fc.assert(
        fc
          .asyncProperty(fc.array(transaction, { minLength: 6, maxLength: 18 }), async (all) => {
            await Promise.all(
              all.map(({ changes, isGivenUp }) =>
                other.db
                  .transaction(async (tx) => {
                    for (const { apply } of changes.toSorted((a, b) => a.rank - b.rank)) await apply(tx);
                    if (isGivenUp) throw new GivenUp();
                  })
                  .catch(expectGivenUp),
              ),
            );
            expect(await keptFigures(db)).toEqual(await countedAnew(db));
          })
          .beforeEach(fill),
        { numRuns: 20 },
      );
    } finally {
      await other.close();
    }
  });

  const ends = sql`update attempts set outcome = 'answered', state = 'ended' where campaign_id = 1 and id % 2 = 0`;
  const tells = sql`update calls set duration_seconds = 45 where campaign_id = 1`;
  test.each([
    ['the end of a call and its length', ends, tells],
    ['the length of a call and its end', tells, ends],
  ])('miss nothing when two transactions tell %s, neither seeing the other', async (_, first, second) => {
    await db.execute(sql`update attempts set provider_ref = 'ref' || id`);
    const other = openDatabase(url, { maxConnections: 2 });
    let told: Promise<unknown> = Promise.resolve();
    try {
      await db.transaction(async (tx) => {
        await tx.execute(first);
        told = other.db.execute(second);
        await untilItWaits(other.db, told);
      });
      await told;
    } finally {
      await other.close();
    }
    const kept = await keptFigures(db);
    expect(kept).toEqual(await countedAnew(db));
    expect(kept.figures['1:1']?.answeredSeconds).toBeGreaterThan(0);
  });

  test('go with their campaign', async () => {
    await db.execute(
      sql`update attempts set provider_ref = 'ref' || id, outcome = 'answered', state = 'ended'`,
    );
    await db.execute(sql`update calls set duration_seconds = 30`);
    await db.execute(sql`update contacts set status = 'completed'`);
    await db.execute(sql`delete from campaigns where id = 2`);
    const kept = await keptFigures(db);
    expect(kept).toEqual(await countedAnew(db));
    expect(Object.keys(kept.figures).sort()).toEqual(['1:1', '1:2', '3:1', '3:2']);
  });
});

/** Until a statement waits for somebody's lock, or has come through without. */
async function untilItWaits(executor: Executor, statement: Promise<unknown>): Promise<void> {
  let isOver = false;
  void statement.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const [row] = await executor.execute<{ waiting: boolean }>(sql`
      select exists (
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as waiting`);
    if (row?.waiting) return;
  }
}

test('a deleted campaign is taken away without counting what is left of it each time', async () => {
  await db.execute(
    sql`update attempts set provider_ref = 'ref' || id, outcome = 'answered', state = 'ended'`,
  );
  await db.execute(sql`update campaigns set hold = '{"code": "deleted"}' where id = 2`);
  const before = (await keptFigures(db)).figures;
  await db.execute(sql`delete from contacts where campaign_id in (2, 3) and id % 2 = 0`);
  const after = (await keptFigures(db)).figures;
  expect(after['2:1']).toEqual(before['2:1']);
  expect(after['3:1']).toEqual((await countedAnew(db)).figures['3:1']);
  await db.execute(sql`delete from contacts where campaign_id = 2`);
  await db.execute(sql`delete from campaigns where id = 2`);
  expect(await keptFigures(db)).toEqual(await countedAnew(db));
});

class GivenUp extends Error {}

/** Statements in no order at all may wait for each other; PostgreSQL then ends one, which changes nothing. */
function expectGivenUp(error: unknown): void {
  const { code } = ((error as Error).cause ?? error) as { code?: string };
  if (!(error instanceof GivenUp) && code !== '40P01' && code !== '23505' && code !== '23503') throw error;
}
