import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import postgres from 'postgres';
import { choosePlace, createDataFolder, type Place } from './embedded-account.ts';
import { findBinaries } from './embedded-binaries.ts';
import { type Cluster, ensureCluster, SUPERUSER } from './embedded-cluster.ts';
import { clearLeftover } from './embedded-leftover.ts';
import { claimFolder } from './embedded-lock.ts';
import { type Server, startServer } from './embedded-server.ts';

const DUPLICATE_DATABASE = '42P04';
const CLAIM_PATIENCE_MS = 2_000;

/** A PostgreSQL of our own on 127.0.0.1, for sandbox, tests and trying out. */
export type EmbeddedPostgres = {
  url(database: string): string;
  ensureDatabase(name: string): Promise<void>;
  stop(): Promise<void>;
};

/**
 * `dataDir` holds everything and is created when missing. `log` hears what a person should know. `port` is a free one
 * unless given. `onLost` hears when the server ends without being asked. `extraSettings` are PostgreSQL settings.
 */
export type EmbeddedPostgresOptions = {
  dataDir: string;
  log?: (message: string) => void;
  port?: number;
  onLost?: (message: string) => void;
  extraSettings?: Record<string, string>;
};

/**
 * Starts the PostgreSQL that comes with the npm packages, on this machine only and behind a random password. It dies
 * with this process however that ends, stays up while the process drains, and never runs as root. One process at a time
 * may use a data folder. Throws a `StartupProblem` whose message says in words what stands in the way.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log = () => undefined, onLost = log } = options;
  const wanted = resolve(options.dataDir);
  await createDataFolder(wanted);
  const dataDir = await realpath(wanted);
  const claim = await claimFolder(dataDir, CLAIM_PATIENCE_MS);
  try {
    const place = await choosePlace(dataDir, log);
    const { server, cluster } = await openPlace(place, options);
    let stopping: Promise<void> | undefined;
    void server.exited.then(() => {
      if (!stopping) onLost('The built-in PostgreSQL ended by itself; Ringmaster cannot go on without it.');
    });
    const stop = () => {
      stopping ??= server.stop().then(claim.release);
      return stopping;
    };
    const url = (database: string) => addressOf(server, cluster, database);
    return { url, ensureDatabase: (name) => ensureDatabase(url('postgres'), name), stop };
  } catch (error) {
    claim.release();
    throw error;
  }
}

async function openPlace(
  place: Place,
  options: EmbeddedPostgresOptions,
): Promise<{ server: Server; cluster: Cluster }> {
  const binaries = await findBinaries(place);
  const cluster = await ensureCluster(place, binaries);
  await clearLeftover(cluster.pgdata);
  const settings = options.extraSettings ?? {};
  const server = await startServer({ place, binaries, cluster, settings }, options.port);
  return { server, cluster };
}

function addressOf(server: Server, cluster: Cluster, database: string): string {
  return `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${server.port}/${encodeURIComponent(database)}`;
}

async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql`create database ${sql(name)}`;
  } catch (error) {
    if ((error as { code?: string }).code !== DUPLICATE_DATABASE) throw error;
  } finally {
    await sql.end();
  }
}
