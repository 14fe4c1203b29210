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
import { runYear } from './year/run-year.ts';

/*
 * Kills the bot again and again while it texts and calls hundreds of people through a carrier full of faults, and counts
 * who was reached how often: `npm run torture -- --rounds 200 --contacts 300 --kills 20 --seed 1`. `--kind` takes texts,
 * calls, mixed (campaigns of both) or all at the same time; `--source` runs the TypeScript instead of the production
 * bundle. `--kind year` kills nobody: it lets a year of campaigns pass on a clock that jumps, with `--contacts` people in
 * `--campaigns` campaigns. Ends with 1 when a promise was broken; the same seed throws the same dice.
 */

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1' },
    contacts: { type: 'string', default: '300' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    kind: { type: 'string', default: 'all' },
    campaigns: { type: 'string', default: '120' },
    source: { type: 'boolean', default: false },
  },
});

/** What is lost with the machine is made anew; nothing here should wait for the disk. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };
const MOST_SENTENCES = 20;
const TEMPLATE = 'torture_template';

const isYear = values.kind === 'year';
const kind = KINDS.find((one) => one === (isYear ? 'all' : values.kind));
if (!kind) throw new Error(`--kind takes ${[...KINDS, 'year'].join(', ')}.`);
const rounds = Number(values.rounds);
const script = isYear
  ? []
  : values.source
    ? ['src/main.ts', 'serve']
    : [await buildBundle('torture'), 'serve'];
const folder = await makeFolder(await databaseParent(), 'ringmaster-torture-');
const server = await startEmbeddedPostgres({ dataDir: folder, extraSettings: FAST });
const admin = postgres(server.url('postgres'), { max: 1, onnotice: () => undefined });
let failed = 0;
try {
  await server.ensureDatabase(TEMPLATE);
  await migrate(server.url(TEMPLATE), { after: installJobTables });
  say(
    `Seed ${values.seed}, ${values.contacts} contacts and ${isYear ? 'no' : values.kills} kills a round.\n`,
  );
  if (!isYear)
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
    const seed = rounds === 1 ? values.seed : `${values.seed}-${round}`;
    if (isYear ? !(await passYear(round, seed)) : !(await passRound(round, seed))) failed += 1;
  }
  say(`\n${rounds - failed} of ${rounds} rounds kept every promise.`);
} finally {
  await admin.end();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);

/** Whether a round kept every promise. */
async function passRound(round: number, seed: string): Promise<boolean> {
  const report = await inDatabase(`round_${round}`, (databaseUrl) =>
    runRound({
      databaseUrl,
      seed,
      kind,
      contacts: Number(values.contacts),
      kills: Number(values.kills),
      script,
    }),
  );
  tell(round, report);
  return report.broken.length === 0;
}

/** Whether a year of campaigns kept every promise. */
async function passYear(round: number, seed: string): Promise<boolean> {
  const people = Number(values.contacts);
  const report = await inDatabase(`year_${round}`, (databaseUrl) =>
    runYear({
      databaseUrl,
      seed,
      people,
      campaigns: Number(values.campaigns),
      each: Math.ceil(people / 4),
      firstDate: '2027-01-01',
      lastDate: '2028-01-01',
    }),
  );
  const { contacted, turns, seconds, broken, troubles } = report;
  const wrong = [...troubles, ...broken];
  say(
    `${round}  ${seed}: ${contacted} people contacted in ${turns} turns and ${seconds.toFixed(0)} s, ${wrong.length === 0 ? 'kept' : `BROKEN (${wrong.length})`}`,
  );
  for (const sentence of wrong.slice(0, MOST_SENTENCES)) say(`        ${sentence}`);
  return wrong.length === 0;
}

async function inDatabase<T>(name: string, work: (databaseUrl: string) => Promise<T>): Promise<T> {
  await admin`create database ${admin(name)} template ${admin(TEMPLATE)}`;
  try {
    return await work(server.url(name));
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
