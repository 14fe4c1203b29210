import { parse } from 'csv-parse/sync';
import { eq } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { contacts } from '#db/schema.ts';
import { uploadPieces, uploads } from '#db/upload-schema.ts';
import { readWorkspace } from '#db/workspaces.ts';
import { createApi } from '#support/api.ts';
import { NOON, phones } from '#support/engine.ts';

const { ask, campaign, deps, drain, tokenFor, workspace } = await createApi();

function form(file: string, fields: Record<string, string> = {}) {
  const sent = new FormData();
  for (const [name, value] of Object.entries(fields)) sent.set(name, value);
  sent.set('file', new Blob([file], { type: 'text/csv' }), 'list.csv');
  return sent;
}

const load = (body: BodyInit, headers: Record<string, string> = {}, query = '') =>
  ask(`POST /dnc/import${query}`, { body, headers });
const listed = async (phone: string) =>
  (await ask(`GET /dnc/check?phone_number=${encodeURIComponent(phone)}`)).body;
const kept = async () => (await deps.db.$count(uploads)) + (await deps.db.$count(uploadPieces));

async function loaded(importId: number) {
  await drain();
  return (await ask(`GET /dnc/imports/${importId}`)).body;
}

describe('a file of numbers', () => {
  test('is put on the list after the answer: numbers, ranges, and what is no number told apart', async () => {
    const [waiting = '', other = ''] = phones(2);
    const campaignId = await campaign({ phones: [waiting, other] });
    const answer = await load(form(`${waiting}\n+1207*\nnobody\n${waiting}\n`));
    expect([answer.status, answer.body]).toEqual([
      202,
      {
        import_id: expect.any(Number),
        status: 'pending',
        kind: 'own',
        campaign_id: null,
        file_name: 'list.csv',
        row_count: 0,
        added_count: 0,
        known_count: 0,
        invalid_count: 0,
        problem: null,
        created_at: '2026-11-24T19:00:00Z',
        completed_at: null,
      },
    ]);
    expect(await loaded(answer.body.import_id)).toMatchObject({
      status: 'completed',
      row_count: 4,
      added_count: 2,
      known_count: 1,
      invalid_count: 1,
      completed_at: '2026-11-24T19:00:00Z',
    });
    expect((await listed(waiting)).entries).toMatchObject([{ source: 'import', channel: 'all' }]);
    expect((await listed('+12075550101')).ranges).toMatchObject([{ range: '+1207*' }]);
    expect((await listed(other)).is_listed).toBe(false);
    expect(await kept()).toBe(0);
    const rows = await deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
    expect(rows.map(({ status }) => status)).toEqual(['pending', 'pending']);
  });

  test('counts for one campaign where that is named, as a form or as the body itself', async () => {
    const campaignId = await campaign({});
    const number = '+12125550300';
    const { body } = await load(
      `phone\n${number}\n`,
      { 'content-type': 'text/csv' },
      `?campaign_id=${campaignId}&file_name=spring.csv`,
    );
    expect(body).toMatchObject({ campaign_id: campaignId, file_name: 'spring.csv' });
    expect((await loaded(body.import_id)).status).toBe('completed');
    expect((await listed(number)).entries).toMatchObject([{ campaign_id: campaignId }]);
    const foreign = await load(form(number, { campaign_id: '99999' }));
    expect(foreign.status).toBe(404);
    expect((await load(form(number, { kind: 'global' }))).body.detail[0].loc).toEqual(['body', 'kind']);
    expect(await kept()).toBe(0);
  });

  test('is the national list only for tokens that may launch, and sets how fresh that is', async () => {
    const token = await tokenFor(['read', 'write']);
    const body = form('415,5550123\n415,5550124\n', { kind: 'national' });
    const refused = await ask('POST /dnc/import', { body, token });
    expect([refused.status, refused.body.detail]).toEqual([403, expect.stringMatching(/national list/)]);
    expect(await kept()).toBe(0);
    const { import_id } = (await load(body)).body;
    expect(await loaded(import_id)).toMatchObject({ kind: 'national', status: 'completed', added_count: 2 });
    expect((await listed('+14155550124')).is_listed).toBe(true);
    expect((await readWorkspace(deps.db, workspace.id))?.nationalListAt).toEqual(NOON);
  });

  test('sent twice under one key is loaded once', async () => {
    const headers = { 'idempotency-key': 'list-1', 'content-type': 'text/csv' };
    const first = await load('phone\n+12125550310\n', headers);
    const second = await load('phone\n+12125550310\n', headers);
    expect([second.status, second.body]).toEqual([202, first.body]);
    await drain();
    expect(await kept()).toBe(0);
  });

  test('is refused in words when it is no list, is missing or may not be loaded', async () => {
    expect((await load(new FormData())).status).toBe(422);
    expect((await load('x', { 'content-type': 'image/png' })).status).toBe(415);
    const empty = await load('', { 'content-type': 'text/csv' });
    expect([empty.status, empty.body.detail]).toEqual([400, expect.any(String)]);
    const words = (await load('a,b\nx,y\nz,w\n', { 'content-type': 'text/csv' })).body;
    expect(await loaded(words.import_id)).toMatchObject({ status: 'failed', problem: expect.any(String) });
    expect((await ask('GET /dnc/imports/99999')).status).toBe(404);
    const token = await tokenFor(['read', 'launch']);
    expect((await ask('POST /dnc/import', { body: form('+12125550001'), token })).status).toBe(403);
    expect(await kept()).toBe(0);
  });
});

test('the list is downloaded as CSV that may be loaded again, and that it was is kept', async () => {
  await ask('POST /dnc', { json: { phone_number: '+12125550320', reason: '=1+1', channel: 'voice' } });
  const file = await ask('GET /dnc/export');
  expect(file.headers.get('content-disposition')).toContain('do-not-call.csv');
  const rows = parse<Record<string, string>>(file.body, { columns: true });
  expect(rows[0]).toMatchObject({ phone_number: "'+1207*", source: 'import' });
  expect(rows.at(-1)).toMatchObject({ phone_number: '+12125550320', channel: 'voice', reason: "'=1+1" });
  const { deeds } = (await ask('GET /audit?per_page=1')).body;
  expect(deeds).toMatchObject([
    { actor: expect.stringMatching(/^token:/), did: 'had a file handed out: do not call list' },
  ]);
  const { import_id } = (await load(form(file.body))).body;
  // What counted for calls alone, and for one campaign alone, now counts for all.
  const counts = { row_count: rows.length, invalid_count: 0, known_count: rows.length - 2, added_count: 2 };
  expect(await loaded(import_id)).toMatchObject(counts);
});
