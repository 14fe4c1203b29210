import { sql } from 'drizzle-orm/sql';
import { expect, test } from 'vitest';
import { afterCommit } from '#db/after-commit.ts';
import { createTestDatabase } from '#support/database.ts';

const { db } = (await createTestDatabase()).client;

test('what a transaction wants done follows its commit, and never its failure', async () => {
  const done: string[] = [];
  await db.transaction(async (tx) => {
    afterCommit(tx, () => done.push('counted'));
    await tx.execute(sql`select 1`);
    expect(done).toEqual([]);
  });
  expect(done).toEqual(['counted']);
  const failing = db.transaction(async (tx) => {
    afterCommit(tx, () => done.push('never'));
    await tx.execute(sql`select 1 / 0`);
  });
  await expect(failing).rejects.toThrow();
  afterCommit(db, () => done.push('at once'));
  expect(done).toEqual(['counted', 'at once']);
});

test('a transaction that is run again after a deadlock counts once', async () => {
  let tries = 0;
  let counted = 0;
  await db.transaction(async (tx) => {
    tries += 1;
    afterCommit(tx, () => {
      counted += 1;
    });
    if (tries === 1)
      await tx.execute(
        sql`do $$ begin raise exception 'waited for each other' using errcode = '40P01'; end $$`,
      );
  });
  expect([tries, counted]).toEqual([2, 1]);
});
