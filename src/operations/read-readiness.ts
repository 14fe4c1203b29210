import { missingMigrations } from '#db/migrate.ts';
import { oldestDueJobSeconds } from '#db/queue.ts';
import type { Deps } from './deps.ts';

/** Due work that waits longer than this means that no worker runs. */
const LATE_SECONDS = 120;

export type Readiness = {
  status: 'ok' | 'not_ready';
  database: 'ok' | 'unreachable';
  /** Migrations of this version that the database does not have; null when it cannot be asked. */
  migrations_missing: number | null;
  queue_age_seconds: number | null;
  /** What is the matter and what to do, for people. */
  problems: string[];
};

/**
 * Whether this process can do its work: the database answers and is as this version needs it, and due work is being done.
 * Never throws.
 */
export async function readReadiness(deps: Pick<Deps, 'db' | 'clock'>): Promise<Readiness> {
  try {
    const missing = await missingMigrations(deps.db);
    const age = await oldestDueJobSeconds(deps.db, deps.clock.toReal(deps.clock.now()));
    const problems = [...migrationProblems(missing), ...(age > LATE_SECONDS ? [lateWords(age)] : [])];
    return {
      status: problems.length === 0 ? 'ok' : 'not_ready',
      database: 'ok',
      migrations_missing: missing.length,
      queue_age_seconds: age,
      problems,
    };
  } catch {
    return {
      status: 'not_ready',
      database: 'unreachable',
      migrations_missing: null,
      queue_age_seconds: null,
      problems: [UNREACHABLE],
    };
  }
}

const UNREACHABLE =
  'The database cannot be reached. Nobody is contacted meanwhile and nothing is lost; see that DATABASE_URL leads to a running server.';

function migrationProblems(missing: string[]): string[] {
  if (missing.length === 0) return [];
  const [first] = missing;
  const which =
    missing.length === 1 ? `the migration ${first}` : `${missing.length} migrations from ${first} on`;
  return [`The database lacks ${which}. Run “migrate” of this version, then start it again.`];
}

function lateWords(seconds: number): string {
  return `Due work has waited for ${seconds} s: no worker runs, or it cannot keep up. Start a process with ROLES=worker.`;
}
