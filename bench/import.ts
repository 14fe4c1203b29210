import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { type DatabaseClient, openDatabase } from '#db/client.ts';
import { startEmbeddedPostgres } from '#db/embedded-postgres.ts';
import { migrate } from '#db/migrate.ts';
import { installJobTables } from '#jobs/worker.ts';
import { importContacts } from '#operations/import-contacts.ts';
import {
  type CampaignSeed,
  chatWithFiles,
  importDeps,
  inPieces,
  seedCampaign,
  seedImport,
  seedNextCampaign,
} from '#support/contact-files.ts';
import { type BenchRow, contactLines, numberOf } from './contact-rows.ts';

const ROWS = 100_000;
const PAIRS = 5;
const CALM_P99_MS = 10;
const CALM_RSS_MB = 400;

/**
 * 100,000 mixed-format rows, from the file to contacts that can be queried, against a plain COPY of the same rows made
 * ready beforehand: into a campaign without contacts, and into one that has as many already.
 */
export async function importRate(): Promise<BenchRow[]> {
  return withDatabase(async (client, url) => [
    rateRow('import-rate', 0.6, 'into an empty campaign', await pairs(client, url, 0)),
    rateRow(
      'import-rate-again',
      0.4,
      `into a campaign that has ${ROWS} contacts`,
      await pairs(client, url, ROWS),
    ),
  ]);
}

/** A million rows in a process of their own: how late the serving thread's timers were, and how large it grew. */
export async function importCalm(): Promise<BenchRow[]> {
  const { p99, max, rss, seconds, loaded } = JSON.parse(await runCalm()) as Record<string, number>;
  const detail = `1,000,000 rows, ${loaded} loaded in ${seconds} s; longest delay ${max} ms`;
  return [
    {
      id: 'import-calm',
      value: p99 ?? NaN,
      unit: 'ms p99',
      bar: `<= ${CALM_P99_MS}`,
      pass: (p99 ?? NaN) <= CALM_P99_MS,
      detail,
    },
    {
      id: 'import-calm-memory',
      value: rss ?? NaN,
      unit: 'MB',
      bar: `<= ${CALM_RSS_MB}`,
      pass: (rss ?? NaN) <= CALM_RSS_MB,
      detail: 'resident, at its highest',
    },
  ];
}

type Pair = { importMs: number; copyMs: number };

/** The two sides in turn, each into a table in the same state, and with the same rows as their result. */
async function pairs(client: DatabaseClient, url: string, present: number): Promise<Pair[]> {
  const file = Buffer.from([...contactLines(ROWS, present)].join(''));
  const measured: Pair[] = [];
  // The first pair warms the caches of both sides and is not counted.
  for (let pair = 0; pair <= PAIRS; pair += 1) {
    const { importMs, rows } = await timeImport(client, url, file, await freshCampaign(client, present));
    const copyMs = await timeCopy(client, rows, await freshCampaign(client, present));
    if (pair > 0) measured.push({ importMs, copyMs });
  }
  return measured;
}

async function freshCampaign(client: DatabaseClient, present: number): Promise<CampaignSeed> {
  await client.sql`truncate contacts cascade`;
  const place = await seedCampaign(client.db);
  if (present > 0) {
    const rows = presentNumbers(present).map((number) => `${number}\t\\N\t{"name":"Earlier"}\t{}`);
    await copyRows(client, rows, place.campaignId);
  }
  await client.sql`checkpoint`;
  return place;
}

/** People who are not in the file, but for one in twenty. */
function presentNumbers(count: number): string[] {
  return Array.from(
    { length: count },
    (_, person) => `+1${numberOf(person % 20 === 19 ? count + person : person)}`,
  );
}

async function timeImport(client: DatabaseClient, url: string, file: Uint8Array, place: CampaignSeed) {
  const importId = await seedImport(client.db, place);
  const deps = importDeps(client.db, url, chatWithFiles({ 'clients.csv': file }));
  const start = performance.now();
  const outcome = await importContacts(deps, { importId });
  const importMs = performance.now() - start;
  const lines = await client.sql<{ line: string }[]>`
    select phone_number || e'\t' || line_number || e'\t' || replace(variable_values::text, '\\', '\\\\') || e'\t{}' as line
    from contacts where import_id = ${importId} order by id`;
  if (outcome.kind !== 'completed' || lines.length < ROWS * 0.85) {
    throw new Error(
      `the import loaded ${lines.length} rows: ${JSON.stringify(outcome)} ${deps.logged.join('; ')}`,
    );
  }
  return { importMs, rows: lines.map(({ line }) => line) };
}

async function timeCopy(
  client: DatabaseClient,
  rows: string[],
  { workspaceId }: CampaignSeed,
): Promise<number> {
  return copyRows(client, rows, await seedNextCampaign(client.db, workspaceId));
}

/** Plain COPY by one connection; returns how long it took, the making of its text left out. */
async function copyRows(client: DatabaseClient, rows: string[], campaignId: number): Promise<number> {
  const now = new Date().toISOString();
  const text = Buffer.from(rows.map((row) => `${row}\t${campaignId}\t0\t${now}\t${now}\n`).join(''));
  const start = performance.now();
  const stream =
    await client.sql`copy contacts (phone_number, line_number, variable_values, custom_fields, campaign_id,
    import_id, next_attempt_at, created_at) from stdin`.writable();
  await pipeline(Readable.from(inPieces(text, 64 * 1024)), stream);
  return performance.now() - start;
}

function rateRow(id: string, bar: number, where: string, measured: Pair[]): BenchRow {
  const ratios = measured.map(({ importMs, copyMs }) => copyMs / importMs).sort((a, b) => a - b);
  const value = round(median(ratios), 2);
  const importMs = round(median(measured.map((pair) => pair.importMs)), 0);
  const copyMs = round(median(measured.map((pair) => pair.copyMs)), 0);
  const detail = `${ROWS} rows ${where}: ${importMs} ms, plain COPY ${copyMs} ms; ${ratios.map((ratio) => round(ratio, 2)).join(' ')}`;
  return { id, value, unit: 'x of COPY', bar: `>= ${bar}`, pass: value >= bar, detail };
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

async function withDatabase<T>(work: (client: DatabaseClient, url: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'ringmaster-bench-'));
  await chmod(folder, 0o755);
  const server = await startEmbeddedPostgres({ dataDir: folder });
  try {
    await server.ensureDatabase('bench');
    const url = server.url('bench');
    await migrate(url, { after: installJobTables });
    const client = openDatabase(url);
    try {
      return await work(client, url);
    } finally {
      await client.close();
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The database server is ours and not the process that is measured, as in production. */
async function runCalm(): Promise<string> {
  return withDatabase(async (_client, url) => {
    const script = fileURLToPath(new URL('./import-calm.ts', import.meta.url));
    const child = spawn(process.execPath, [script, url], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => said.push(piece));
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`import-calm.ts ended with ${code}`);
    return Buffer.concat(said).toString();
  });
}
