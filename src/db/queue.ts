import { sql } from 'drizzle-orm/sql';
import type { Clock } from '#ports/clock.ts';
import type { TaskName, TaskOptions, Tasks } from '#ports/tasks.ts';
import type { Executor } from './client.ts';

const DEFAULT_MAX_TRIES = 12;

/** Adds a task in the caller's transaction: it exists if and only if the change that caused it does. */
export async function enqueue<T extends TaskName>(
  executor: Executor,
  clock: Clock,
  task: T,
  payload: Tasks[T],
  options: TaskOptions = {},
): Promise<void> {
  const runAt = clock.toReal(options.at ?? clock.now());
  const keyMode = options.keep === 'earliest' ? 'preserve_run_at' : 'replace';
  await executor.execute(sql`select graphile_worker.add_job(
    ${task}, payload => ${JSON.stringify(payload)}::json, run_at => ${runAt.toISOString()}::timestamptz,
    max_attempts => ${options.maxTries ?? DEFAULT_MAX_TRIES}::int, job_key => ${options.key ?? null}::text,
    job_key_mode => ${keyMode})`);
}

/** How long the oldest due task has been waiting for a worker, in whole seconds; 0 when none waits. */
export async function oldestDueJobSeconds(executor: Executor, realNow: Date): Promise<number> {
  const [row] = await executor.execute<{ seconds: number }>(sql`
    select coalesce(extract(epoch from ${realNow.toISOString()}::timestamptz - min(run_at)), 0)::int as seconds
    from graphile_worker.jobs
    where locked_at is null and attempts < max_attempts and run_at <= ${realNow.toISOString()}::timestamptz`);
  return row?.seconds ?? 0;
}
