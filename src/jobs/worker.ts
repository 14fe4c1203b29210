import { setTimeout as sleep } from 'node:timers/promises';
import {
  Logger,
  type LogLevel,
  type ParsedCronItem,
  parseCronItems,
  type Runner,
  run,
  runMigrations,
  runOnce,
  type TaskList,
} from 'graphile-worker';
import type { Log } from '#ports/log.ts';
import type { TaskName, Tasks } from '#ports/tasks.ts';
import { type JobDeps, TASKS } from './tasks.ts';

/**
 * Pools, each of which fetches only its own tasks: a pause, an opt-out, a verdict or a card never waits behind texts that
 * a carrier is slow to take or files that are long. Reports are merged by one at a time, so that what comes meanwhile
 * waits for the next and is merged together; several would wait for each other's rows. What customers' servers are told
 * waits for nobody but them.
 */
const CONCURRENCY = { slow: 10, quick: 8, one_by_one: 1, outward: 4 };
type PoolName = keyof typeof CONCURRENCY;

/** A task without a pool would wait for ever, so the compiler demands one for each. */
const POOL_OF: Record<TaskName, PoolName> = {
  dispatch_campaign: 'slow',
  import_contacts: 'slow',
  import_suppressions: 'slow',
  erase_person: 'slow',
  tell_import: 'slow',
  send_evidence: 'slow',
  send_results: 'slow',
  send_suppressions: 'slow',
  estimate_run: 'slow',
  remove_campaign: 'slow',
  start_due: 'quick',
  act_on_verdict: 'quick',
  take_back_calls: 'quick',
  delete_recordings: 'quick',
  draw_transcript: 'quick',
  end_stray_call: 'quick',
  finish_call: 'quick',
  handle_delivery: 'quick',
  look_at_attempts: 'quick',
  purge: 'quick',
  recover: 'quick',
  refresh_approval: 'quick',
  refresh_card: 'quick',
  send_post: 'quick',
  notice_webhook_events: 'quick',
  merge_provider_events: 'one_by_one',
  deliver_webhook: 'outward',
};
const POLL_MS = 2_000;
const RESTART_MS = 1_000;

export type Worker = { stop(): Promise<void> };

/** Runs tasks until it is stopped, the reaper every minute among them; signals are the process's business, not its. */
export async function startWorker(jobs: JobDeps, databaseUrl: string): Promise<Worker> {
  const pools = await Promise.all(
    poolsOf(POOL_OF).map((pool) => keepRunning(jobs.deps.log, () => runPool(jobs, databaseUrl, pool))),
  );
  return { stop: async () => void (await Promise.all(pools.map((pool) => pool.stop()))) };
}

/** Runs what is due now, then ends; for tests, which own the time. */
export async function runDueTasks(jobs: JobDeps, databaseUrl: string): Promise<void> {
  const tasks = Object.keys(TASKS) as TaskName[];
  await runOnce(optionsOf(jobs, databaseUrl, { concurrency: 10, tasks }));
}

/** Installs the job tables. */
export async function installJobTables(databaseUrl: string): Promise<void> {
  await runMigrations({ connectionString: databaseUrl, logger: QUIET });
}

function poolsOf(poolOf: Record<TaskName, PoolName>): Pool[] {
  const tasks = Object.keys(poolOf) as TaskName[];
  return (Object.keys(CONCURRENCY) as PoolName[]).map((name) => ({
    concurrency: CONCURRENCY[name],
    tasks: tasks.filter((task) => poolOf[task] === name),
  }));
}

/** A pool that ends by itself, because a connection was cut while it wrote, is started again: nobody else would notice. */
async function keepRunning(log: Log, start: () => Promise<Runner>): Promise<Worker> {
  const stopping = new AbortController();
  let runner = await start();
  const kept = (async () => {
    for (;;) {
      const cause = await runner.promise.then(
        () => null,
        (error: unknown) => error,
      );
      if (stopping.signal.aborted) return;
      log.error({ cause }, 'the worker ended by itself and is started again');
      runner = await startAgain(start, log, stopping.signal);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await runner.stop().catch(() => undefined);
      await kept;
    },
  };
}

async function startAgain(start: () => Promise<Runner>, log: Log, signal: AbortSignal): Promise<Runner> {
  for (;;) {
    await sleep(RESTART_MS);
    try {
      return await start();
    } catch (cause) {
      if (signal.aborted) throw cause;
      log.error({ cause }, 'the worker could not be started again yet');
    }
  }
}

const CRON = parseCronItems([
  { task: 'recover', match: '* * * * *', options: { backfillPeriod: 0 } },
  { task: 'purge', match: '17 3 * * *', options: { backfillPeriod: 0 } },
]);

type Pool = { concurrency: number; tasks: TaskName[] };

function runPool(jobs: JobDeps, databaseUrl: string, pool: Pool): Promise<Runner> {
  const parsedCronItems: ParsedCronItem[] = pool.tasks.includes('recover') ? CRON : [];
  return run({ ...optionsOf(jobs, databaseUrl, pool), parsedCronItems });
}

function optionsOf(jobs: JobDeps, connectionString: string, { concurrency, tasks }: Pool) {
  return {
    connectionString,
    concurrency,
    // One connection listens.
    maxPoolSize: concurrency + 1,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    useNodeTime: true,
    logger: new Logger(() => (level, message, meta) => tell(jobs.deps.log, level, message, meta)),
    taskList: taskList(jobs, tasks),
    preset: {
      worker: {
        // The worker's own advice is one more than it can run at once (performance.md §4).
        localQueue: { size: concurrency + 1 },
        // Ended one by one: a batch of them locks rows in an order that transactions adding the same keys do not keep,
        // and the worker gives up at its first error there.
        completeJobBatchDelay: -1,
        failJobBatchDelay: -1,
      },
    },
  };
}

function taskList(jobs: JobDeps, names: TaskName[]): TaskList {
  return Object.fromEntries(
    names.map((name) => [name, (payload, { abortSignal }) => runTask(jobs, name, payload, abortSignal)]),
  );
}

async function runTask<T extends TaskName>(
  jobs: JobDeps,
  name: T,
  payload: unknown,
  signal?: AbortSignal,
): Promise<void> {
  await TASKS[name](jobs, payload as Tasks[T], signal);
}

const QUIET = new Logger(() => () => undefined);

/** The worker tells of every job it runs; only what went wrong is worth an operator's time, and whom it was about is not. */
function tell(log: Log, level: LogLevel, message: string, { error }: { error?: unknown }): void {
  const fields = error instanceof Error ? { cause: error.cause ?? error } : {};
  const [firstLine = ''] = message.split('\n', 1);
  if (level === 'error') log.error(fields, firstLine);
  else if (level === 'warning') log.warn(fields, firstLine);
  else log.debug(fields, firstLine);
}
