import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, inject } from 'vitest';
import { type DatabaseClient, openDatabase } from '#db/client.ts';

const CLOSING_MS = 2_000;

/** A database of a test file's own. `url` is for things under test that open their own connections. */
export type TestDatabase = { url: string; client: DatabaseClient; drop(): Promise<void> };

/**
 * Clones the migrated template. Called at the top of a test file or a describe, it drops the database after the last
 * test, and fails the file when something still holds a connection to it by then: a leaked worker, socket or pool.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url, remove } = await cloneDatabase();
  const client = openDatabase(url);
  let dropping: Promise<void> | undefined;
  const drop = () => {
    dropping ??= client.close().then(remove);
    return dropping;
  };
  afterAll(drop);
  return { url, client, drop };
}

async function cloneDatabase(): Promise<{ url: string; remove(): Promise<void> }> {
  const { adminUrl, template } = inject('databaseServer');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(
    adminUrl,
    (sql) => sql`create database ${sql(name)} template ${sql(template)} strategy file_copy`,
  );
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const remove = () =>
    asAdmin(adminUrl, async (sql) => {
      const leaked = await waitForSilence(sql, name);
      await sql`drop database ${sql(name)} with (force)`;
      if (leaked.length > 0) throw new Error(`Connections were left open to ${name}:\n${leaked.join('\n')}`);
    });
  return { url: url.href, remove };
}

async function asAdmin<T>(adminUrl: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

/** Who is still connected, once those that are just closing are gone. */
async function waitForSilence(sql: postgres.Sql, database: string): Promise<string[]> {
  const deadline = performance.now() + CLOSING_MS;
  for (;;) {
    const rows = await sql<{ who: string }[]>`
      select concat_ws(' | ', application_name, state, left(query, 200)) as who from pg_stat_activity
      where datname = ${database} and backend_type = 'client backend'`;
    if (rows.length === 0 || performance.now() >= deadline) return rows.map(({ who }) => who);
    await sleep(20);
  }
}
