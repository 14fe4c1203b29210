import {
  Logger,
  type LogLevel,
  parseCronItems,
  run,
  runMigrations,
  runOnce,
  type TaskList,
} from 'graphile-worker';
import type { Log } from '#ports/log.ts';
import type { TaskName, Tasks } from '#ports/tasks.ts';
import { type JobDeps, TASKS } from './tasks.ts';

const CONCURRENT_JOBS = 10;
/** The worker's own advice is one more than it can run at once (performance.md §4). */
const LOCAL_QUEUE = 11;
const BATCH_DELAY_MS = 25;
const POLL_MS = 2_000;

export type Worker = { stop(): Promise<void> };

/** Runs tasks until it is stopped, the reaper every minute among them; signals are the process's business, not its. */
export async function startWorker(jobs: JobDeps, databaseUrl: string): Promise<Worker> {
  const runner = await run({ ...optionsOf(jobs, databaseUrl), parsedCronItems: CRON });
  // A worker that ends by itself has told its log; the promise must not count as unhandled.
  runner.promise.catch(() => undefined);
  return { stop: () => runner.stop() };
}

/** Runs what is due now, then ends; for tests, which own the time. */
export async function runDueTasks(jobs: JobDeps, databaseUrl: string): Promise<void> {
  await runOnce(optionsOf(jobs, databaseUrl));
}

/** Installs the job tables. */
export async function installJobTables(databaseUrl: string): Promise<void> {
  await runMigrations({ connectionString: databaseUrl, logger: QUIET });
}

const CRON = parseCronItems([{ task: 'recover', match: '* * * * *', options: { backfillPeriod: 0 } }]);

function optionsOf(jobs: JobDeps, connectionString: string) {
  return {
    connectionString,
    concurrency: CONCURRENT_JOBS,
    maxPoolSize: CONCURRENT_JOBS,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    useNodeTime: true,
    logger: new Logger(() => (level, message, meta) => tell(jobs.deps.log, level, message, meta)),
    taskList: taskList(jobs),
    preset: {
      worker: {
        localQueue: { size: LOCAL_QUEUE },
        completeJobBatchDelay: BATCH_DELAY_MS,
        failJobBatchDelay: BATCH_DELAY_MS,
      },
    },
  };
}

function taskList(jobs: JobDeps): TaskList {
  const names = Object.keys(TASKS) as TaskName[];
  return Object.fromEntries(names.map((name) => [name, (payload: unknown) => runTask(jobs, name, payload)]));
}

async function runTask<T extends TaskName>(jobs: JobDeps, name: T, payload: unknown): Promise<void> {
  await TASKS[name](jobs, payload as Tasks[T]);
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
