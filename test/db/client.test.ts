import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm/sql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DatabaseClient, type Executor, openDatabase } from '#db/client.ts';
import { createTestDatabase } from '#support/database.ts';

const { url } = await createTestDatabase();
let client: DatabaseClient;

beforeEach(() => {
  client = openDatabase(url, { maxConnections: 1 });
});
afterEach(() => client.close());

/** The kept statements that take parameters. */
async function prepared(): Promise<string[]> {
  const rows = await client.sql<{ statement: string }[]>`
    select statement from pg_prepared_statements where strpos(statement, chr(36) || '1') > 0 order by prepare_time`;
  return rows.map(({ statement }) => statement);
}

const addOne = (executor: Executor, n: number) =>
  executor.execute<{ sum: number }>(sql`select ${n}::int + 1 as sum`);

test('a statement is prepared once per connection, whatever its parameters', async () => {
  expect(await addOne(client.db, 1)).toMatchObject([{ sum: 2 }]);
  expect(await addOne(client.db, 41)).toMatchObject([{ sum: 42 }]);
  expect(await prepared()).toEqual(['select $1::int + 1 as sum']);
});

test('so it is in a transaction and in one within', async () => {
  await client.db.transaction(async (outer) => {
    await addOne(outer, 1);
    await outer.transaction(async (inner) => {
      expect(await inner.execute(sql`select ${'x'}::text as t`)).toMatchObject([{ t: 'x' }]);
    });
  });
  expect(await prepared()).toEqual(['select $1::int + 1 as sum', 'select $1::text as t']);
});

test('a list in the parameters is not kept', async () => {
  const many = sql.join(
    Array.from({ length: 65 }, (_, n) => sql`${n}::int`),
    sql`, `,
  );
  expect(await client.db.execute(sql`select greatest(${many}) as most`)).toMatchObject([{ most: 64 }]);
  expect(await prepared()).toEqual([]);
});

test('an error takes back the transaction, and of nested ones only the inner', async () => {
  await client.db.execute(sql`create table acts (name text)`);
  const fails = client.db.transaction(async (transaction) => {
    await transaction.execute(sql`insert into acts values (${'lost'})`);
    throw new Error('changed my mind');
  });
  await expect(fails).rejects.toThrow('changed my mind');
  await client.db.transaction(async (outer) => {
    await outer.execute(sql`insert into acts values (${'kept'})`);
    const inner = outer.transaction(async (transaction) => {
      await transaction.execute(sql`insert into acts values (${'lost too'})`);
      transaction.rollback();
    });
    await expect(inner).rejects.toThrow();
  });
  expect(await client.sql`select name from acts`).toEqual([{ name: 'kept' }]);
});

test('a transaction may name its isolation', async () => {
  const level = await client.sql.begin('isolation level serializable', async (transaction) => {
    const [row] = await transaction`show transaction_isolation`;
    return row?.transaction_isolation;
  });
  expect(level).toBe('serializable');
});

test('closing lets what runs finish', async () => {
  const answer = client.sql`select pg_sleep(0.2), 1 as n`.then((rows) => rows[0]?.n);
  await sleep(50);
  await client.close();
  expect(await answer).toBe(1);
});
