import { eq } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { columnMappings, importRejects, imports } from '#db/import-schema.ts';
import { suggestMapping } from '#domain/contact-import/mapping.ts';
import { requestImport } from '#operations/request-import.ts';
import { tellImport } from '#operations/tell-import.ts';
import type { ChatResult } from '#ports/chat.ts';
import { ANNA, createEngine } from '#support/engine.ts';

const { deps, chat, clock, workspace, campaign, wait, drain } = await createEngine();
const { post, update, uploadFile } = chat;
const MINUTE = 60_000;
const PLACE = { channelId: 'C1', threadTs: '1.1' };
const AMBIGUOUS: ChatResult = { kind: 'unknown', cause: 'timeout' };

beforeEach(() => {
  Object.assign(chat, { post, update, uploadFile });
  for (const told of [chat.posted, chat.updated, chat.files]) told.length = 0;
});

let asked = 0;
async function request(): Promise<number> {
  asked += 1;
  const { importId } = await requestImport(deps, {
    campaignId: await campaign({ channelId: null }),
    fileId: 'F1',
    fileName: 'clients.csv',
    mapping: suggestMapping(['Phone', 'Name'], [['+12125550101', 'Ann Example']], 'US'),
    fingerprint: 'phone-and-name',
    mode: 'append',
    actor: ANNA,
    requestKey: `told-${asked}`,
    place: PLACE,
  });
  return importId;
}

/** An import that ended now, with a row that came back. */
async function ended(): Promise<number> {
  const importId = await request();
  await deps.db.execute(`select graphile_worker.remove_job('import:${importId}')`);
  const end = { status: 'completed' as const, completedAt: clock.now() };
  await deps.db.update(imports).set(end).where(eq(imports.id, importId));
  await deps.db.insert(importRejects).values({ importId, seq: 0, csv: 'rejected_line\r\n2\r\n' });
  return importId;
}
async function toldAt(importId: number): Promise<Date | null | undefined> {
  const [row] = await deps.db.select().from(imports).where(eq(imports.id, importId));
  return row?.toldAt;
}
describe('what came of an import', () => {
  it('is told with the rejected rows, also when nobody could tell for long', async () => {
    const importId = await ended();
    clock.move(30 * MINUTE);
    await tellImport(deps, { importId });
    expect(chat.posted.at(-1)).toMatchObject({ place: PLACE, content: { kind: 'import_progress' } });
    expect(chat.files.map(({ name }) => name)).toEqual(['clients-rejected.csv']);
    expect(await toldAt(importId)).toEqual(clock.now());
  });

  it('is told with all rejected rows, however many files they fill', async () => {
    const importId = await ended();
    await deps.db.insert(importRejects).values({ importId, seq: 1, csv: '3\r\n' });
    const comments: string[] = [];
    chat.uploadFile = async (place, file) => {
      comments.push((file as { comment?: string }).comment ?? '');
      return uploadFile(place, file);
    };
    await tellImport(deps, { importId }, 20);
    expect(chat.files).toEqual([
      { name: 'clients-rejected-part-1.csv', text: 'rejected_line\r\n2\r\n' },
      { name: 'clients-rejected-part-2.csv', text: 'rejected_line\r\n3\r\n' },
    ]);
    expect(comments).toEqual([
      'These rows were not loaded; each says its line and why, part 1; the next part follows.',
      'These rows were not loaded; each says its line and why, part 2, the last one.',
    ]);
  });

  it('is posted anew when somebody deleted the message that showed it', async () => {
    const importId = await ended();
    await deps.db.update(imports).set({ progressTs: '9.9' }).where(eq(imports.id, importId));
    chat.update = async () => ({ kind: 'lost', problem: 'message_deleted' }) as never;
    await tellImport(deps, { importId });
    expect(chat.posted).toHaveLength(1);
    expect(chat.files).toHaveLength(1);
  });

  it('is not posted every two seconds while Slack does not say whether it was', async () => {
    const importId = await ended();
    let posts = 0;
    chat.post = async () => {
      posts += 1;
      return AMBIGUOUS as never;
    };
    clock.move(4 * MINUTE);
    await tellImport(deps, { importId });
    await wait(3 * MINUTE);
    await drain();
    expect(posts).toBe(1);
    await wait(2 * MINUTE);
    await drain();
    expect(posts).toBe(2);
    expect(await toldAt(importId)).toBeNull();
  });

  it('is given up for told when its file may have been posted and ten minutes are over', async () => {
    const importId = await ended();
    chat.uploadFile = async () => AMBIGUOUS as never;
    await expect(tellImport(deps, { importId })).rejects.toThrow('clients-rejected.csv: unknown');
    clock.move(11 * MINUTE);
    await tellImport(deps, { importId });
    expect(await toldAt(importId)).toEqual(clock.now());
  });
});

it('a request keeps the columns of a file, and nobody’s name or number', async () => {
  const importId = await request();
  const [row] = await deps.db.select().from(imports).where(eq(imports.id, importId));
  const [kept] = await deps.db
    .select()
    .from(columnMappings)
    .where(eq(columnMappings.workspaceId, workspace.id));
  const stored = JSON.stringify([row?.mapping, kept?.mapping]);
  expect(stored).toContain('"header":"Phone"');
  expect(stored).not.toMatch(/Ann Example|2125550101/);
});
