import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SlackMessage } from '#sandbox/page-protocol.ts';
import { CHANNELS, PEOPLE } from '#sandbox/slack/seed.ts';
import { freePort } from '#support/free-port.ts';
import {
  act,
  isAlive,
  noteIn,
  postgresPid,
  runSandbox,
  runSandboxUnderNpm,
  type SandboxRun,
  sandboxFolder,
  snapshotOf,
  until,
  watchBot,
  watchersOf,
} from '#support/sandbox.ts';

/** Each test goes on where the one before it left the sandbox, as a person would. */
describe('npm run sandbox', () => {
  let folder: Awaited<ReturnType<typeof sandboxFolder>>;
  let run: SandboxRun;
  let url: string;
  let wanted: number;
  const runs: SandboxRun[] = [];
  const foreign = createServer();

  beforeAll(async () => {
    folder = await sandboxFolder();
    wanted = await freePort();
    foreign.listen(wanted, '127.0.0.1');
    await once(foreign, 'listening');
  });

  let hasFailed = false;
  beforeEach(({ skip }) => skip(hasFailed, 'an earlier part failed'));
  afterEach(({ task }) => {
    hasFailed ||= task.result?.state === 'fail';
  });

  afterAll(async () => {
    foreign.close();
    for (const left of runs) await left.end('SIGKILL');
    await folder.remove();
  });

  async function start(...args: string[]): Promise<void> {
    run = await runSandbox(folder.dir, ['--port', String(wanted), ...args]);
    runs.push(run);
    url = await run.url();
  }

  it('takes the next port when the wanted one is taken, says so, and is ready for work', async () => {
    await start();
    expect(run.output()).toContain(`Port ${wanted} is taken by another program, so the page is at `);
    expect(url).not.toBe(`http://127.0.0.1:${wanted}`);
    const page = await fetch(url);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const { botPort } = await noteIn(folder.dir);
    expect((await fetch(`http://127.0.0.1:${botPort}/readyz`)).status).toBe(200);
    const { tables } = await snapshotOf(url);
    expect(tables.bot).toMatchObject([{ state: 'running', restarts: 0, speed: 1 }]);
  });

  it('begins at 14:00 in New York on a weekday and says so', () => {
    expect(run.output()).toMatch(/In the sandbox it is (Mon|Tues|Wednes|Thurs|Fri)day .*, 14:00 in New York/);
  });

  it('hands out the example file', async () => {
    const example = await fetch(`${url}/examples/clients.csv`);
    expect(await example.text()).toMatch(/^name,company,phone,appointment_date\n/);
  });

  it('is closed to other websites', async () => {
    const asStranger = (headers: Record<string, string>) =>
      fetch(`${url}/ui/pull-the-plug`, { method: 'POST', headers }).then((response) => response.status);
    expect(await asStranger({ origin: 'https://example.com' })).toBe(403);
  });

  it('starts the bot again when somebody kills it, and says what happened', async () => {
    const bot = await watchBot(url);
    const before = bot.last()?.pid ?? 0;
    process.kill(before, 'SIGKILL');
    await until(() => bot.last()?.state === 'running' && bot.last()?.pid !== before, 'the bot to be back');
    expect(bot.states()).toEqual(['running', 'killed', 'starting', 'running']);
    expect(bot.last()).toMatchObject({
      restarts: 1,
      note: 'The bot ended by itself (signal SIGKILL) and is started again.',
    });
    expect(run.output()).toContain('The bot ended by itself (signal SIGKILL)');
    bot.close();
  });

  it('kills the bot and starts it again when the plug is pulled', async () => {
    const bot = await watchBot(url);
    const before = bot.last()?.pid ?? 0;
    expect(await act(url, 'pull-the-plug', {})).toEqual({ ok: true });
    expect(await act(url, 'pull-the-plug', {})).toMatchObject({ ok: false });
    await until(() => bot.last()?.state === 'running' && bot.last()?.pid !== before, 'the bot to be back');
    expect(bot.states()).toEqual(['running', 'killed', 'starting', 'running']);
    expect(bot.last()).toMatchObject({ restarts: 2, note: '' });
    expect(isAlive(before)).toBe(false);
    bot.close();
  });

  it('lets time run faster from one moment on, without a jump', async () => {
    const bot = await watchBot(url);
    const before = productNow(bot.last());
    expect(await act(url, 'set-speed', { speed: 60 })).toEqual({ ok: true });
    await until(() => bot.last()?.speed === 60 && bot.last()?.state === 'running', 'the new speed');
    const changed = bot.last();
    const realMs = Date.now() - (changed?.realAt ?? 0);
    expect(changed?.productAt).toBeGreaterThanOrEqual(before);
    expect((changed?.productAt ?? 0) - before).toBeLessThan(20_000);
    expect(productNow(changed)).toBeGreaterThanOrEqual((changed?.productAt ?? 0) + realMs * 60);
    expect(await act(url, 'set-speed', { speed: 0 })).toMatchObject({
      ok: false,
      error: 'Time cannot run at the speed 0: it needs a number from 1 to 1000.',
    });
    bot.close();
  });

  it('tells a second one in the same folder where the first one is', async () => {
    const second = await runSandbox(folder.dir);
    runs.push(second);
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.output()).toContain(`A sandbox is running here already, at ${url} (process ${run.pid}).`);
    expect(isAlive(run.pid)).toBe(true);
  });

  it('leaves neither bot nor database behind when it is killed, and goes on with everything', async () => {
    const text = 'Still here after the power cut';
    const [userId, channelId] = [PEOPLE.admin, CHANNELS.campaigns];
    expect(await act(url, 'post-message', { userId, channelId, text, threadTs: null })).toMatchObject({
      ok: true,
    });
    const { tables } = await snapshotOf(url);
    const before = productNow(tables.bot[0]);
    await until(() => isSaved(folder.dir, text), 'the message to be saved');
    const pids = await pidsIn(folder.dir);
    await run.end('SIGKILL');
    await until(() => !pids.some(isAlive), 'bot and database to be gone', 10_000);

    await start();
    expect(textsOf((await snapshotOf(url)).tables.messages)).toContain(text);
    const after = (await snapshotOf(url)).tables.bot[0];
    expect(after?.speed).toBe(60);
    expect(productNow(after)).toBeGreaterThan(before);
  });

  it('ends a bot and a database that were left behind because everything around them was killed', async () => {
    const pids = await pidsIn(folder.dir);
    const watchers = (await Promise.all(pids.map(watchersOf))).flat();
    for (const watcher of watchers) process.kill(watcher, 'SIGKILL');
    await run.end('SIGKILL');
    if (process.platform === 'linux') expect(pids.filter(isAlive)).toEqual(pids);

    await start('--speed=1');
    expect(pids.filter(isAlive)).toEqual([]);
    expect(run.output()).toContain('A bot that an earlier run had left behind was ended.');
  });

  it('forgets everything with --fresh, and ends the one that still runs', async () => {
    const first = run;
    await start('--fresh');
    expect(await first.exited).toEqual({ code: 0, signal: null });
    const { tables } = await snapshotOf(url);
    expect(tables.messages).toEqual([]);
    expect(run.output()).toMatch(/14:00 in New York/);
  });

  it('ends by itself when the npm above it is killed', async () => {
    await run.end('SIGTERM');
    run = await runSandboxUnderNpm(folder.dir, ['--port', String(wanted)]);
    runs.push(run);
    await run.url();
    const { sandbox } = await noteIn(folder.dir);
    const pids = [sandbox?.pid ?? 0, ...(await pidsIn(folder.dir))];
    expect(pids.filter(isAlive)).toEqual(pids);
    await run.end('SIGKILL');
    await until(() => !pids.some(isAlive), 'the sandbox and its own to be gone', 20_000);
    await start();
  });

  it('ends in order on Ctrl-C with nothing left behind', async () => {
    const pids = await pidsIn(folder.dir);
    expect(await run.end('SIGINT')).toEqual({ code: 0, signal: null });
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await noteIn(folder.dir)).toMatchObject({ sandbox: null, bot: null });
    await expect(fetch(url)).rejects.toThrow();
  });
});

describe('the command line', () => {
  it('answers an unknown option with a sentence', async () => {
    const run = await runSandbox('unused', ['--frsh']);
    expect(await run.exited).toEqual({ code: 64, signal: null });
    expect(run.output()).toBe('The sandbox has no option --frsh. See: npm run sandbox -- --help\n');
  });
});

async function pidsIn(dir: string): Promise<number[]> {
  const { bot } = await noteIn(dir);
  return [bot?.pid ?? 0, await postgresPid(dir)];
}

async function isSaved(dir: string, text: string): Promise<boolean> {
  return (await readFile(`${dir}/stand-ins.json`, 'utf8').catch(() => '')).includes(text);
}

function textsOf(messages: SlackMessage[]): string[] {
  return messages.map(({ text }) => text);
}

function productNow(row: { productAt: number; realAt: number; speed: number } | undefined): number {
  return row ? row.productAt + (Date.now() - row.realAt) * row.speed : 0;
}
