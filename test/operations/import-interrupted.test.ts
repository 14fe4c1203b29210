import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { eq } from 'drizzle-orm/sql';
import { afterAll, describe, expect, it } from 'vitest';
import { imports } from '#db/import-schema.ts';
import { readRejects } from '#db/imports.ts';
import { campaignCounts, campaigns, contacts } from '#db/schema.ts';
import { importContacts } from '#operations/import-contacts.ts';
import { recoverImports } from '#operations/recover-imports.ts';
import { ChatUnavailable } from '#ports/chat.ts';
import {
  chatWithFiles,
  contactsOf,
  csv,
  encode,
  importDeps,
  importRow,
  seedCampaign,
  seedImport,
  usNumber,
} from '#support/contact-files.ts';
import { createTestDatabase } from '#support/database.ts';

const { client, url } = await createTestDatabase();
const { db } = client;
const folder = await mkdtemp(join(tmpdir(), 'ringmaster-import-'));
afterAll(() => rm(folder, { recursive: true }));

const rowsFrom = (first: number, count: number) =>
  csv(Array.from({ length: count }, (_, index) => [usNumber(first + index), `Person ${first + index}`]));
const nothing = chatWithFiles({});

/** A file whose second half comes when it is let go. */
function gatedFile(first: string, second: string) {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let downloads = 0;
  const chat = chatWithFiles({
    'clients.csv': () => {
      downloads += 1;
      return {
        pieces: (async function* () {
          // Enough for the file to be understood, so that the thread is at work when it waits.
          yield encode(first, 'utf-8');
          reached.resolve();
          await gate.promise;
          yield encode(second, 'utf-8');
        })(),
      };
    },
  });
  return { chat, reached: reached.promise, open: () => gate.resolve(), downloads: () => downloads };
}

/** Waits until an import's transaction is copying rows. */
async function untilCopying(): Promise<void> {
  for (;;) {
    const [row] = await client.sql`select from pg_stat_activity where application_name = 'ringmaster import'
      and datname = current_database() and query ilike 'copy%' and state = 'active'`;
    if (row) return;
    await sleep(20);
  }
}

/** As it is when every lease of now is over. */
const later = (deps: ReturnType<typeof importDeps>) => ({
  ...deps,
  clock: { ...deps.clock, now: () => new Date(Date.now() + 31_000) },
});

const theOther = { phoneNumber: usNumber(90_000), createdAt: new Date() };
const manyRows = `phone,name\n${rowsFrom(0, 15_000)}`;

describe('an import that is killed', () => {
  async function startProcess(importId: number, pauseMs: number): Promise<ChildProcess> {
    const path = join(folder, `${importId}.csv`);
    await writeFile(path, `phone,name\n${rowsFrom(0, 30_000)}911,Bad\n`);
    const script = fileURLToPath(import.meta.resolve('#support/import-process.ts'));
    return spawn(process.execPath, [script, url, String(importId), path, String(pauseMs)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }
  const closed = (child: ChildProcess) => new Promise((resolve) => child.once('close', resolve));

  it('half-way has loaded nothing, and is loaded by another process once its lease is over', async () => {
    const place = await seedCampaign(db);
    const importId = await seedImport(db, place);
    const child = await startProcess(importId, 100);
    await untilCopying();
    child.kill('SIGKILL');
    await closed(child);
    expect(await contactsOf(db, place.campaignId)).toEqual([]);
    const whole = await readFile(join(folder, `${importId}.csv`), 'utf8');
    const deps = importDeps(db, url, chatWithFiles({ 'clients.csv': whole }));
    expect(await recoverImports(deps)).toEqual([]);
    const [watch] = await client.sql`select run_at from graphile_worker.jobs where key = 'recover:import'`;
    expect(new Date(watch?.run_at).getTime()).toBeLessThan(Date.now() + 31_000);
    expect(await recoverImports(later(deps))).toMatchObject([{ id: importId, status: 'pending' }]);
    expect(await importRow(db, importId)).toMatchObject({ startedAt: null, rowCount: 0, interruptions: 1 });
    const [job] = await client.sql`select key from graphile_worker.jobs where key = ${`import:${importId}`}`;
    expect(job).toBeDefined();
    expect(await importContacts(deps, { importId })).toEqual({ kind: 'completed' });
    expect(await importRow(db, importId)).toMatchObject({ importedCount: 30_000, invalidCount: 1 });
    expect(
      await db.select().from(campaignCounts).where(eq(campaignCounts.campaignId, place.campaignId)),
    ).toMatchObject([{ pending: 30_000 }]);
  });

  it('three times is not tried again, and says so', async () => {
    const place = await seedCampaign(db);
    const importId = await seedImport(db, place);
    const deps = importDeps(db, url, nothing);
    const long = new Date(Date.now() - 60_000);
    for (const status of ['pending', 'pending', 'failed']) {
      const died = { status: 'processing' as const, startedAt: long, leaseUntil: long, rowCount: 7 };
      await db.update(imports).set(died).where(eq(imports.id, importId));
      expect(await recoverImports(deps)).toMatchObject([{ id: importId, status, rowCount: 0 }]);
    }
    expect(await importRow(db, importId)).toMatchObject({
      problem: expect.stringMatching(/interrupted three times.*Nothing was loaded\. Split the file/),
      completedAt: expect.any(Date),
    });
  });

  it('at any moment has loaded nothing or everything, and its row says which', async () => {
    const ends = new Set<string>();
    for (const afterMs of [150, 400, 650, 900, 1_500, 2_500, 20_000]) {
      const place = await seedCampaign(db);
      const importId = await seedImport(db, place);
      const child = await startProcess(importId, 5);
      const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
      child.stdout?.once('data', () => child.kill('SIGKILL'));
      await closed(child);
      clearTimeout(timer);
      await untilQuiet();
      await recoverImports(later(importDeps(db, url, nothing)));
      const { status, importedCount } = await importRow(db, importId);
      const loaded = (await contactsOf(db, place.campaignId)).length;
      let rejects = '';
      for await (const piece of readRejects(db, importId)) rejects += piece;
      ends.add(status);
      expect([status, importedCount, loaded, rejects.includes('911')]).toEqual(
        status === 'completed' ? ['completed', 30_000, 30_000, true] : [status, 0, 0, false],
      );
      // One that had not ended waits for the next process.
      expect(['completed', 'pending']).toContain(status);
    }
    expect(ends).toContain('completed');
    expect(ends.size).toBeGreaterThan(1);
  });

  /** Waits until the server has noticed that the killed process is gone. */
  async function untilQuiet(): Promise<void> {
    for (;;) {
      const [row] = await client.sql`select from pg_stat_activity
        where application_name = 'ringmaster import' and datname = current_database()`;
      if (!row) return;
      await sleep(20);
    }
  }
});

describe('while a file loads', () => {
  it('its counts can be followed', async () => {
    const place = await seedCampaign(db);
    const importId = await seedImport(db, place);
    const file = gatedFile(manyRows, rowsFrom(15_000, 5));
    const seen: number[] = [];
    const onProgress = async () => {
      seen.push((await importRow(db, importId)).rowCount);
      file.open();
    };
    // Only the news of the first half lets the second one come.
    expect(await importContacts(importDeps(db, url, file.chat), { importId, onProgress })).toEqual({
      kind: 'completed',
    });
    expect(seen[0]).toBe(15_000);
    expect((await importRow(db, importId)).rowCount).toBe(15_005);
  });

  it('it belongs to one worker', async () => {
    const place = await seedCampaign(db);
    const importId = await seedImport(db, place);
    const deps = importDeps(db, url, chatWithFiles({ 'clients.csv': manyRows }));
    const [one, two] = await Promise.all([
      importContacts(deps, { importId }),
      importContacts(deps, { importId }),
    ]);
    expect([one.kind, two.kind].sort()).toEqual(['completed', 'not_ours']);
    expect(await importContacts(deps, { importId })).toEqual({ kind: 'completed' });
    expect(await contactsOf(db, place.campaignId)).toHaveLength(15_000);
  });

  it('another one waits its turn, and finds the numbers of the first', async () => {
    const place = await seedCampaign(db);
    const file = gatedFile(manyRows, rowsFrom(15_000, 1_000));
    const first = await seedImport(db, place);
    const second = await seedImport(db, place);
    const running = importContacts(importDeps(db, url, file.chat), { importId: first });
    await file.reached;
    await untilCopying();
    const other = importContacts(
      importDeps(db, url, chatWithFiles({ 'clients.csv': `phone,name\n${rowsFrom(14_000, 4_000)}` })),
      { importId: second },
    );
    await sleep(300);
    file.open();
    expect(await Promise.all([running, other])).toEqual([{ kind: 'completed' }, { kind: 'completed' }]);
    expect(await importRow(db, first)).toMatchObject({ importedCount: 16_000, existingCount: 0 });
    expect(await importRow(db, second)).toMatchObject({
      rowCount: 4_000,
      importedCount: 2_000,
      existingCount: 2_000,
    });
    expect(await contactsOf(db, place.campaignId)).toHaveLength(18_000);
  });

  it('a number that came into the empty campaign by another way is found all the same', async () => {
    const place = await seedCampaign(db);
    const importId = await seedImport(db, place);
    const file = gatedFile(manyRows, rowsFrom(15_000, 100));
    const deps = importDeps(db, url, file.chat);
    const running = importContacts(deps, { importId });
    await file.reached;
    await untilCopying();
    await db
      .insert(contacts)
      .values({ campaignId: place.campaignId, phoneNumber: usNumber(15_050), createdAt: new Date() });
    file.open();
    expect(await running).toEqual({ kind: 'completed' });
    expect(file.downloads()).toBe(2);
    expect(await importRow(db, importId)).toMatchObject({
      rowCount: 15_100,
      importedCount: 15_099,
      existingCount: 1,
    });
    const loaded = await contactsOf(db, place.campaignId);
    expect(loaded.filter((contact) => contact.phoneNumber === usNumber(15_050))).toHaveLength(1);
    expect(loaded).toHaveLength(15_100);
  });

  it('a campaign that begins meanwhile gets none of it', async () => {
    const place = await seedCampaign(db);
    const importId = await seedImport(db, place);
    const file = gatedFile(manyRows, rowsFrom(15_000, 1));
    const running = importContacts(importDeps(db, url, file.chat), { importId });
    await file.reached;
    await db.update(campaigns).set({ status: 'running' }).where(eq(campaigns.id, place.campaignId));
    file.open();
    expect(await running).toEqual({
      kind: 'failed',
      problem:
        'The campaign was started or ended while the file was loading. Load the file again when it takes contacts. Nothing was loaded.',
    });
    expect(await contactsOf(db, place.campaignId)).toEqual([]);
  });

  it('a process that only seemed dead loads nothing, and the one that took its file up loads it once', async () => {
    const place = await seedCampaign(db);
    const importId = await seedImport(db, place);
    const file = gatedFile(manyRows, rowsFrom(15_000, 1));
    const running = importContacts(importDeps(db, url, file.chat), { importId });
    await file.reached;
    await untilCopying();
    const deps = importDeps(db, url, chatWithFiles({ 'clients.csv': manyRows }));
    expect(await recoverImports(later(deps))).toMatchObject([{ id: importId, status: 'pending' }]);
    const again = importContacts(deps, { importId });
    file.open();
    expect(await running).toEqual({ kind: 'not_ours' });
    expect(await again).toEqual({ kind: 'completed' });
    expect(await importRow(db, importId)).toMatchObject({ status: 'completed', importedCount: 15_000 });
    expect(await contactsOf(db, place.campaignId)).toHaveLength(15_000);
  });

  it.each(['into an empty campaign', 'into one with contacts'])(
    'the database may be gone for a while, and it is loaded all the same: %s',
    async (where) => {
      const place = await seedCampaign(db);
      const isEmpty = where === 'into an empty campaign';
      if (!isEmpty) await db.insert(contacts).values({ ...theOther, campaignId: place.campaignId });
      const importId = await seedImport(db, place);
      const file = gatedFile(manyRows, rowsFrom(15_000, 1));
      const deps = importDeps(db, url, file.chat);
      const running = importContacts(deps, { importId });
      await file.reached;
      await untilCopying();
      await client.sql`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'ringmaster import' and datname = current_database()`;
      file.open();
      const first = await running.catch((error: unknown) => error);
      if (first instanceof Error) {
        expect(await importRow(db, importId)).toMatchObject({ status: 'processing', problem: null });
        await recoverImports(later(deps));
        expect(await importContacts(deps, { importId })).toEqual({ kind: 'completed' });
      } else expect(first).toEqual({ kind: 'completed' });
      expect(await contactsOf(db, place.campaignId)).toHaveLength(isEmpty ? 15_001 : 15_002);
    },
  );

  it('an import that was given up elsewhere loads nothing any more', async () => {
    const place = await seedCampaign(db);
    const importId = await seedImport(db, place);
    const file = gatedFile(manyRows, rowsFrom(15_000, 1));
    const running = importContacts(importDeps(db, url, file.chat), { importId });
    await file.reached;
    await db.update(imports).set({ status: 'failed', problem: 'given up' }).where(eq(imports.id, importId));
    file.open();
    expect(await running).toEqual({ kind: 'not_ours' });
    expect(await importRow(db, importId)).toMatchObject({ status: 'failed', problem: 'given up' });
    expect(await contactsOf(db, place.campaignId)).toEqual([]);
  });

  it('a process that stops puts it back, to be loaded from its start', async () => {
    const place = await seedCampaign(db);
    const importId = await seedImport(db, place);
    const file = gatedFile(manyRows, rowsFrom(15_000, 1));
    const stopping = new AbortController();
    const running = importContacts(importDeps(db, url, file.chat), { importId, signal: stopping.signal });
    await file.reached;
    await untilCopying();
    stopping.abort(new Error('stopping'));
    await expect(running).rejects.toThrow('stopping');
    file.open();
    expect(await importRow(db, importId)).toMatchObject({
      status: 'pending',
      startedAt: null,
      leaseUntil: null,
      rowCount: 0,
    });
    expect(await contactsOf(db, place.campaignId)).toEqual([]);
    const again = await importContacts(importDeps(db, url, chatWithFiles({ 'clients.csv': manyRows })), {
      importId,
    });
    expect(again).toEqual({ kind: 'completed' });
  });

  it('it waits for the chat when that cannot be asked', async () => {
    const place = await seedCampaign(db);
    const importId = await seedImport(db, place);
    const chat = { ...nothing, downloadFile: () => Promise.reject(new ChatUnavailable('Slack is down')) };
    const deps = importDeps(db, url, chat);
    await expect(importContacts(deps, { importId })).rejects.toThrow('Slack is down');
    expect(await importRow(db, importId)).toMatchObject({ status: 'pending' });
    await recoverImports(deps);
    const [job] = await client.sql`select key from graphile_worker.jobs where key = ${`import:${importId}`}`;
    expect(job).toBeDefined();
  });
});
