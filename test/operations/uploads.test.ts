import { eq } from 'drizzle-orm/sql';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { imports } from '#db/import-schema.ts';
import { suppressions } from '#db/schema.ts';
import { uploadPieces, uploads } from '#db/upload-schema.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { importContacts } from '#operations/import-contacts.ts';
import { openFile } from '#operations/open-file.ts';
import { purge } from '#operations/purge.ts';
import { receiveUpload } from '#operations/receive-upload.ts';
import { recoverImports } from '#operations/recover-imports.ts';
import { requestErasure } from '#operations/request-erasure.ts';
import { requestSuppressionImport } from '#operations/request-suppression-import.ts';
import { requestUploadImport } from '#operations/request-upload-import.ts';
import { saveFormDraft } from '#operations/save-form-draft.ts';
import { FileUnavailable } from '#ports/chat.ts';
import { inPieces, usNumber } from '#support/contact-files.ts';
import { ANNA, createEngine } from '#support/engine.ts';

const DAY_MS = 86_400_000;

const { campaign, clock, deps, drain, workspace } = await createEngine();
const { db } = deps;
const workspaceId = workspace.id;

beforeEach(async () => {
  await db.delete(uploads);
});

async function* chunks(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? new TextEncoder().encode(part) : part;
}

const receive = (...parts: (string | Uint8Array)[]) =>
  receiveUpload(deps, { workspaceId, fileName: 'list.csv', stream: chunks(...parts) });

const listOf = (count: number, filler = '') =>
  `phone,name\n${Array.from({ length: count }, (_, i) => `${usNumber(i)},Person ${i} ${filler}`).join('\n')}\n`;

let keys = 0;
const ask = async (upload: Awaited<ReturnType<typeof receive>>, requestKey = `upload-${++keys}`) =>
  requestUploadImport(deps, {
    campaignId: await campaign(),
    upload,
    columnMappings: {},
    mode: 'append',
    actor: ANNA,
    requestKey,
  });

const kept = async () => ({ files: await db.$count(uploads), pieces: await db.$count(uploadPieces) });
const rowOf = async (importId: number) =>
  (await db.select().from(imports).where(eq(imports.id, importId))).at(0);

describe('a file that is sent', () => {
  test('is kept in pieces and comes back as it was, however it was cut on its way', async () => {
    const bytes = new TextEncoder().encode(listOf(30_000, 'with a long name'));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1_000, max: bytes.length * 2 }), async (size) => {
        const { fileId, head } = await receive(...inPieces(bytes, size));
        expect(head).toMatchObject({ headers: ['phone', 'name'], problem: null });
        const file = await openFile(deps, { workspaceId, fileId });
        expect(file).toMatchObject({ name: 'list.csv', size: bytes.length });
        const back: Uint8Array[] = [];
        for await (const piece of file.stream) back.push(piece);
        expect(back.length).toBe(Math.ceil(bytes.length / (512 * 1024)));
        expect(Buffer.compare(Buffer.concat(back), bytes)).toBe(0);
      }),
      { numRuns: 8 },
    );
  });

  test('is nobody else’s, and half of it is nobody’s', async () => {
    const { fileId } = await receive(listOf(2));
    const other = await ensureWorkspace(deps, { slackTeamId: 'T9', name: 'Other', botUserId: 'U9' });
    await expect(openFile(deps, { workspaceId: other.id, fileId })).rejects.toThrow(FileUnavailable);
    await db.update(uploads).set({ receivedAt: null });
    await expect(openFile(deps, { workspaceId, fileId })).rejects.toThrow('Send it again');
  });

  test('bears a name without folders and line ends', async () => {
    const stream = chunks(listOf(1));
    const fileName = `C:\\lists\\../a\r\nb\0${'x'.repeat(300)}.csv`;
    const upload = await receiveUpload(deps, { workspaceId, fileName, stream });
    expect(upload.fileName).toMatch(/^a {2}b x+$/);
    expect(upload.fileName).toHaveLength(200);
  });

  test('leaves nothing when its sender goes away', async () => {
    async function* cutOff() {
      yield new TextEncoder().encode(listOf(20_000, 'to fill more than one piece of it'));
      throw new Error('the connection is gone');
    }
    const broken = receiveUpload(deps, { workspaceId, fileName: 'a.csv', stream: cutOff() });
    await expect(broken).rejects.toThrow('the connection is gone');
    expect(await kept()).toEqual({ files: 0, pieces: 0 });
  });
});

describe('a file that waits to be loaded', () => {
  test('is neither lost nor taken for a shorter one when the database fails while it is read', async () => {
    const { importId } = await ask(await receive(listOf(20_000, 'to fill more than one piece of it')));
    const select = db.select.bind(db);
    let reads = 0;
    const failing = ((fields: Parameters<typeof select>[0]) => {
      // The second piece of the file.
      if (fields && 'bytes' in fields && ++reads === 2) throw new Error('the connection is gone');
      return select(fields);
    }) as typeof db.select;
    Object.assign(db, { select: failing });
    try {
      await expect(importContacts(deps, { importId })).rejects.toThrow('could not be read');
    } finally {
      Object.assign(db, { select });
    }
    expect(await rowOf(importId)).toMatchObject({ status: 'processing', problem: null });
    expect((await kept()).files).toBe(1);
    clock.move(31_000);
    await recoverImports(deps);
    await drain();
    expect(await rowOf(importId)).toMatchObject({ status: 'completed', importedCount: 20_000 });
  });

  test('is not loaded when a piece of it is missing', async () => {
    const { importId } = await ask(await receive(listOf(20_000, 'to fill more than one piece of it')));
    await db.delete(uploadPieces).where(eq(uploadPieces.seq, 1));
    await drain();
    expect(await rowOf(importId)).toMatchObject({
      status: 'failed',
      importedCount: 0,
      problem: expect.stringMatching(/not kept any more. Send it again/),
    });
  });
});

describe('a file is gone when', () => {
  test('its import has ended, with contacts or without', async () => {
    const good = await ask(await receive(listOf(3)));
    // Whether a quotation mark is closed is only seen at the end of the file.
    const bad = await ask(await receive(listOf(20_000, 'to go beyond the beginning'), '"never closed'));
    expect((await kept()).files).toBe(2);
    await drain();
    expect(await rowOf(good.importId)).toMatchObject({ status: 'completed', importedCount: 3 });
    expect(await rowOf(bad.importId)).toMatchObject({
      status: 'failed',
      problem: expect.stringContaining('never closed'),
    });
    expect(await kept()).toEqual({ files: 0, pieces: 0 });
  });

  test('it was sent once more for a request that is made twice', async () => {
    const first = await ask(await receive(listOf(2)), 'twice');
    const second = await ask(await receive(listOf(2)), 'twice');
    expect(second).toEqual(first);
    expect((await kept()).files).toBe(1);
    await drain();
    expect((await kept()).files).toBe(0);
  });

  test('the process that loaded it has died, and another one has loaded it', async () => {
    const { importId } = await ask(await receive(listOf(2)));
    const long = new Date(clock.now().getTime() - DAY_MS);
    await db
      .update(imports)
      .set({ status: 'processing', startedAt: long, leaseUntil: long })
      .where(eq(imports.id, importId));
    await recoverImports(deps);
    expect((await kept()).files).toBe(1);
    await drain();
    expect(await rowOf(importId)).toMatchObject({ status: 'completed', importedCount: 2 });
    expect((await kept()).files).toBe(0);
    const { importId: bad } = await ask(await receive(listOf(3)));
    const died = { status: 'processing' as const, startedAt: long, leaseUntil: long };
    await db
      .update(imports)
      .set({ ...died, interruptions: 2 })
      .where(eq(imports.id, bad));
    await recoverImports(deps);
    expect(await rowOf(bad)).toMatchObject({ status: 'failed' });
    expect((await kept()).files).toBe(0);
  });

  test('a day has passed and nobody waits for it', async () => {
    await receive(listOf(2));
    const waiting = await receive(listOf(3));
    await ask(waiting);
    clock.move(DAY_MS + 1_000);
    const fresh = await receive(listOf(4));
    await purge(deps);
    const left = await db.select().from(uploads);
    expect(left.map(({ id }) => `upload:${id}`).sort()).toEqual([waiting.fileId, fresh.fileId].sort());
    await drain();
  });

  test('somebody in the workspace is erased, unless it is still to be loaded', async () => {
    await receive(listOf(2));
    const waiting = await receive(listOf(3));
    const { importId } = await ask(waiting);
    await db.update(imports).set({ status: 'processing' }).where(eq(imports.id, importId));
    const form = { kind: 'contact_lookup', data: { phone: usNumber(0) } };
    const { id: lookup } = await saveFormDraft(deps, { workspaceId, userId: 'U_ANNA', ...form });
    await requestErasure(deps, { workspaceId, lookup, actor: ANNA, channelId: 'D_ANNA' });
    await drain();
    const left = await db.select().from(uploads);
    expect(left.map(({ id }) => `upload:${id}`)).toEqual([waiting.fileId]);
  });
});

test('a file that is sent can fill the do-not-call list, and is gone then', async () => {
  const { fileId, fileName } = await receive(`${usNumber(700)}\n${usNumber(701)}\n`);
  await requestSuppressionImport(deps, {
    workspaceId,
    kind: 'own',
    onlyCampaignId: null,
    fileId,
    fileName,
    actor: ANNA,
    requestKey: 'dnc',
    channelId: 'D_ANNA',
  });
  await drain();
  const listed = await db.select().from(suppressions).where(eq(suppressions.source, 'import'));
  expect(listed.map(({ phoneNumber }) => phoneNumber).sort()).toEqual([usNumber(700), usNumber(701)].sort());
  expect((await kept()).files).toBe(0);
});
