import { readdir, readFile } from 'node:fs/promises';

/** What the operating system accounts for a process; Linux only, as the figures were agreed on there. */
type Usage = { parent: number; cpuSeconds: number };

const TICKS_PER_SECOND = 100;

/** CPU seconds used so far by a process and everything below it that still lives. */
export async function cpuOfTree(pid: number): Promise<number> {
  const all = await usages();
  let total = 0;
  for (const [id, { cpuSeconds }] of all) if (isBelow(all, id, pid)) total += cpuSeconds;
  return total;
}

export async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

export async function parentOf(pid: number): Promise<number> {
  return (await usages()).get(pid)?.parent ?? Number.NaN;
}

function isBelow(all: Map<number, Usage>, id: number, root: number): boolean {
  for (let at: number | undefined = id; at; at = all.get(at)?.parent) if (at === root) return true;
  return false;
}

async function usages(): Promise<Map<number, Usage>> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const entries = await Promise.all(pids.map(async (pid) => [pid, await usageOf(pid)] as const));
  return new Map(entries.flatMap(([pid, usage]) => (usage ? [[pid, usage] as const] : [])));
}

/** Behind the name, which may hold spaces: the parent as the second field, user and system ticks as the 12th and 13th. */
async function usageOf(pid: number): Promise<Usage | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  return { parent: Number(fields[1]), cpuSeconds };
}
