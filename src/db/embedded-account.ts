import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartupProblem } from './startup-problem.ts';

const run = promisify(execFile);

/** The user and group that PostgreSQL runs as when Ringmaster itself runs as root, which PostgreSQL refuses to do. */
export type Account = { uid: number; gid: number };

/** Where the server's files live and as whom it runs; no account means the same user as Ringmaster. */
export type Place = { folder: string; account?: Account };

const NOBODY: Account = { uid: 65534, gid: 65534 };
const ROOT_SHELF = '/var/lib/ringmaster';

/**
 * Decides where the files of a server for `dataDir` live. Normally there. When Ringmaster runs as root and the
 * unprivileged account cannot enter that folder (a checkout below /root, say), they live below /var/lib/ringmaster and
 * `dataDir` remembers where, so deleting `dataDir` still means starting anew.
 */
export async function choosePlace(dataDir: string, log: (message: string) => void): Promise<Place> {
  if (process.getuid?.() !== 0) return { folder: dataDir };
  const account = await ownerOf(join(dataDir, 'database'));
  if (await canEnter(account, dataDir)) return { folder: dataDir, account };
  const folder = await findShelf(dataDir);
  await openToAll(folder);
  const shelved = await ownerOf(join(folder, 'database'));
  if (!(await canEnter(shelved, folder))) {
    throw new StartupProblem(
      `PostgreSQL must not run as root, and user ${account.uid} cannot enter ${dataDir}. Set DATA_DIR to a folder that everyone may enter, run Ringmaster as a normal user, or set DATABASE_URL.`,
    );
  }
  log(`PostgreSQL keeps its files in ${folder}, because user ${account.uid} cannot enter ${dataDir}.`);
  return { folder, account: shelved };
}

/** Creates the data folder. As root it stays open to all; what is inside is closed by its own permissions. */
export async function createDataFolder(dataDir: string): Promise<void> {
  try {
    const created = await mkdir(dataDir, { recursive: true });
    if (created !== undefined && process.getuid?.() === 0) await openToAll(dataDir);
  } catch (error) {
    throw new StartupProblem(
      `Ringmaster cannot create its data folder ${dataDir} (${(error as Error).message}). Set DATA_DIR to a folder it may write to.`,
    );
  }
}

/** A database made by an earlier run keeps its owner, so one begun as a normal user still opens as root. */
async function ownerOf(database: string): Promise<Account> {
  const found = await stat(database).catch(() => undefined);
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : NOBODY;
}

async function canEnter(account: Account, folder: string): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'cd "$0"', folder], { ...account, cwd: '/' });
    return true;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'EPERM' || code === 'EINVAL') {
      throw new StartupProblem(
        `PostgreSQL must not run as root, and this machine does not allow switching to user ${account.uid}. Run Ringmaster as a normal user, or set DATABASE_URL.`,
      );
    }
    return false;
  }
}

async function findShelf(dataDir: string): Promise<string> {
  const marker = join(dataDir, 'files-elsewhere');
  const remembered = await readFile(marker, 'utf8').catch(() => undefined);
  if (remembered !== undefined && (await isRootsOwn(remembered))) return remembered;
  const family = `${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}-`;
  try {
    await mkdir(ROOT_SHELF, { recursive: true });
    await removeFamily(family);
    const folder = join(ROOT_SHELF, family + randomBytes(4).toString('hex'));
    await mkdir(folder);
    await writeFile(marker, folder);
    return folder;
  } catch (error) {
    throw new StartupProblem(
      `PostgreSQL must not run as root and cannot enter ${dataDir} as another user, and ${ROOT_SHELF} cannot be used instead (${(error as Error).message}). Set DATA_DIR to a folder that everyone may enter, or set DATABASE_URL.`,
    );
  }
}

async function isRootsOwn(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  return folder.startsWith(`${ROOT_SHELF}/`) && found?.isDirectory() === true && found.uid === 0;
}

/** Files of this data folder's earlier lives; the folder was deleted since, or it would remember them. */
async function removeFamily(family: string): Promise<void> {
  for (const name of await readdir(ROOT_SHELF)) {
    if (name.startsWith(family)) await rm(join(ROOT_SHELF, name), { recursive: true, force: true });
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
}
