import { parse } from 'csv-parse/sync';
import { and, eq, isNull, sql } from 'drizzle-orm/sql';
import { describe, expect, it } from 'vitest';
import { suppressionImports } from '#db/policy-schema.ts';
import { attempts, campaignEvents, contacts, suppressions, workspaces } from '#db/schema.ts';
import { insertSuppressionBatch } from '#db/suppression-imports.ts';
import { checkSuppression } from '#operations/check-suppression.ts';
import { exportSuppressions } from '#operations/export-suppressions.ts';
import { importSuppressions } from '#operations/import-suppressions.ts';
import { liftPrefix } from '#operations/lift-prefix.ts';
import { liftSuppression } from '#operations/lift-suppression.ts';
import { listSuppressions } from '#operations/list-suppressions.ts';
import { recoverSuppressionImports } from '#operations/recover-suppression-imports.ts';
import { requestSuppressionImport } from '#operations/request-suppression-import.ts';
import { sendSuppressions } from '#operations/send-suppressions.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { suppressPrefix } from '#operations/suppress-prefix.ts';
import type { Chat, ChatContent, ChatPlace } from '#ports/chat.ts';
import {
  type ChatFileFixture,
  chatWithFiles,
  encode,
  importDeps,
  inPieces,
  seedCampaign,
  seedNextCampaign,
  usNumber,
} from '#support/contact-files.ts';
import { createTestDatabase } from '#support/database.ts';

const { client, url } = await createTestDatabase();
const { db } = client;
const actor = { kind: 'slack_user', userId: 'U7' } as const;

function worldWith(files: Parameters<typeof chatWithFiles>[0] = {}) {
  const sent: { place: ChatPlace; name: string; text: string }[] = [];
  const chat: Chat = {
    ...chatWithFiles(files),
    uploadFile: async (place, { name, content }) => {
      sent.push({ place, name, text: new TextDecoder().decode(content) });
      return { kind: 'done', ts: '1.1' };
    },
  };
  return { deps: importDeps(db, url, chat), sent };
}

const { deps } = worldWith();
const inForce = (workspaceId: number) =>
  db
    .select()
    .from(suppressions)
    .where(and(eq(suppressions.workspaceId, workspaceId), isNull(suppressions.liftedAt)))
    .orderBy(suppressions.phoneNumber);
const importRow = async (id: number) => {
  const [row] = await db.select().from(suppressionImports).where(eq(suppressionImports.id, id));
  return row;
};

async function ring(workspaceId: number, campaignId: number, phoneNumber: string) {
  const createdAt = new Date();
  const [contact] = await db
    .insert(contacts)
    .values({ campaignId, phoneNumber, createdAt })
    .returning({ id: contacts.id });
  await db.insert(attempts).values({
    token: crypto.randomUUID(),
    workspaceId,
    campaignId,
    contactId: contact?.id ?? 0,
    runNumber: 1,
    channel: 'call',
    n: 1,
    phoneNumber,
    sender: '+15005550006',
    state: 'ringing',
    provider: 'scripted',
    gate: {} as never,
    createdAt,
  });
}

async function takesBack(campaignId: number): Promise<boolean> {
  const tasks = await db.execute(
    sql`select from graphile_worker._private_jobs where key = ${`cancel:${campaignId}`}`,
  );
  return tasks.length > 0;
}

describe('an entry for one campaign', () => {
  it('skips who waits in that campaign and nobody elsewhere', async () => {
    const { workspaceId, campaignId } = await seedCampaign(db);
    const other = await seedNextCampaign(db, workspaceId);
    for (const id of [campaignId, other])
      await db
        .insert(contacts)
        .values({ campaignId: id, phoneNumber: '+14155550101', createdAt: new Date() });
    const entry = {
      workspaceId,
      phone: '+14155550101',
      channel: 'all',
      reason: 'x',
      source: 'manual',
    } as const;
    const first = await suppressNumber(deps, { ...entry, actor, onlyCampaignId: campaignId });
    const again = await suppressNumber(deps, { ...entry, actor, onlyCampaignId: campaignId });
    const everywhere = await suppressNumber(deps, { ...entry, channel: 'voice', actor });
    expect([first.changed, again.changed, everywhere.changed]).toEqual([true, false, true]);
    const rows = await db
      .select()
      .from(contacts)
      .where(eq(contacts.phoneNumber, '+14155550101'))
      .orderBy(contacts.campaignId);
    expect(rows.map(({ status, skipReason }) => [status, skipReason])).toEqual([
      ['skipped', 'do_not_call'],
      ['pending', null],
    ]);
  });

  it('is taken off alone when its campaign is named, and with all others when none is', async () => {
    const { workspaceId, campaignId } = await seedCampaign(db);
    const entry = { workspaceId, phone: '+14155550102', reason: 'x', source: 'manual', actor } as const;
    await suppressNumber(deps, { ...entry, channel: 'all', onlyCampaignId: campaignId });
    await suppressNumber(deps, { ...entry, channel: 'sms' });
    const who = { workspaceId, phone: '+14155550102', actor };
    expect((await liftSuppression(deps, { ...who, onlyCampaignId: campaignId })).changed).toBe(true);
    expect((await inForce(workspaceId)).map(({ channel }) => channel)).toEqual(['sms']);
    expect((await liftSuppression(deps, { ...who, channel: 'voice' })).changed).toBe(false);
    expect((await liftSuppression(deps, who)).changed).toBe(true);
    expect(await inForce(workspaceId)).toEqual([]);
  });
});

describe('a range of numbers', () => {
  it('covers every number that begins so, is told by a check, and can be taken off', async () => {
    const { workspaceId } = await seedCampaign(db);
    const range = { workspaceId, prefix: '+1212555', channel: 'voice', onlyCampaignId: null } as const;
    const add = () => suppressPrefix(deps, { ...range, reason: 'premium', source: 'manual', actor });
    expect([(await add()).changed, (await add()).changed]).toEqual([true, false]);
    const inside = await checkSuppression(deps, { workspaceId, phone: '+12125550123' });
    expect(inside.ranges.map(({ prefix, channel }) => [prefix, channel])).toEqual([['+1212555', 'voice']]);
    expect((await checkSuppression(deps, { workspaceId, phone: '+14155550123' })).ranges).toEqual([]);
    expect((await liftPrefix(deps, { ...range, channel: null, actor })).changed).toBe(true);
    expect((await checkSuppression(deps, { workspaceId, phone: '+12125550123' })).ranges).toEqual([]);
    const events = await db.select().from(campaignEvents).where(eq(campaignEvents.workspaceId, workspaceId));
    expect(events.map(({ kind, actor: by }) => [kind, by])).toEqual([
      ['suppression_added', 'slack:U7'],
      ['suppression_lifted', 'slack:U7'],
    ]);
  });
});

describe('a file for the list', () => {
  const request = (
    to: Parameters<typeof requestSuppressionImport>[0],
    workspaceId: number,
    kind: 'own' | 'national' = 'own',
    onlyCampaignId: number | null = null,
  ) =>
    requestSuppressionImport(to, {
      workspaceId,
      kind,
      onlyCampaignId,
      fileId: 'F1',
      fileName: 'list.csv',
      actor,
      requestKey: crypto.randomUUID(),
      channelId: 'D7',
    });
  const load = async (
    workspaceId: number,
    file: string | Uint8Array | (() => ChatFileFixture),
    kind: 'own' | 'national' = 'own',
    onlyCampaignId: number | null = null,
  ) => {
    const world = worldWith({ F1: file });
    const { importId } = await request(world.deps, workspaceId, kind, onlyCampaignId);
    await importSuppressions(world.deps, { importId });
    return { importId, row: await importRow(importId), deps: world.deps };
  };

  it.each([
    ['one number per line', '2125550101\n2125550102\n', ['+12125550101', '+12125550102']],
    ['a column under a name', 'name,phone\nAnn,(212) 555-0101\nBob,\n', ['+12125550101']],
    ['area codes and numbers', '212,5550101\n646,5550102\n', ['+12125550101', '+16465550102']],
    ['JSON', '[{"phone":"+12125550101"},{"phone":12125550102}]', ['+12125550101', '+12125550102']],
  ])('may be %s', async (_, file, numbers) => {
    const { workspaceId } = await seedCampaign(db);
    const { row } = await load(workspaceId, file);
    expect(row).toMatchObject({ status: 'completed', addedCount: numbers.length, invalidCount: 0 });
    const entries = await inForce(workspaceId);
    expect(entries.map(({ phoneNumber }) => phoneNumber)).toEqual(numbers);
    expect(entries[0]).toMatchObject({ channel: 'all', source: 'import', actor: 'slack:U7' });
  });

  it('counts what is new, known, twice in it, and no number; ranges are numbers too', async () => {
    const { workspaceId } = await seedCampaign(db);
    await suppressNumber(deps, {
      workspaceId,
      phone: '+12125550101',
      channel: 'all',
      reason: 'x',
      source: 'manual',
      actor,
    });
    const file = 'phone\n2125550101\n2125550102\n2125550102\n+1646555*\nnobody\n\n';
    const { row } = await load(workspaceId, file);
    expect(row).toMatchObject({ rowCount: 5, addedCount: 2, knownCount: 2, invalidCount: 1 });
    expect((await checkSuppression(deps, { workspaceId, phone: '+16465550111' })).ranges).toHaveLength(1);
  });

  it.each([
    ['a number', '4155550140'],
    ['a range', '+1415555*'],
  ])('has calls to %s in it taken back', async (_, line) => {
    const { workspaceId, campaignId } = await seedCampaign(db, { campaignType: 'call' });
    await ring(workspaceId, campaignId, '+14155550140');
    await load(workspaceId, `phone\n${line}\n`);
    expect(await takesBack(campaignId)).toBe(true);
  });

  it('leaves calls alone whose numbers are not in it', async () => {
    const { workspaceId, campaignId } = await seedCampaign(db, { campaignType: 'call' });
    await ring(workspaceId, campaignId, '+14155550140');
    await load(workspaceId, 'phone\n4155550141\n+1415556*\n');
    expect(await takesBack(campaignId)).toBe(false);
  });

  it('may count for one campaign only', async () => {
    const { workspaceId, campaignId } = await seedCampaign(db);
    await load(workspaceId, '2125550101\n', 'own', campaignId);
    expect((await inForce(workspaceId)).map((entry) => entry.onlyCampaignId)).toEqual([campaignId]);
  });

  it('takes the place of an entry that the person’s own START would lift', async () => {
    const { workspaceId } = await seedCampaign(db);
    const entry = { workspaceId, phone: '+12125550101', channel: 'all', reason: 'STOP', actor } as const;
    await suppressNumber(deps, { ...entry, source: 'opt_out' });
    const { row } = await load(workspaceId, '2125550101\n', 'national');
    expect(row).toMatchObject({ addedCount: 0, knownCount: 1 });
    expect((await inForce(workspaceId)).map(({ source }) => source)).toEqual(['import']);
  });

  it('that is the national list makes the workspace’s fresh as of the hour it was handed over', async () => {
    const { workspaceId } = await seedCampaign(db);
    const { row } = await load(workspaceId, '2125550101\n', 'national');
    const [workspace] = await db.select().from(workspaces).where(eq(workspaces.id, workspaceId));
    expect(workspace?.nationalListAt).toEqual(row?.createdAt);
    const own = await seedCampaign(db);
    await load(own.workspaceId, '2125550101\n', 'own');
    const [untouched] = await db.select().from(workspaces).where(eq(workspaces.id, own.workspaceId));
    expect(untouched?.nationalListAt).toBeNull();
  });

  it.each([
    ['name,city\nAnn,Boston\nBob,Salem\n', 'No column of this file holds phone numbers.'],
    ['', 'This file is empty.'],
  ])(
    'with nothing in it that is a number is refused with the reason, and freshens nothing',
    async (file, why) => {
      const { workspaceId } = await seedCampaign(db);
      const { row } = await load(workspaceId, file, 'national');
      expect(row).toMatchObject({ status: 'failed', addedCount: 0, leaseUntil: null });
      expect(row?.problem).toContain(why);
      const [workspace] = await db.select().from(workspaces).where(eq(workspaces.id, workspaceId));
      expect(workspace?.nationalListAt).toBeNull();
    },
  );

  it('is gone on with behind the last batch after a crash, and every number is counted once', async () => {
    const { workspaceId } = await seedCampaign(db);
    const rows = 40_000;
    const bytes = encode(
      `phone\n${Array.from({ length: rows }, (_, index) => usNumber(index)).join('\n')}\n`,
      'utf-8',
    );
    async function* breaking() {
      let given = 0;
      for (const piece of inPieces(bytes, 16_384)) {
        if (given > bytes.length * 0.7) throw new Error('the process died');
        given += piece.length;
        yield piece;
      }
    }
    const world = worldWith({ F1: () => ({ pieces: breaking() }) });
    const { importId } = await request(world.deps, workspaceId);
    await expect(importSuppressions(world.deps, { importId })).rejects.toThrow('the process died');
    const halted = await importRow(importId);
    expect(halted?.status).toBe('pending');
    expect(halted?.rowCount).toBeGreaterThanOrEqual(10_000);
    expect(halted?.rowCount).toBeLessThan(rows);
    expect(halted?.addedCount).toBe(halted?.rowCount);
    await recoverSuppressionImports(world.deps);
    await importSuppressions(worldWith({ F1: bytes }).deps, { importId });
    expect(await importRow(importId)).toMatchObject({
      status: 'completed',
      rowCount: rows,
      addedCount: rows,
      knownCount: 0,
      invalidCount: 0,
    });
    expect(await inForce(workspaceId)).toHaveLength(rows);
  });

  it('that somebody else took over meanwhile is left to them, and nothing of the batch stands', async () => {
    const { workspaceId } = await seedCampaign(db);
    const stolen = () => ({
      pieces: (async function* () {
        await db
          .update(suppressionImports)
          .set({ leaseUntil: new Date(Date.now() + 999_000) })
          .where(eq(suppressionImports.workspaceId, workspaceId));
        yield encode('2125550101\n', 'utf-8');
      })(),
    });
    const { row } = await load(workspaceId, stolen);
    expect(row).toMatchObject({ status: 'processing', rowCount: 0 });
    expect(await inForce(workspaceId)).toEqual([]);
  });

  it.each([
    ['done', 'in one message that is edited in place', ['post', 'update']],
    ['throttled', 'again and again where Slack does not take it, and loads all the same', ['post', 'post']],
  ] as const)('is told while it loads: %s, %s', async (kind, _, ways) => {
    const { workspaceId } = await seedCampaign(db);
    const numbers = Array.from({ length: 10_000 }, (__, index) => usNumber(index));
    const told: [string, string][] = [];
    const answer = kind === 'done' ? { kind, ts: '7.1' } : { kind, retryAfterMs: 1 };
    const tell = (way: string) => async (_place: unknown, content: ChatContent) => {
      told.push([way, content.kind === 'note' ? content.text : '']);
      return answer;
    };
    const world = worldWith({ F1: `phone\n${numbers.join('\n')}\n` });
    Object.assign(world.deps.chat, { post: tell('post'), update: tell('update') });
    const clock = { ...world.deps.clock, realDelay: () => new Date(Date.now() - 1_000) };
    const { importId } = await request(world.deps, workspaceId);
    await importSuppressions({ ...world.deps, clock }, { importId });
    expect(told.map(([way]) => way)).toEqual(ways);
    expect(told[0]?.[1]).toContain(
      '“list.csv” is being loaded into the do-not-call list: 5,000 rows so far.',
    );
    expect(await importRow(importId)).toMatchObject({ status: 'completed', addedCount: 10_000 });
  });

  it('asked for twice by one submission is loaded once', async () => {
    const { workspaceId } = await seedCampaign(db);
    const request = {
      workspaceId,
      kind: 'own' as const,
      onlyCampaignId: null,
      fileId: 'F1',
      fileName: 'list.csv',
      actor,
      requestKey: crypto.randomUUID(),
      channelId: 'D7',
    };
    const [first, second] = [
      await requestSuppressionImport(deps, request),
      await requestSuppressionImport(deps, request),
    ];
    expect(second).toEqual(first);
  });
});

describe('the list', () => {
  it('is shown page by page, the newest first, with its ranges and files under way', async () => {
    const { workspaceId } = await seedCampaign(db);
    const origin = { workspaceId, onlyCampaignId: null, reason: 'r', actor: 'system', createdAt: new Date() };
    const numbers = Array.from({ length: 25 }, (_, index) => usNumber(index));
    await db.transaction((tx) => insertSuppressionBatch(tx, origin, numbers));
    const first = await listSuppressions(deps, { workspaceId, beforeId: null, limit: 10 });
    const seen = [...first.entries];
    for (let page = first; page.beforeId !== null; ) {
      page = await listSuppressions(deps, { workspaceId, beforeId: page.beforeId, limit: 10 });
      seen.push(...page.entries);
    }
    expect(first).toMatchObject({ total: 25, ranges: [], loading: [], nationalList: null });
    expect(seen.map(({ phoneNumber }) => phoneNumber).sort()).toEqual([...numbers].sort());
  });

  it('leaves as a file in which no cell runs as a formula, ranges first', async () => {
    const { workspaceId } = await seedCampaign(db);
    const hostile = { workspaceId, channel: 'all', source: 'manual', actor, onlyCampaignId: null } as const;
    await suppressNumber(deps, { ...hostile, phone: '+12125550101', reason: '=HYPERLINK("http://x","y")' });
    await suppressPrefix(deps, { ...hostile, prefix: '+1900', reason: '@SUM(1)' });
    let text = '';
    for await (const piece of exportSuppressions(deps, { workspaceId })) text += piece;
    const rows = parse(text, { columns: true }) as Record<string, string>[];
    expect(rows.map(({ phone_number, reason }) => [phone_number, reason])).toEqual([
      ["'+1900*", "'@SUM(1)"],
      ['+12125550101', '\'=HYPERLINK("http://x","y")'],
    ]);
  });

  it('comes in several files when one would be too long, and nothing of it is lost', async () => {
    const { workspaceId } = await seedCampaign(db);
    const origin = { workspaceId, onlyCampaignId: null, reason: 'r', actor: 'system', createdAt: new Date() };
    const numbers = Array.from({ length: 5_000 }, (_, index) => usNumber(index));
    await db.transaction((tx) => insertSuppressionBatch(tx, origin, numbers));
    const { deps: told, sent } = worldWith();
    await sendSuppressions(told, { workspaceId, place: { channelId: 'D7', threadTs: null } }, 200_000);
    expect(sent.length).toBeGreaterThan(1);
    expect(sent.every(({ place }) => place.channelId === 'D7')).toBe(true);
    // Each begins with the headers.
    const rows = sent.flatMap(({ text }) => (parse(text) as string[][]).slice(1));
    expect(rows.map(([number]) => number)).toEqual([...numbers].sort());
  });
});
