import { missingMigrations } from '#db/migrate.ts';
import { oldestDueJobSeconds } from '#db/queue.ts';
import type { Deps } from './deps.ts';

/** Due work that waits longer than this means that no worker runs. */
const LATE_SECONDS = 120;
/** Real ones; whoever watches processes waits hardly longer. */
const PATIENCE_MS = 5_000;

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
    const [missing, age] = await inTime(look(deps));
    const problems = [...migrationProblems(missing), ...(age > LATE_SECONDS ? [lateWords(age)] : [])];
    return {
      status: problems.length === 0 ? 'ok' : 'not_ready',
      database: 'ok',
      migrations_missing: missing.length,
      queue_age_seconds: age,
      problems,
    };
  } catch (cause) {
    return {
      status: 'not_ready',
      database: 'unreachable',
      migrations_missing: null,
      queue_age_seconds: null,
      problems: [cause instanceof NoAnswer ? UNANSWERED : UNREACHABLE],
    };
  }
}

async function look({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<[string[], number]> {
  return [await missingMigrations(db), await oldestDueJobSeconds(db, clock.toReal(clock.now()))];
}

/** What was asked of the database, or `NoAnswer` when it takes too long: one that hangs would be waited for without end. */
export async function inTime<T>(asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer('the database does not answer')), PATIENCE_MS);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

class NoAnswer extends Error {
  override name = 'NoAnswer';
}

const MEANWHILE = 'Nobody is contacted meanwhile and nothing is lost; see';
const UNREACHABLE = `The database cannot be reached. ${MEANWHILE} that DATABASE_URL leads to a running server.`;
const UNANSWERED = `The database does not answer. ${MEANWHILE} what keeps its server busy.`;

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
