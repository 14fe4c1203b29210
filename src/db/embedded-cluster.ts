import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Place } from './embedded-account.ts';
import { type Binaries, PLAIN_ENV } from './embedded-binaries.ts';
import { StartupProblem } from './startup-problem.ts';

const run = promisify(execFile);

/** PostgreSQL's own data folder, and the password of its one user. */
export type Cluster = { pgdata: string; password: string };
export const SUPERUSER = 'ringmaster';

/**
 * Opens the database files at a place, creating them the first time. A new cluster is made aside and renamed when it
 * is whole, so a run killed half-way leaves nothing that the next one could take for a database. The caller holds the
 * claim on the folder. Throws a `StartupProblem` when the files are another user's or another version's.
 */
export async function ensureCluster(place: Place, binaries: Binaries): Promise<Cluster> {
  const home = join(place.folder, 'database');
  await sweep(place.folder);
  if (!(await lstat(home).catch(() => undefined))) await createCluster(place, binaries, home);
  const version = await readOwn(join(home, 'pgdata', 'PG_VERSION'), home);
  if (version !== binaries.majorVersion) {
    throw new StartupProblem(
      `The database in ${home} was written by PostgreSQL ${version}, and the built-in one is ${binaries.majorVersion}. Move that folder away to start anew, or serve it yourself and set DATABASE_URL.`,
    );
  }
  return { pgdata: join(home, 'pgdata'), password: await readOwn(join(home, 'password'), home) };
}

async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder);
  const drafts = names.filter((name) => name.startsWith('new-'));
  await Promise.all(
    drafts.map((name) => rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 })),
  );
}

async function createCluster(place: Place, binaries: Binaries, home: string): Promise<void> {
  const draft = await mkdtemp(join(place.folder, 'new-'));
  const pgdata = join(draft, 'pgdata');
  const passwordFile = join(draft, 'password');
  await mkdir(pgdata, { mode: 0o700 });
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (place.account) {
    const { uid, gid } = place.account;
    await Promise.all([draft, pgdata, passwordFile].map((path) => chown(path, uid, gid)));
  }
  // No sync: a machine that loses power within the first second has lost nothing worth keeping.
  const options = ['--no-sync', '--no-instructions', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  try {
    await run(binaries.initdb, ['-D', pgdata, '-U', SUPERUSER, ...options, ...locale], {
      ...place.account,
      cwd: '/',
      env: PLAIN_ENV,
    });
  } catch (error) {
    await rm(draft, { recursive: true, force: true, maxRetries: 3 });
    throw new StartupProblem(explainInitdb((error as { stderr?: string }).stderr ?? '', place), {
      cause: error,
    });
  }
  await rename(draft, home);
}

function explainInitdb(stderr: string, place: Place): string {
  if (stderr.includes('could not look up effective user ID')) {
    const uid = place.account?.uid ?? process.getuid?.();
    return `The built-in PostgreSQL cannot be set up by user ${uid}, which has no entry in /etc/passwd. Set DATABASE_URL to a PostgreSQL of your own.`;
  }
  const reason =
    stderr.split('\n').find((line) => line.includes('error:')) ?? stderr.trim().split('\n').at(-1);
  return `The built-in PostgreSQL could not be set up in ${place.folder} (${reason}). Mend that, set DATA_DIR to another folder, or set DATABASE_URL.`;
}

async function readOwn(file: string, home: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is damaged' : 'belongs to another user';
    throw new StartupProblem(
      `The database in ${home} ${why} and cannot be opened. Delete that folder to start anew, or set DATA_DIR to another one.`,
      { cause: error },
    );
  }
}
