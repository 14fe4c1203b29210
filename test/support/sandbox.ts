import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BotStatus, FeedMessage, Verbs } from '#sandbox/page-protocol.ts';
import { databaseParent, makeFolder } from './folder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Relative, as npm starts it. */
const SCRIPT = 'sandbox/main.ts';
const WAIT_MS = 60_000;

export type Snapshot = Extract<FeedMessage, { type: 'snapshot' }>;
export type SandboxRun = Awaited<ReturnType<typeof runSandbox>>;

/** A data folder of a test's own, which nothing uses any more when it is removed. */
export async function sandboxFolder(): Promise<{ dir: string; remove(): Promise<void> }> {
  const dir = await makeFolder(await databaseParent(), 'ringmaster-sandbox-');
  return { dir, remove: () => rm(dir, { recursive: true, force: true, maxRetries: 3 }) };
}

/** `npm run sandbox -- …` as a process of its own. */
export async function runSandbox(dir: string, args: string[] = []) {
  return follow(
    spawn(process.execPath, [SCRIPT, '--no-open', '--data', dir, ...args], { stdio, env: env(), cwd: ROOT }),
  );
}

/** The same below a process that stands for npm and runs it in a shell; `pid` and `end` are that process's. */
export async function runSandboxUnderNpm(dir: string, args: string[] = []) {
  const words = [process.execPath, SCRIPT, '--no-open', '--data', dir, ...args];
  const code = `require('child_process').spawnSync('/bin/sh', ['-c', '"$0" "$@"; :', ...${JSON.stringify(words)}], { stdio: 'inherit' })`;
  return follow(
    spawn(process.execPath, ['-e', code], {
      stdio,
      env: { ...env(), npm_lifecycle_event: 'sandbox' },
      cwd: ROOT,
    }),
  );
}

const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];

function env(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE };
}

function follow(child: ChildProcessByStdio<null, Readable, Readable>) {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }) as Exit);
  return {
    pid: child.pid ?? 0,
    exited,
    output: () => output,
    /** The page's address, once the bot is ready. */
    url: () => waitForUrl(child, () => output),
    /** Sends the signal and waits for the end. */
    async end(signal: NodeJS.Signals): Promise<Exit> {
      child.kill(signal);
      return await exited;
    },
  };
}

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** What the sandbox notes of itself for the next one. */
export async function noteIn(dir: string): Promise<{
  sandbox: { pid: number } | null;
  bot: { pid: number } | null;
  botPort: number;
}> {
  return JSON.parse(await readFile(join(dir, 'sandbox.json'), 'utf8'));
}

export async function postgresPid(dir: string): Promise<number> {
  const text = await readFile(join(dir, 'postgres/database/pgdata/postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

/** A dead process that nobody has buried yet is not alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return (
      process.platform !== 'linux' || !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    );
  } catch {
    return false;
  }
}

/** The shells that end bot and database when the sandbox dies: they belong to the group of what they watch. */
export async function watchersOf(pid: number): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    const other = Number(name);
    if (!Number.isInteger(other) || other === pid) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
    if (group === pid) found.push(other);
  }
  return found;
}

export async function act<Name extends keyof Verbs>(url: string, name: Name, input: Verbs[Name]) {
  const response = await fetch(`${url}/ui/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  return (await response.json()) as { ok: boolean; error?: string };
}

/** Everything the page is shown when it loads. */
export async function snapshotOf(url: string): Promise<Snapshot> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ui/feed`);
  const [event] = (await once(socket, 'message')) as [MessageEvent];
  socket.close();
  return JSON.parse(String(event.data)) as Snapshot;
}

/** The bot's states from now on, one entry per change. */
export async function watchBot(url: string) {
  const rows: BotStatus[] = [];
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ui/feed`);
  socket.addEventListener('message', (event) => {
    const message = JSON.parse(String(event.data)) as FeedMessage;
    if (message.type === 'snapshot') rows.push(...message.tables.bot);
    else if (message.type === 'upsert' && message.table === 'bot') rows.push(message.row as BotStatus);
  });
  await until(() => rows.length > 0, 'the bot’s row on the page');
  return {
    rows,
    /** The states since `from`, repetitions left out. */
    states: (from = 0) =>
      rows
        .slice(from)
        .map(({ state }) => state)
        .filter((state, index, all) => state !== all[index - 1]),
    last: () => rows.at(-1),
    close: () => socket.close(),
  };
}

export async function until(isSo: () => boolean | Promise<boolean>, what: string, withinMs = WAIT_MS) {
  const deadline = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs} ms for ${what}.`);
    await sleep(25);
  }
}

async function waitForUrl(child: ChildProcess, output: () => string): Promise<string> {
  const find = () => /Open (http:\/\/\S+)/.exec(output())?.[1];
  const deadline = Date.now() + WAIT_MS;
  for (let url = find(); ; url = find()) {
    if (url) return url;
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      throw new Error(`The sandbox did not start:\n${output()}`);
    }
    await sleep(25);
  }
}
