import { setTimeout as sleep } from 'node:timers/promises';
import { buildBundle } from '#torture/bundle.ts';
import type { BenchRow } from './contact-rows.ts';
import { type BenchDatabase, withDatabase } from './database.ts';
import { round } from './figures.ts';
import { cpuOfTree } from './processes.ts';
import { openStage } from './stage.ts';

const SETTLING_MS = 15_000;
const MEASURED_MS = 60_000;
const TRANSACTIONS_BAR = 4;
const CPU_BAR = 1;

/** A bot with nothing to do, for a minute, so that the round of every minute is in it once. */
export async function idleCost(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  return withDatabase(async (database) => {
    const stage = await openStage(database, { script });
    try {
      await sleep(SETTLING_MS);
      const server = await database.serverPid();
      const read = async () => ({
        transactions: await transactionsOf(database),
        node: await cpuOfTree(stage.bot.pid),
        postgres: await cpuOfTree(server),
      });
      const before = await read();
      await sleep(MEASURED_MS);
      const after = await read();
      const seconds = MEASURED_MS / 1_000;
      const rate = round((after.transactions - before.transactions) / seconds);
      const node = ((after.node - before.node) / seconds) * 100;
      const postgres = ((after.postgres - before.postgres) / seconds) * 100;
      const cpu = round(node + postgres, 2);
      return [
        {
          id: 'idle-cost',
          value: rate,
          unit: 'transactions/s',
          bar: `<= ${TRANSACTIONS_BAR}`,
          pass: rate <= TRANSACTIONS_BAR,
          detail: `nothing running, ${seconds} s`,
        },
        {
          id: 'idle-cost-cpu',
          value: cpu,
          unit: '% of a core',
          bar: `<= ${CPU_BAR}`,
          pass: cpu <= CPU_BAR,
          detail: `node ${round(node, 2)} %, PostgreSQL ${round(postgres, 2)} %`,
        },
      ];
    } finally {
      await stage.close();
    }
  });
}

/** As the server counts them, but for the one that asks. */
async function transactionsOf({ sql }: BenchDatabase): Promise<number> {
  await sql`select pg_stat_force_next_flush()`;
  const [row] = await sql<{ n: string }[]>`
    select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()`;
  return Number(row?.n);
}
