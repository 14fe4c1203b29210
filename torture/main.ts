import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { startEmbeddedPostgres } from '#db/embedded-postgres.ts';
import { migrate } from '#db/migrate.ts';
import { installJobTables } from '#jobs/worker.ts';
import { databaseParent, makeFolder } from '#support/folder.ts';
import { buildBundle } from './bundle.ts';
import { KINDS } from './campaigns.ts';
import { type RoundReport, runRound } from './run-round.ts';

/*
 * Kills the bot again and again while it texts and calls hundreds of people through a carrier full of faults, and counts
 * who was reached how often: `npm run torture -- --rounds 200 --contacts 300 --kills 20 --seed 1`. `--kind` takes texts,
 * calls, mixed (campaigns of both) or all at the same time; `--source` runs the TypeScript instead of the production
 * bundle. Ends with 1 when a promise was broken; the same seed throws the same dice.
 */

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1' },
    contacts: { type: 'string', default: '300' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    kind: { type: 'string', default: 'all' },
    source: { type: 'boolean', default: false },
  },
});

/** What is lost with the machine is made anew; nothing here should wait for the disk. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };
const MOST_SENTENCES = 20;
const TEMPLATE = 'torture_template';

const kind = KINDS.find((one) => one === values.kind);
if (!kind) throw new Error(`--kind takes ${KINDS.join(', ')}.`);
const rounds = Number(values.rounds);
const script = values.source ? ['src/main.ts', 'serve'] : [await buildBundle('torture'), 'serve'];
const folder = await makeFolder(await databaseParent(), 'ringmaster-torture-');
const server = await startEmbeddedPostgres({ dataDir: folder, extraSettings: FAST });
const admin = postgres(server.url('postgres'), { max: 1, onnotice: () => undefined });
let failed = 0;
try {
  await server.ensureDatabase(TEMPLATE);
  await migrate(server.url(TEMPLATE), { after: installJobTables });
  say(`Seed ${values.seed}, ${values.contacts} contacts and ${values.kills} kills a round.\n`);
  say(
    row([
      'round',
      'seed',
      'seconds',
      'kills',
      'texts',
      'calls',
      'skipped',
      'stops',
      'resumed',
      'deadlock',
      'verdict',
    ]),
  );
  for (let round = 1; round <= rounds; round += 1) {
    const report = await runOne(round, rounds === 1 ? values.seed : `${values.seed}-${round}`);
    if (report.broken.length > 0) failed += 1;
    tell(round, report);
  }
  say(`\n${rounds - failed} of ${rounds} rounds kept every promise.`);
} finally {
  await admin.end();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);

async function runOne(round: number, seed: string): Promise<RoundReport> {
  const name = `round_${round}`;
  await admin`create database ${admin(name)} template ${admin(TEMPLATE)}`;
  try {
    return await runRound({
      databaseUrl: server.url(name),
      seed,
      kind,
      contacts: Number(values.contacts),
      kills: Number(values.kills),
      script,
    });
  } finally {
    await admin`drop database ${admin(name)} with (force)`;
  }
}

function tell(round: number, report: RoundReport): void {
  const verdict = report.broken.length === 0 ? 'kept' : `BROKEN (${report.broken.length})`;
  say(
    row([
      round,
      report.seed,
      report.seconds.toFixed(0),
      report.killsWhileRunning,
      report.accepted,
      report.calls,
      report.skipped,
      report.stopsHeard,
      report.resumed,
      report.deadlocks,
      verdict,
    ]),
  );
  for (const [name, count] of report.complaints) say(`        logged ${count} times: ${name}`);
  if (report.broken.length === 0) return;
  const kills = [...report.kills].map(([name, count]) => `${count} ${name}`).join(', ');
  const sentences = [...report.broken.slice(0, MOST_SENTENCES), `(${report.broken.length} in all)`];
  say([`        kills: ${kills}`, ...sentences, ...report.evidence].join('\n        '));
  say(
    `        Again: npm run torture -- --kind ${kind} --contacts ${values.contacts} --kills ${values.kills} --seed ${report.seed}`,
  );
}

function row(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, index) => (index === 1 ? String(cell).padEnd(12) : String(cell).padStart(8)))
    .join(' ');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
