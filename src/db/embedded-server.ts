import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, rename } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Place } from './embedded-account.ts';
import { type Binaries, PLAIN_ENV } from './embedded-binaries.ts';
import type { Cluster } from './embedded-cluster.ts';
import { readPidFile, SHUTDOWN_STEPS } from './embedded-leftover.ts';
import { StartupProblem } from './startup-problem.ts';

const READY_MS = 60_000;
const RETRY_FOR_MS = 10_000;
const RETRY_MS = 100;
const POLL_MS = 10;

/**
 * The shell becomes PostgreSQL and leaves a watcher behind that reads our end of a pipe. However this process ends, the
 * pipe closes and the watcher asks PostgreSQL to shut down; a line instead means PostgreSQL is gone already. The
 * watcher is nobody's child, because PostgreSQL takes the death of a child it does not know for a crash.
 */
const SUPERVISED = '( ( read -r _ <&3 || kill -INT $$ ) >/dev/null 2>&1 & ) 3<&0; exec "$0" "$@" </dev/null';

/** A PostgreSQL of ours that is up. `exited` settles when it is gone, asked or not. */
export type Server = { port: number; exited: Promise<void>; stop(): Promise<void> };

type Launch = { place: Place; binaries: Binaries; cluster: Cluster; settings: Record<string, string> };
type Supervised = { child: ChildProcess; exited: Promise<void> };

/**
 * Starts PostgreSQL on a loopback port (a free one unless `port` is given) and returns once it accepts connections.
 * Tries again when the port was taken in between or when processes of a crashed predecessor are still going away.
 * Throws a `StartupProblem` with PostgreSQL's own reason otherwise.
 */
export async function startServer(launch: Launch, port: number | undefined): Promise<Server> {
  const deadline = performance.now() + RETRY_FOR_MS;
  for (;;) {
    const chosen = port ?? (await findFreePort());
    const supervised = await spawnPostgres(launch, chosen);
    if (await becomesReady(supervised, launch.cluster.pgdata)) return release(supervised, chosen);
    await shutDown(supervised);
    const complaint = await lastComplaint(launch.place.folder);
    const portTaken = complaint.includes('could not create any TCP/IP sockets');
    const predecessor = /lock file .* already exists|pre-existing shared memory/.test(complaint);
    if (portTaken && port !== undefined) {
      throw new StartupProblem(
        `Port ${port} on 127.0.0.1 is taken, so PostgreSQL cannot use it. Choose another.`,
      );
    }
    if (!(portTaken || predecessor) || performance.now() >= deadline) {
      throw new StartupProblem(
        `The built-in PostgreSQL did not start (${complaint}). Its log is ${logFile(launch.place.folder)}.`,
      );
    }
    await sleep(RETRY_MS);
  }
}

async function spawnPostgres(launch: Launch, port: number): Promise<Supervised> {
  const { place, binaries, cluster } = launch;
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // What people type stays out of the log: no statements, no key values.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...launch.settings,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = logFile(place.folder);
  await rename(log, `${log}.before`).catch(() => undefined);
  const output = await open(log, 'w', 0o600);
  try {
    const child = spawn('/bin/sh', ['-c', SUPERVISED, binaries.postgres, '-D', cluster.pgdata, ...options], {
      ...place.account,
      cwd: '/',
      env: PLAIN_ENV,
      detached: true,
      stdio: ['pipe', output.fd, output.fd],
    });
    return { child, exited: watchExit(child) };
  } finally {
    await output.close();
  }
}

function watchExit(child: ChildProcess): Promise<void> {
  child.stdin?.on('error', () => undefined);
  return new Promise((resolve) => {
    const gone = () => {
      child.stdin?.end('\n');
      resolve();
    };
    child.once('exit', gone);
    child.once('error', gone);
  });
}

async function becomesReady({ child }: Supervised, pgdata: string): Promise<boolean> {
  const deadline = performance.now() + READY_MS;
  while (isRunning(child) && performance.now() < deadline) {
    const status = await readPidFile(pgdata);
    if (status?.pid === child.pid && status?.ready) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** A running server does not keep the program alive; a program that ends without `stop` closes the pipe, which is one. */
function release(supervised: Supervised, port: number): Server {
  const { child, exited } = supervised;
  child.unref();
  (child.stdin as unknown as { unref(): void } | null)?.unref();
  return { port, exited, stop: () => shutDown(supervised) };
}

async function shutDown({ child, exited }: Supervised): Promise<void> {
  child.ref();
  for (const { signal, patienceMs } of SHUTDOWN_STEPS) {
    if (!isRunning(child)) return;
    child.kill(signal);
    await Promise.race([exited, sleep(patienceMs, undefined, { ref: false })]);
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** The line in which PostgreSQL says why it gave up, or the shell why it could not become PostgreSQL. */
async function lastComplaint(folder: string): Promise<string> {
  const lines = (await readFile(logFile(folder), 'utf8').catch(() => '')).trim().split('\n');
  const fatal = lines.findLast((line) => line.includes('FATAL:'));
  return fatal?.replace(/^.*FATAL:\s*/, '') ?? lines.at(-1) ?? 'no reason given';
}

function logFile(folder: string): string {
  return join(folder, 'postgresql.log');
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
