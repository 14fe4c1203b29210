import { sql } from 'drizzle-orm/sql';
import type { Clock } from '#ports/clock.ts';
import type { TaskName, TaskOptions, Tasks } from '#ports/tasks.ts';
import { withAfterCommit } from './after-commit.ts';
import type { Database, Executor } from './client.ts';

const DEFAULT_MAX_TRIES = 12;

type NewTask = {
  task: TaskName;
  payload: unknown;
  runAt: string;
  maxTries: number;
  key: string | null;
  mode: 'preserve_run_at' | 'replace';
};

/** What each open transaction has added so far, by key; it goes with the transaction, whichever way that ends. */
const addedIn = new WeakMap<object, Map<string, NewTask>>();

/**
 * Has every transaction write its tasks last of all, in one statement and in the order of their keys. Written as they
 * come they would be locked in every order and for as long as the transaction lasts, and two of them would wait for each
 * other.
 */
export function writeTasksLast(db: Database): Database {
  const open = db.transaction.bind(db);
  db.transaction = (work, config) =>
    againAfterDeadlock(() =>
      withAfterCommit((note) =>
        open(async (tx) => {
          note(tx);
          const added = new Map<string, NewTask>();
          addedIn.set(tx, added);
          const result = await work(tx);
          await write(
            tx,
            [...added].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, task]) => task),
          );
          return result;
        }, config),
      ),
    );
  return db;
}

const DEADLOCK = '40P01';
const TRIES = 4;

/** Tasks are also locked by the worker that ends them. A transaction asks nobody outside, so it may be run again whole. */
async function againAfterDeadlock<T>(run: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await run();
    } catch (error) {
      if (tried === TRIES || !isDeadlock(error)) throw error;
    }
  }
}

function isDeadlock(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return code === DEADLOCK || (cause !== undefined && isDeadlock(cause));
}

/** Adds a task in the caller's transaction: it exists if and only if the change that caused it does. */
export async function enqueue<T extends TaskName>(
  executor: Executor,
  clock: Clock,
  task: T,
  payload: Tasks[T],
  options: TaskOptions = {},
): Promise<void> {
  const row: NewTask = {
    task,
    payload,
    runAt: clock.toReal(options.at ?? clock.now()).toISOString(),
    maxTries: options.maxTries ?? DEFAULT_MAX_TRIES,
    key: options.key ?? null,
    mode: options.keep === 'earliest' ? 'preserve_run_at' : 'replace',
  };
  const added = addedIn.get(executor);
  if (!added) return write(executor, [row]);
  const key = row.key ?? `~${added.size}`;
  const before = added.get(key);
  added.set(key, before && options.keep === 'earliest' ? { ...before, payload } : row);
}

async function write(executor: Executor, tasks: NewTask[]): Promise<void> {
  if (tasks.length === 0) return;
  await executor.execute(sql`
    select graphile_worker.add_job(d.task, payload => d.payload, run_at => d."runAt", max_attempts => d."maxTries",
      job_key => d.key, job_key_mode => d.mode)
    from jsonb_to_recordset(${JSON.stringify(tasks)}::text::jsonb) as d(
      task text, payload json, "runAt" timestamptz, "maxTries" int, key text, mode text)`);
}

/** How long the oldest due task has been waiting for a worker, in whole seconds; 0 when none waits. */
export async function oldestDueJobSeconds(executor: Executor, realNow: Date): Promise<number> {
  const [row] = await executor.execute<{ seconds: number }>(sql`
    select coalesce(extract(epoch from ${realNow.toISOString()}::timestamptz - min(run_at)), 0)::int as seconds
    from graphile_worker.jobs
    where locked_at is null and attempts < max_attempts and run_at <= ${realNow.toISOString()}::timestamptz`);
  return row?.seconds ?? 0;
}

/** How many tasks are due, wait for later, or were given up, and how long the oldest due one has waited, in seconds. */
export async function readQueue(executor: Executor, realNow: Date) {
  const [row] = await executor.execute<{
    dueTasks: number;
    laterTasks: number;
    givenUpTasks: number;
    oldestDueSeconds: number;
  }>(sql`
    select (count(*) filter (where not is_given_up and run_at <= now))::int as "dueTasks",
      (count(*) filter (where not is_given_up and run_at > now))::int as "laterTasks",
      (count(*) filter (where is_given_up))::int as "givenUpTasks",
      coalesce(greatest(0, extract(epoch from now - min(run_at) filter (where not is_given_up and locked_at is null))), 0)
        ::float8 as "oldestDueSeconds"
    from (
      select run_at, locked_at, attempts >= max_attempts and locked_at is null as is_given_up,
        ${realNow.toISOString()}::timestamptz as now
      from graphile_worker.jobs) tasks
    group by now`);
  return row ?? { dueTasks: 0, laterTasks: 0, givenUpTasks: 0, oldestDueSeconds: 0 };
}
