import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#clock.ts';
import { checkToken } from '#operations/check-token.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { createTestDatabase } from '#support/database.ts';
import { databaseParent, makeFolder } from '#support/folder.ts';
import { freePort } from '#support/free-port.ts';
import { buildBundle } from '#torture/bundle.ts';

const { url, client } = await createTestDatabase();
const deps = { db: client.db, clock: systemClock };

/** The bundle, as in production: it starts in a fraction of the time. */
const script = await buildBundle('main-test');

/** Enough to start, with nobody at home at the addresses of Slack and the carrier. */
const ENV = {
  DATABASE_URL: url,
  LOG_LEVEL: 'silent',
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_SIGNING_SECRET: 'secret',
  SLACK_API_URL: 'http://127.0.0.1:9/api/',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'token',
  TWILIO_PHONE_NUMBER: '+15005550006',
  TWILIO_API_URL: 'http://127.0.0.1:9',
};

function start(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [script, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const ended = Promise.all([text(child.stderr), once(child, 'exit')]).then(([complaints, [code]]) => ({
    code: code as number | null,
    complaints,
  }));
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  return { child, ended, said: () => said };
}

async function run(args: string[], env: Record<string, string>) {
  const { ended, said } = start(args, env);
  return { ...(await ended), said: said() };
}

async function untilListening(bot: ReturnType<typeof start>): Promise<void> {
  await expect.poll(bot.said, { interval: 20, timeout: 120_000 }).toContain('Ringmaster listens at');
}

async function takePort(): Promise<{ holder: Server; port: number }> {
  const holder = createServer().listen(0);
  await once(holder, 'listening');
  onTestFinished(() => {
    holder.close();
  });
  return { holder, port: (holder.address() as AddressInfo).port };
}

test('help lists the commands, and an unknown one gets the list too', async () => {
  const [help, unknown] = await Promise.all([run(['help'], {}), run(['dance'], {})]);
  expect(help).toMatchObject({ code: 0, complaints: '' });
  expect(help.said).toMatch(/serve .*\n +migrate .*\n +token .*\n +help /);
  expect(unknown).toMatchObject({ code: 64, complaints: help.said, said: '' });
});

test('an environment with problems ends with all of them and with the way to do without', async () => {
  const { code, complaints } = await run(['serve'], { PORT: 'x' });
  expect(code).toBe(78);
  expect(complaints).toContain('  - PORT must be a whole number');
  expect(complaints).toContain('  - SLACK_BOT_TOKEN is missing');
  expect(complaints).toMatch(/npm run sandbox\n$/);
});

test('migrating says what was applied', async () => {
  expect(await run(['migrate'], ENV)).toEqual({
    code: 0,
    complaints: '',
    said: 'The database is up to date.\n',
  });
});

test('a database that is not there ends in a sentence', async () => {
  const address = new URL(url);
  address.pathname = '/nowhere';
  const { code, complaints } = await run(['migrate'], { ...ENV, DATABASE_URL: address.href });
  expect(code).toBe(1);
  expect(complaints).toMatch(
    /^PostgreSQL at .* has no database "nowhere"\. Create it, or correct DATABASE_URL\.\n$/,
  );
});

test('a port that is taken ends in a sentence', async () => {
  const { port } = await takePort();
  expect(await run(['serve'], { ...ENV, PORT: String(port) })).toMatchObject({
    code: 1,
    complaints: `Port ${port} is taken by another program. Stop that one, or set PORT to a free port.\n`,
  });
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it gracefully', async (signal) => {
  const port = await freePort();
  const bot = start(['serve'], { ...ENV, PORT: String(port) });
  await untilListening(bot);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  bot.child.kill(signal);
  expect(await bot.ended).toEqual({ code: 0, complaints: '' });
});

test('without DATABASE_URL it brings its own database and takes it along when it ends', async () => {
  const folder = await makeFolder(await databaseParent(), 'main-');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const bot = start(['serve'], {
    ...ENV,
    DATABASE_URL: '',
    DATA_DIR: join(folder, 'data'),
    PORT: String(await freePort()),
  });
  await untilListening(bot);
  expect(bot.said()).toContain('DATABASE_URL is not set, so PostgreSQL runs here');
  bot.child.kill('SIGTERM');
  expect(await bot.ended).toEqual({ code: 0, complaints: '' });
  const again = await run(['migrate'], { ...ENV, DATABASE_URL: '', DATA_DIR: join(folder, 'data') });
  expect(again).toMatchObject({ code: 0, said: expect.stringContaining('The database is up to date.') });
});

describe('token', () => {
  /** All that a command needs of the environment. */
  const alone = { DATABASE_URL: url, NODE_ENV: 'production' };
  const named = ['--name', 'CRM', '--scopes', 'read, launch'];

  test('is of no use before the bot has met a workspace', async () => {
    const { code, complaints } = await run(['token', 'list'], alone);
    expect([code, complaints]).toEqual([1, expect.stringContaining('No Slack workspace is known yet')]);
  });

  test('makes one, lists it, and revokes it', async () => {
    await ensureWorkspace(deps, { slackTeamId: 'T1', name: 'Acme' });
    const made = await run(['token', 'create', ...named, '--expires-days', '90'], alone);
    const [secret = ''] = made.said.split('\n');
    expect(made).toMatchObject({ code: 0, complaints: '' });
    expect(secret).toMatch(/^rm_[\w-]{43}$/);
    expect(await checkToken(deps, secret)).toMatchObject({ name: 'CRM', scopes: ['read', 'launch'] });
    const listed = await run(['token', 'list'], alone);
    expect(listed.said).toMatch(/^1 {2}CRM {2}….{4} {2}read,launch {2}ends .* never used\n$/);
    expect(listed.said).not.toContain(secret);
    expect((await run(['token', 'revoke', '1'], alone)).said).toMatch(/^Token 1, “CRM”, is revoked\. /);
    expect(await checkToken(deps, secret)).toBeNull();
  });

  test('asks which workspace is meant when there are several', async () => {
    await ensureWorkspace(deps, { slackTeamId: 'T1', name: 'Acme' });
    await ensureWorkspace(deps, { slackTeamId: 'T2', name: 'Beta' });
    const unclear = await run(['token', 'create', ...named], alone);
    expect([unclear.code, unclear.complaints]).toEqual([
      1,
      expect.stringContaining('Acme (T1) and Beta (T2)'),
    ]);
    expect((await run(['token', 'create', ...named, '--workspace', 'beta'], alone)).code).toBe(0);
  });

  test('that is misread ends with how to say it', async () => {
    const { code, complaints } = await run(['token', 'dance'], {});
    expect([code, complaints]).toEqual([
      64,
      expect.stringContaining('There is no “token dance”. Nothing was done.\n\nUsage:'),
    ]);
  });
});
