import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const POLL_MS = 20;

/** A process of ours, so described that a later one with the same number is not taken for it. */
export type ProcessNote = { pid: number; startedAt: string };

export async function noteProcess(pid: number): Promise<ProcessNote | null> {
  const found = await look(pid);
  return found && { pid, startedAt: found.startedAt };
}

/** Whether the noted process still runs, and runs this script. */
export async function isRunning({ pid, startedAt }: ProcessNote, script: string): Promise<boolean> {
  const found = await look(pid);
  return found !== null && found.startedAt === startedAt && found.command.includes(script);
}

/** Asks the noted process to end, firmly after `patienceMs`; one that is no longer ours is left alone. */
export async function endProcess(
  note: ProcessNote,
  script: string,
  patienceMs: number,
): Promise<'absent' | 'ended'> {
  const isOurs = () => isRunning(note, script);
  if (!(await isOurs())) return 'absent';
  if (patienceMs > 0) {
    trySignal(note.pid, 'SIGTERM');
    const deadline = performance.now() + patienceMs;
    while ((await isOurs()) && performance.now() < deadline) await sleep(POLL_MS);
  }
  if (await isOurs()) trySignal(note.pid, 'SIGKILL');
  while (await isOurs()) await sleep(POLL_MS);
  return 'ended';
}

export async function parentOf(pid: number): Promise<number | null> {
  return (await look(pid))?.parentPid ?? null;
}

type Found = { startedAt: string; command: string; parentPid: number };

async function look(pid: number): Promise<Found | null> {
  return process.platform === 'linux' ? await lookInProc(pid) : await askPs(pid);
}

/** A dead process that nobody has buried yet counts as gone. */
async function lookInProc(pid: number): Promise<Found | null> {
  try {
    const [stat, command, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // Behind the name, which may hold spaces and brackets: the state first, the start in ticks as the twentieth.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return {
      startedAt: `${boot.trim()} ${fields[19]}`,
      command: command.replaceAll('\0', ' '),
      parentPid: Number(fields[1]),
    };
  } catch {
    return null;
  }
}

async function askPs(pid: number): Promise<Found | null> {
  const answer = await run('ps', ['-ww', '-o', 'ppid=,lstart=,command=', '-p', String(pid)]).catch(
    () => null,
  );
  const line = /^\s*(\d+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(.+)$/m;
  const [, parentPid, startedAt, command] = line.exec(answer?.stdout ?? '') ?? [];
  return startedAt && command ? { startedAt, command, parentPid: Number(parentPid) } : null;
}

function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone in between, or no longer ours: the next look tells.
  }
}
