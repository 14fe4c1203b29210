import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type postgres from 'postgres';
import { type DatabaseClient, openDatabase } from '#db/client.ts';
import { startEmbeddedPostgres } from '#db/embedded-postgres.ts';
import { migrate } from '#db/migrate.ts';
import { installJobTables } from '#jobs/worker.ts';
import { parentOf } from './processes.ts';

export type BenchDatabase = {
  client: DatabaseClient;
  sql: postgres.Sql;
  url: string;
  /** Empties every table, as a new installation has them; no bot may run. */
  reset(): Promise<void>;
  /** Another migrated database on the same server. */
  another(name: string): Promise<string>;
  /** The process of the server, above all its backends. */
  serverPid(): Promise<number>;
};

/** A PostgreSQL of the bench's own on the disk, with its default settings, for as long as the work lasts. */
export async function withDatabase<T>(
  work: (database: BenchDatabase) => Promise<T>,
  extraSettings: Record<string, string> = {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'ringmaster-bench-'));
  await chmod(folder, 0o755);
  const server = await startEmbeddedPostgres({ dataDir: folder, extraSettings });
  const another = async (name: string) => {
    await server.ensureDatabase(name);
    await migrate(server.url(name), { after: installJobTables });
    return server.url(name);
  };
  try {
    const url = await another('bench');
    const client = openDatabase(url);
    const { sql } = client;
    const serverPid = async () => {
      const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
      return parentOf(row?.pid ?? 0);
    };
    try {
      const reset = async () => {
        await sql`truncate workspaces, slack_deliveries, provider_events, rate_buckets, posting_turns, graphile_worker._private_jobs
          restart identity cascade`;
        await sql`vacuum analyze`;
        await sql`checkpoint`;
      };
      return await work({ client, sql, url, another, reset, serverPid });
    } finally {
      await client.close();
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
