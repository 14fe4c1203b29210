import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger, runMigrations } from 'graphile-worker';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { claimFolder } from '#db/embedded-lock.ts';
import { startEmbeddedPostgres } from '#db/embedded-postgres.ts';
import { migrate } from '#db/migrate.ts';
import { databaseParent, makeFolder } from './folder.ts';

const PREFIX = 'ringmaster-test-';
const SETTLED_MS = 60_000;

/** Test data may be lost with the machine; it should not wait for the disk. */
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_connections: '200',
};

declare module 'vitest' {
  interface ProvidedContext {
    databaseServer: { adminUrl: string; template: string };
  }
}

/** One PostgreSQL for the whole run, with one migrated database that every test file clones. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const parent = await databaseParent();
  await sweep(parent);
  const folder = await makeFolder(parent, PREFIX);
  const server = await startEmbeddedPostgres({ dataDir: folder, extraSettings: FAST });
  const template = 'ringmaster_template';
  await server.ensureDatabase(template);
  await migrate(server.url(template), { after: installJobTables });
  const admin = postgres(server.url('postgres'), { max: 1 });
  await admin`alter database ${admin(template)} with is_template true allow_connections false`;
  await admin.end();
  project.provide('databaseServer', { adminUrl: server.url('postgres'), template });
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

/** Removes what killed runs left: folders that nobody claims, and that are too old to be about to be claimed. */
async function sweep(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    const folder = join(parent, name);
    const found = await stat(folder).catch(() => undefined);
    if (!found || Date.now() - found.mtimeMs < SETTLED_MS) continue;
    const claim = await claimFolder(folder, 0).catch(() => undefined);
    claim?.release();
    if (claim) await rm(folder, { recursive: true, force: true });
  }
}

/** The worker's own, and not by way of `#jobs`: a fault in any folder would otherwise stop the tests of all of them. */
async function installJobTables(connectionString: string): Promise<void> {
  await runMigrations({ connectionString, logger: new Logger(() => () => undefined) });
}
