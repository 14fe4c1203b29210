import { access, constants, mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startEmbeddedPostgres } from '#db/embedded-postgres.ts';
import { BOT_SCRIPT } from './bot-child.ts';
import { readJson, writeJson } from './json-file.ts';
import { endProcess, isRunning, noteProcess, type ProcessNote } from './processes.ts';

/** Said as it is to the person who starts the sandbox. */
export class SandboxProblem extends Error {
  override name = 'SandboxProblem';
}

/** Who uses the folder, and what to find again; written at every start of the sandbox and of the bot. */
export type Holder = { sandbox: ProcessNote | null; bot: ProcessNote | null; url: string; botPort: number };

export type DataFolder = ReturnType<typeof pathsIn>;

/** As npm starts it: the script's name is relative to the repository. */
const SANDBOX_SCRIPT = join('sandbox', 'main.ts');
const OTHERS_PATIENCE_MS = 15_000;

/**
 * The folder, ready for this sandbox. `isFresh` ends whatever of ours still uses it and empties it; otherwise a sandbox
 * that runs there is a problem.
 */
export async function openDataFolder(dir: string, isFresh: boolean): Promise<DataFolder> {
  const folder = pathsIn(resolve(dir));
  await createFolder(folder.dir);
  const holder = await readHolder(folder);
  if (isFresh) {
    if (holder?.sandbox) await endProcess(holder.sandbox, SANDBOX_SCRIPT, OTHERS_PATIENCE_MS);
    if (holder?.bot) await endProcess(holder.bot, BOT_SCRIPT, 0);
    await empty(folder);
  } else if (holder?.sandbox && (await isRunning(holder.sandbox, SANDBOX_SCRIPT))) {
    throw new SandboxProblem(
      `A sandbox is running here already, at ${holder.url} (process ${holder.sandbox.pid}). Use that one, end it, ` +
        'replace it with --fresh, or give this one a folder of its own with --data.',
    );
  }
  return folder;
}

/** Ends a bot that outlived its sandbox. Only for whoever holds the database of this folder: it is nobody's then. */
export async function endLeftBot(folder: DataFolder): Promise<boolean> {
  const bot = (await readHolder(folder))?.bot;
  return bot ? (await endProcess(bot, BOT_SCRIPT, 0)) === 'ended' : false;
}

export async function readHolder(folder: DataFolder): Promise<Holder | null> {
  return await readJson<Holder>(folder.holder).catch(() => null);
}

export async function writeHolder(
  folder: DataFolder,
  { botPid, ...rest }: Pick<Holder, 'url' | 'botPort'> & { botPid: number | null },
): Promise<void> {
  const bot = botPid === null ? null : await noteProcess(botPid);
  const holder: Holder = { ...rest, bot, sandbox: await noteProcess(process.pid) };
  await writeJson(folder.holder, holder);
}

export async function releaseHolder(folder: DataFolder): Promise<void> {
  const holder = await readHolder(folder);
  if (holder) await writeJson(folder.holder, { ...holder, sandbox: null, bot: null } satisfies Holder);
}

/** What was saved; what cannot be read is put aside with a word, so that it neither blocks nor gets lost. */
export async function readSaved<Value>(path: string, say: (sentence: string) => void): Promise<Value | null> {
  try {
    return await readJson<Value>(path);
  } catch (error) {
    await putAside(path, error, say);
    return null;
  }
}

export async function putAside(path: string, error: unknown, say: (sentence: string) => void): Promise<void> {
  const aside = `${path}.unreadable`;
  await rename(path, aside);
  const reason = error instanceof Error ? error.message : String(error);
  say(`What was saved could not be read (${reason}) and is kept as ${aside}. Use --fresh to start anew.`);
}

function pathsIn(dir: string) {
  return {
    dir,
    postgres: join(dir, 'postgres'),
    slackFiles: join(dir, 'slack-files'),
    holder: join(dir, 'sandbox.json'),
    clock: join(dir, 'clock.json'),
    standIns: join(dir, 'stand-ins.json'),
    botLog: join(dir, 'bot.log'),
  };
}

async function createFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SandboxProblem(
      `The sandbox cannot keep its data in ${dir} (${(error as Error).message}). Choose another folder with --data.`,
    );
  }
}

/** Removes what the sandbox itself keeps there, and nothing else that may lie in a folder somebody named. */
async function empty({ dir, ...paths }: DataFolder): Promise<void> {
  await endLeftPostgres(paths.postgres);
  try {
    for (const path of Object.values(paths)) {
      for (const ending of ['', '.new', '.before', '.unreadable']) {
        await rm(path + ending, { recursive: true, force: true });
      }
    }
  } catch (error) {
    throw new SandboxProblem(
      `${dir} could not be emptied (${(error as Error).message}). It may belong to another user: remove it yourself, or choose another folder with --data.`,
    );
  }
}

/** Starting a database is what ends one that was left behind; one that cannot start any more is removed as it is. */
async function endLeftPostgres(dataDir: string): Promise<void> {
  const isThere = await access(dataDir).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  const server = await startEmbeddedPostgres({ dataDir, log: () => undefined }).catch(() => null);
  await server?.stop();
}
