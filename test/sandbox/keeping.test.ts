import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { botEnvironment, newCredentials } from '#sandbox/bot-environment.ts';
import { openBotLog, shortenLogLine } from '#sandbox/bot-log.ts';
import { openDataFolder, readSaved } from '#sandbox/data-folder.ts';
import { readJson } from '#sandbox/json-file.ts';
import { keepSnapshots } from '#sandbox/snapshots.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ringmaster-keeping-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const fail = (error: unknown) => {
  throw error;
};

describe('snapshots', () => {
  it('are written once for many changes, and whole', async () => {
    let taken = 0;
    const path = join(dir, 'state.json');
    const snapshots = keepSnapshots(path, () => ({ taken: ++taken }), fail);
    for (let change = 0; change < 100; change += 1) snapshots.touch();
    await snapshots.flush();
    await snapshots.flush();
    expect(await readJson(path)).toEqual({ taken: 1 });
    expect(await readdir(dir)).toEqual(['state.json']);
  });

  it('are written a moment after a change without being asked for', async () => {
    const path = join(dir, 'state.json');
    const snapshots = keepSnapshots(path, () => 'changed', fail);
    snapshots.touch();
    await expect.poll(() => readJson(path)).toBe('changed');
  });

  it('that could not be written are told of and tried again', async () => {
    const path = join(dir, 'missing', 'state.json');
    const told: unknown[] = [];
    const snapshots = keepSnapshots(
      path,
      () => 'here',
      (error) => told.push(error),
    );
    snapshots.touch();
    await snapshots.flush();
    expect(told).toHaveLength(1);
    await mkdir(join(dir, 'missing'));
    await snapshots.flush();
    expect(await readJson(path)).toBe('here');
  });
});

describe('what was saved', () => {
  it('is put aside with a word when it cannot be read', async () => {
    const path = join(dir, 'state.json');
    await writeFile(path, '{"half": ');
    const said: string[] = [];
    expect(await readSaved(path, (sentence) => said.push(sentence))).toBeNull();
    expect(said).toEqual([expect.stringContaining('is kept as')]);
    expect(await readFile(`${path}.unreadable`, 'utf8')).toBe('{"half": ');
  });
});

describe('the data folder', () => {
  it('emptied by --fresh keeps what is not the sandbox’s own', async () => {
    await writeFile(join(dir, 'my-thesis.txt'), 'irreplaceable');
    await writeFile(join(dir, 'stand-ins.json'), '{}');
    await writeFile(join(dir, 'clock.json.new'), '{}');
    await openDataFolder(dir, true);
    expect(await readdir(dir)).toEqual(['my-thesis.txt']);
  });

  it('that cannot be one is refused with a sentence', async () => {
    await writeFile(join(dir, 'file'), '');
    await expect(openDataFolder(join(dir, 'file'), false)).rejects.toThrow(
      /cannot keep its data in .*file .*Choose another folder with --data\./,
    );
  });
});

describe('the bot’s environment', () => {
  it('holds the stand-ins and nothing of a real account', () => {
    const credentials = newCredentials();
    const env = botEnvironment(
      {
        databaseUrl: 'postgres://localhost/x',
        botPort: 3001,
        standInsUrl: 'http://127.0.0.1:3000',
        dataDir: dir,
      },
      credentials,
      { realEpochMs: 1, productEpochMs: 2, speed: 2.5 },
      {
        PATH: '/bin',
        NODE_ENV: 'production',
        SLACK_APP_TOKEN: 'xapp-real',
        TWILIO_AUTH_TOKEN: 'real',
        DATABASE_URL: 'postgres://real',
        LLM_API_KEY: 'real',
      },
    );
    expect(env).toMatchObject({
      PATH: '/bin',
      PORT: '3001',
      PUBLIC_URL: 'http://127.0.0.1:3001',
      SLACK_API_URL: 'http://127.0.0.1:3000/api/',
      TWILIO_API_URL: 'http://127.0.0.1:3000',
      SANDBOX_CLOCK: '1,2,2.5',
    });
    expect(JSON.stringify(env)).not.toContain('real');
    expect(Object.keys(env)).not.toContain('NODE_ENV');
  });
});

describe('the bot’s log', () => {
  it('goes to its file whole, after what is there', async () => {
    const path = join(dir, 'bot.log');
    for (const line of ['first', 'second']) {
      const log = await openBotLog(path);
      log.write(line);
      await log.close();
    }
    expect(await readFile(path, 'utf8')).toBe('first\nsecond\n');
  });

  it.each([
    [
      '{"level":40,"msg":"a request failed","reference":"ab12","n":3}',
      'warn  a request failed reference=ab12 n=3',
    ],
    ['Ringmaster listens', 'Ringmaster listens'],
    ['{"level":30, broken', '{"level":30, broken'],
    [`{"level":50,"msg":"${'x'.repeat(100)}"}`, `error ${'x'.repeat(53)}…`],
  ])('%s is shown on one line as %s', (line, wanted) => {
    expect(shortenLogLine(line, 60)).toBe(wanted);
  });
});
