import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartupProblem } from './startup-problem.ts';

const SQLITE_BUSY = 5;
const RETRY_MS = 50;

/**
 * Claims a data folder for this process until `release`. The claim is a file lock held through SQLite: the operating
 * system drops it when the process dies in any way, which a file with a process id in it cannot promise. A claim that
 * is still held after `patienceMs` of real time (someone closing down gets that long) is refused with a sentence.
 */
export async function claimFolder(folder: string, patienceMs: number): Promise<{ release(): void }> {
  const file = openLockFile(folder);
  const deadline = performance.now() + patienceMs;
  try {
    while (!tryLock(file)) {
      if (performance.now() >= deadline) throw new StartupProblem(await describeHolder(folder));
      await sleep(RETRY_MS);
    }
    await writeFile(holderFile(folder), String(process.pid));
  } catch (error) {
    file.close();
    throw error instanceof StartupProblem ? error : unusable(folder, error);
  }
  return { release: () => file.close() };
}

function openLockFile(folder: string): DatabaseSync {
  try {
    return new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
  } catch (error) {
    throw unusable(folder, error);
  }
}

function tryLock(file: DatabaseSync): boolean {
  try {
    file.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw error;
  }
}

function unusable(folder: string, cause: unknown): StartupProblem {
  return new StartupProblem(
    `Ringmaster cannot write in the data folder ${folder}; it may belong to another user. Make it yours, or set DATA_DIR to another folder.`,
    { cause },
  );
}

async function describeHolder(folder: string): Promise<string> {
  const pid = await readFile(holderFile(folder), 'utf8').catch(() => '');
  const who = pid ? ` (process ${pid})` : '';
  return `Another Ringmaster${who} is using the data folder ${folder}. Stop it first, or give this one its own folder with DATA_DIR.`;
}

function holderFile(folder: string): string {
  return join(folder, 'lock-holder');
}
