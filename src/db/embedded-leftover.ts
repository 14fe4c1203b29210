import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { StartupProblem } from './startup-problem.ts';

const run = promisify(execFile);
const POLL_MS = 10;
/** Above the highest process id of Linux (2^22) and macOS, so it is nobody's. */
const NOBODYS_PID = 4_194_305;

/** Ever firmer ways to ask PostgreSQL to leave: fast shutdown, immediate shutdown, and the end. */
export const SHUTDOWN_STEPS = [
  { signal: 'SIGINT', patienceMs: 20_000 },
  { signal: 'SIGQUIT', patienceMs: 5_000 },
  { signal: 'SIGKILL', patienceMs: 5_000 },
] as const;

/** What PostgreSQL writes of itself into its data folder: its process, and whether it takes connections. */
export async function readPidFile(pgdata: string): Promise<{ pid: number; ready: boolean } | undefined> {
  const text = await readFile(pidFile(pgdata), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * Ends a PostgreSQL that a dead Ringmaster left in this data folder, and disarms a stale note of one whose process id
 * now belongs to somebody else. The caller holds the claim on the folder: whatever runs in it is nobody's.
 */
export async function clearLeftover(pgdata: string): Promise<void> {
  const left = await readPidFile(pgdata);
  if (!left || !isAlive(left.pid)) return;
  if (!(await isServerOf(left.pid, pgdata))) return disarm(pgdata, left.pid);
  for (const { signal, patienceMs } of SHUTDOWN_STEPS) {
    if (await leaves(left.pid, signal, patienceMs)) return;
  }
  throw new StartupProblem(
    `A PostgreSQL of an earlier run (process ${left.pid}) still uses ${pgdata} and does not stop. End that process, then start again.`,
  );
}

async function leaves(pid: number, signal: NodeJS.Signals, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  trySignal(pid, signal);
  while (isAlive(pid)) {
    if (performance.now() >= deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** PostgreSQL refuses to start while the process named in the file lives; the rest of the file guards its memory and stays. */
async function disarm(pgdata: string, pid: number): Promise<void> {
  const text = await readFile(pidFile(pgdata), 'utf8');
  await writeFile(pidFile(pgdata), text.replace(String(pid), String(NOBODYS_PID)));
}

async function isServerOf(pid: number, pgdata: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => askPs(pid));
  return command.includes(pgdata);
}

async function askPs(pid: number): Promise<string> {
  const answer = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => undefined);
  return answer?.stdout ?? '';
}

function isAlive(pid: number): boolean {
  return trySignal(pid, 0);
}

function trySignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function pidFile(pgdata: string): string {
  return join(pgdata, 'postmaster.pid');
}
