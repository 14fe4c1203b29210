import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql as sqlText } from 'drizzle-orm/sql';
import postgres from 'postgres';
import type { Executor } from './client.ts';
import { explainConnectionError } from './connection-problem.ts';
import { StartupProblem } from './startup-problem.ts';

const OLDEST_SERVER = 15;
const LOCK_KEY = 7_464_627_381;
const LOCK_POLL_MS = 100;
const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;

type Migration = { name: string; text: string; checksum: string };

/**
 * Brings the database at `url` to this version: applies what is missing of `migrations/NNNN_name.sql` in order, each in
 * its own transaction, then runs `after`, all under one lock, so processes that start together wait for the first one.
 * Returns the names applied. Throws a `StartupProblem` when an applied file changed, when the database is newer than
 * the code, when a file fails (which changes nothing), or when there is no suitable server at `url`.
 */
export async function migrate(
  url: string,
  options: { directory?: string; after?: (url: string) => Promise<void> } = {},
): Promise<string[]> {
  const migrations = await readMigrations(options.directory ?? findDirectory());
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    await checkServer(sql, url);
    await lock(sql);
    const applied = await applyMissing(sql, migrations);
    await options.after?.(url);
    return applied;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** The folder lies beside `src/` and beside `dist/`: one step up from the bundle, two from this file. */
function findDirectory(): string {
  const places = ['../migrations', '../../migrations'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  const found = places.find((place) => existsSync(place));
  if (!found)
    throw new StartupProblem(`The folder migrations/ is missing; it belongs at ${places.join(' or ')}.`);
  return found;
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const names = await readNames(directory);
  names.forEach((name, index) => {
    const number = FILE_NAME.exec(name)?.[1];
    if (!number)
      throw new StartupProblem(`The migration ${name} should be called 0001_what_it_does.sql or so.`);
    if (names[index - 1]?.startsWith(number)) {
      throw new StartupProblem(`Two migrations have the number ${number}. Give ${name} the next free one.`);
    }
  });
  return Promise.all(
    names.map(async (name) => {
      const text = (await readFile(join(directory, name), 'utf8')).replaceAll('\r\n', '\n');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

async function readNames(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
}

async function checkServer(sql: postgres.Sql, url: string): Promise<void> {
  const [row] = await sql<
    { version: number }[]
  >`select current_setting('server_version_num')::int as version`.catch((error: unknown) => {
    throw explainConnectionError(error, url);
  });
  const version = Math.floor((row?.version ?? 0) / 10_000);
  if (version < OLDEST_SERVER) {
    throw new StartupProblem(
      `Ringmaster needs PostgreSQL ${OLDEST_SERVER} or newer; DATABASE_URL leads to version ${version}.`,
    );
  }
}

/** Asks again and again instead of waiting inside the server, where the waiting statement would hold a snapshot open. */
async function lock(sql: postgres.Sql): Promise<void> {
  for (;;) {
    const [row] = await sql<{ locked: boolean }[]>`select pg_try_advisory_lock(${LOCK_KEY}) as locked`;
    if (row?.locked) return;
    await sleep(LOCK_POLL_MS);
  }
}

async function applyMissing(sql: postgres.Sql, migrations: Migration[]): Promise<string[]> {
  await sql`create table if not exists schema_migrations
    (name text primary key, checksum text not null, applied_at timestamptz(3) not null)`;
  const done = await sql<
    { name: string; checksum: string }[]
  >`select name, checksum from schema_migrations order by name`;
  done.forEach((row, index) => {
    checkApplied(row, migrations[index]);
  });
  const missing = migrations.slice(done.length);
  for (const migration of missing) await apply(sql, migration);
  return missing.map(({ name }) => name);
}

function checkApplied(row: { name: string; checksum: string }, file: Migration | undefined): void {
  if (!file) {
    throw new StartupProblem(
      `The database is newer than this Ringmaster: it has the migration ${row.name}, which this version does not know. Start the newer version, or restore an older backup of the database.`,
    );
  }
  if (row.name !== file.name) {
    throw new StartupProblem(
      `The database has the migration ${row.name} where this Ringmaster has ${file.name}: they come from different histories. Restore the file that was applied, and put changes into a new migration.`,
    );
  }
  if (row.checksum !== file.checksum) {
    throw new StartupProblem(
      `The migration ${file.name} was changed after it had been applied. Restore the file, and put the change into a new migration.`,
    );
  }
}

async function apply(sql: postgres.Sql, { name, text, checksum }: Migration): Promise<void> {
  try {
    await sql.begin(async (transaction) => {
      await transaction.unsafe(text);
      await transaction`insert into schema_migrations values (${name}, ${checksum}, ${new Date()})`;
    });
  } catch (error) {
    throw new StartupProblem(
      `The migration ${name} failed and changed nothing: ${(error as Error).message}.`,
      {
        cause: error,
      },
    );
  }
}

/** The migrations of this version that a database does not have, in order. */
export async function missingMigrations(executor: Executor): Promise<string[]> {
  const names = await readNames(findDirectory());
  const done = await executor.execute<{ name: string }>(sqlText`select name from schema_migrations`);
  const applied = new Set(done.map(({ name }) => name));
  return names.filter((name) => !applied.has(name));
}
