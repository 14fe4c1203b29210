import { gzipSync } from 'node:zlib';
import { asc, eq, sql } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { apiRequests } from '#db/api-schema.ts';
import { createWaitingTables, type ImportTransaction, inImportTransaction } from '#db/copy-contacts.ts';
import { deleteUntouched, holdCampaign, leaveOutReplaced, renewReplaced } from '#db/finish-import.ts';
import { readRehearsed } from '#db/rehearsal.ts';
import { attempts, campaigns, contacts } from '#db/schema.ts';
import { uploadPieces, uploads } from '#db/upload-schema.ts';
import { FILE_LIMITS } from '#domain/contact-import/file-problems.ts';
import { listTestContacts } from '#operations/list-test-contacts.ts';
import { preflight } from '#operations/preflight.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { testOnMe } from '#operations/test-on-me.ts';
import { createApi } from '#support/api.ts';
import { usNumber } from '#support/contact-files.ts';
import { ANNA, NOON } from '#support/engine.ts';

const api = await createApi();
const { ask, app, campaign, deps, drain, tokenFor } = api;
const { db } = deps;

const REFERENCE_CSV = `Phone Number,Customer Name,Company,Appointment Date
(555) 123-4567,John Smith,Acme Corp,2024-02-15
1-555-987-6543,Jane Doe,Tech Inc,2024-02-16
`;

/** A form as a browser or `curl -F` sends it. */
function form(
  file: string | Uint8Array,
  fields: Record<string, string> = {},
  name = 'contacts_february.csv',
) {
  const sent = new FormData();
  for (const [field, value] of Object.entries(fields)) sent.set(field, value);
  sent.set('file', new Blob([file as BlobPart], { type: 'text/csv' }), name);
  return sent;
}

const load = (campaignId: number, body: BodyInit, headers: Record<string, string> = {}, query = '') =>
  ask(`POST /campaigns/${campaignId}/import-data${query}`, { body, headers });

const rowsOf = (campaignId: number) =>
  db.select().from(contacts).where(eq(contacts.campaignId, campaignId)).orderBy(asc(contacts.id));

async function loaded(campaignId: number, importId: number) {
  await drain();
  const { body } = await ask(`GET /campaigns/${campaignId}/imports/${importId}`);
  return body;
}

async function keptUploads() {
  return { files: await db.$count(uploads), pieces: await db.$count(uploadPieces) };
}

const NOTHING_KEPT = { files: 0, pieces: 0 };

describe('a file that is sent', () => {
  test('is loaded after the answer, with the reference’s example and its own mapping', async () => {
    const id = await campaign();
    const mappings = {
      'Phone Number': 'phone_number',
      'Customer Name': 'name',
      'Appointment Date': 'appointment_date',
    };
    const answer = await load(id, form(REFERENCE_CSV, { column_mappings: JSON.stringify(mappings) }));
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      success: true,
      message: expect.stringContaining('being loaded'),
      imported_count: 0,
      total_contacts: 0,
      file_name: 'contacts_february.csv',
      import_date: '2026-11-24T19:00:00Z',
      import_id: expect.any(Number),
      status: 'pending',
      status_url: `/api/v1/campaigns/${id}/imports/${answer.body.import_id}`,
    });
    expect(await loaded(id, answer.body.import_id)).toEqual({
      import_id: answer.body.import_id,
      status: 'completed',
      file_name: 'contacts_february.csv',
      mode: 'replace',
      row_count: 2,
      imported_count: 2,
      duplicate_count: 0,
      existing_count: 0,
      invalid_count: 0,
      suppressed_count: 0,
      total_contacts: 2,
      errors: [],
      reasons: [],
      rejects_url: null,
      problem: null,
      created_at: '2026-11-24T19:00:00Z',
      started_at: '2026-11-24T19:00:00Z',
      completed_at: '2026-11-24T19:00:00Z',
    });
    expect(await rowsOf(id)).toMatchObject([
      {
        phoneNumber: '+15551234567',
        variableValues: { name: 'John Smith', company: 'Acme Corp', appointment_date: '2024-02-15' },
      },
      { phoneNumber: '+15559876543', variableValues: { name: 'Jane Doe' } },
    ]);
    expect(await keptUploads()).toEqual(NOTHING_KEPT);
  });

  test.each([
    ['the body as CSV', 'text/csv', REFERENCE_CSV, 'Phone Number'],
    [
      'an array of contacts',
      'application/json',
      '[{"phone_number":"+14155550123","name":"Ann"}]',
      'phone_number',
    ],
    ['contacts in an object', 'application/json', '{"contacts":[{"phoneNumber":4155550123}]}', 'phoneNumber'],
    [
      'an object a line',
      'application/x-ndjson',
      '{"phone":"+14155550123","variables":{"company":"Acme"}}\n{"phone":"+14155550124"}\n',
      'company',
    ],
  ])('may be %s', async (_, type, body, column) => {
    const id = await campaign();
    const answer = await load(id, body, { 'content-type': type }, '?file_name=list&mode=append');
    expect(answer).toMatchObject({ status: 202, body: { file_name: 'list' } });
    expect(await loaded(id, answer.body.import_id)).toMatchObject({ status: 'completed', invalid_count: 0 });
    const [row] = await db.select().from(campaigns).where(eq(campaigns.id, id));
    expect(Object.keys(row?.variableMappings ?? {})).toContain(column);
  });

  test('says which rows were left out and why, and hands them back', async () => {
    const id = await campaign();
    const listed = usNumber(900);
    await suppressNumber(deps, {
      workspaceId: api.workspace.id,
      phone: listed,
      source: 'manual',
      channel: 'all',
      reason: 'asked',
      actor: ANNA,
    });
    const text = `phone,name\n${usNumber(1)},Ann\n12,Ben\n${usNumber(1)},Cleo\n${listed},Dora\n`;
    const { body } = await load(id, form(text));
    const ended = await loaded(id, body.import_id);
    expect(ended).toMatchObject({
      row_count: 4,
      imported_count: 1,
      duplicate_count: 1,
      invalid_count: 1,
      suppressed_count: 1,
      rejects_url: `/api/v1/campaigns/${id}/imports/${body.import_id}/rejects`,
    });
    expect(ended.errors).toContainEqual({
      line: 4,
      value: usNumber(1),
      reason: 'duplicate',
      explanation: expect.stringContaining('higher up'),
    });
    const file = await ask(`GET ${ended.rejects_url.replace('/api/v1', '')}`);
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(file.headers.get('content-disposition')).toContain('contacts_february-rejected.csv');
    expect(file.body.split('\r\n')[0]).toBe(
      'rejected_line,rejected_value,rejected_reason,rejected_explanation,phone,name',
    );
    expect(file.body).toContain('Ben');
  });

  test('replaces whoever was not contacted yet, unless it is to be added', async () => {
    const id = await campaign();
    const first = await load(id, form(`phone\n${usNumber(1)}\n${usNumber(2)}\n`));
    await loaded(id, first.body.import_id);
    const second = await load(id, form(`phone\n${usNumber(2)}\n${usNumber(3)}\n`));
    expect(await loaded(id, second.body.import_id)).toMatchObject({ imported_count: 2, total_contacts: 2 });
    const third = await load(id, form(`phone\n${usNumber(3)}\n${usNumber(4)}\n`, { mode: 'append' }));
    expect(await loaded(id, third.body.import_id)).toMatchObject({
      imported_count: 1,
      duplicate_count: 1,
      existing_count: 1,
      total_contacts: 3,
    });
    const { body } = await ask(`GET /campaigns/${id}/imports?per_page=2`);
    expect(body.imports.map((one: { import_id: number }) => one.import_id)).toEqual([
      third.body.import_id,
      second.body.import_id,
    ]);
    expect(body.pagination).toMatchObject({ total_items: 3, total_pages: 2, has_next: true });
  });

  test('replaces whose values somebody tried on themselves, and keeps the ledger of that', async () => {
    const id = await campaign({ phones: [usNumber(1), usNumber(2), usNumber(3)] });
    const [tried, gone] = (await rowsOf(id)).map((contact) => contact.id);
    const test = { workspaceId: api.workspace.id, campaignId: id, actor: ANNA, channel: 'sms' } as const;
    for (const [contactId, phone] of [
      [tried, usNumber(801)],
      [gone, usNumber(802)],
    ] as const)
      await testOnMe(deps, { ...test, contactId: contactId ?? null, phone, requestKey: `test-${phone}` });
    const ledger = () =>
      db.select().from(attempts).where(eq(attempts.campaignId, id)).orderBy(asc(attempts.id));
    const before = await ledger();
    expect(before).toHaveLength(2);
    const { body } = await load(id, form(`phone,name\n${usNumber(1)},Ann\n${usNumber(4)},Dora\n`));
    expect(await loaded(id, body.import_id)).toMatchObject({
      row_count: 2,
      imported_count: 2,
      existing_count: 0,
      total_contacts: 2,
    });
    expect(await ledger()).toEqual(before);
    const [ann, left, dora, ...others] = await rowsOf(id);
    expect(others).toEqual([]);
    expect(ann).toMatchObject({ id: tried, status: 'pending', variableValues: { name: 'Ann' } });
    expect(left).toMatchObject({ id: gone, skipReason: 'replaced', variableValues: {}, nextAttemptAt: null });
    expect(dora).toMatchObject({ phoneNumber: usNumber(4), status: 'pending' });
    const labels = (await listTestContacts(deps, { campaignId: id })).map(({ label }) => label.split(' ')[0]);
    expect(labels).toEqual(['Ann', 'Dora']);
    const { body: second } = await load(id, form(`phone,name\n${usNumber(2)},Ben\n`, { mode: 'append' }));
    expect(await loaded(id, second.import_id)).toMatchObject({ imported_count: 1, existing_count: 0 });
    expect((await rowsOf(id))[1]).toMatchObject({
      id: gone,
      status: 'pending',
      variableValues: { name: 'Ben' },
    });
  });

  test('waits for whoever changes a contact before it holds what they need next', async () => {
    const id = await campaign({ phones: [usNumber(7), usNumber(8)] });
    await testOnMe(deps, {
      ...{ workspaceId: api.workspace.id, campaignId: id, actor: ANNA, channel: 'sms', contactId: null },
      ...{ phone: usNumber(804), requestKey: 'test-804' },
    });
    const replace = async (tx: ImportTransaction) => {
      const loading = { campaignId: id, importId: 0, now: NOON.toISOString() };
      await createWaitingTables(tx);
      await holdCampaign(tx, id);
      await deleteUntouched(tx, id);
      await renewReplaced(tx, { ...loading, mode: 'replace' });
      await leaveOutReplaced(tx, loading);
    };
    const somebodyWaits = async () => {
      for (;;) {
        const [row] = await db.execute<{ waiting: number }>(sql`
          select count(*)::int as waiting from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`);
        if (row?.waiting) return;
      }
    };
    let replacing: Promise<void> | undefined;
    await inImportTransaction(deps.databaseUrl, async (tx) => {
      const tried = tx`campaign_id = ${id} and phone_number = ${usNumber(7)}`;
      await tx`select from contacts where ${tried} for no key update`;
      replacing = inImportTransaction(deps.databaseUrl, replace);
      await Promise.race([replacing, somebodyWaits()]);
      await tx`update contacts set status = 'skipped', skip_reason = 'opted_out' where ${tried}`;
    });
    await replacing;
    expect((await rowsOf(id)).map(({ skipReason }) => skipReason)).toEqual(['replaced']);
  });

  test('leaves out of every later run whom a newer file replaced', async () => {
    const id = await campaign({ phones: [usNumber(5)] });
    await testOnMe(deps, {
      ...{ workspaceId: api.workspace.id, campaignId: id, actor: ANNA, channel: 'sms', contactId: null },
      ...{ phone: usNumber(803), requestKey: 'test-803' },
    });
    const { body } = await load(id, form(`phone\n${usNumber(6)}\n`));
    await loaded(id, body.import_id);
    const between = { status: 'scheduled', startedAt: deps.clock.now() } as const;
    await db.update(campaigns).set(between).where(eq(campaigns.id, id));
    expect(await preflight(deps, { campaignId: id })).toMatchObject({ ready: 1 });
    const question = { campaignId: id, afterId: 0, everybody: true };
    expect(await readRehearsed(db, question)).toMatchObject([{ phoneNumber: usNumber(6) }]);
    await db.update(campaigns).set({ status: 'completed' }).where(eq(campaigns.id, id));
    const again = await ask(`POST /campaigns/${id}/re-execute`, { json: { contact_selection: 'all' } });
    expect(again.body).toMatchObject({ contacts_reset: 1 });
    expect((await rowsOf(id)).map(({ skipReason, status }) => skipReason ?? status)).toEqual([
      'replaced',
      'pending',
    ]);
  });

  test('may be the contacts of a client library, which are added', async () => {
    const id = await campaign({ phones: [usNumber(1)] });
    const answer = await ask(`POST /campaigns/${id}/contacts`, {
      json: { contacts: [{ phoneNumber: usNumber(2), name: 'Ann', variables: { company: 'Acme' } }] },
    });
    expect(answer).toMatchObject({ status: 202, body: { file_name: 'contacts.json' } });
    expect(await loaded(id, answer.body.import_id)).toMatchObject({ mode: 'append', total_contacts: 2 });
    expect((await rowsOf(id)).at(-1)).toMatchObject({ variableValues: { name: 'Ann', company: 'Acme' } });
  });
});

describe('a file under an Idempotency-Key', () => {
  const once = (id: number, key: string, body: BodyInit, headers: Record<string, string> = {}) =>
    load(id, body, { 'idempotency-key': key, ...headers });

  test('is loaded once, whatever stands between the parts of its form', async () => {
    const id = await campaign();
    const sent = (boundary: string) =>
      [
        `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nphone\n${usNumber(1)}\n\r\n--${boundary}--\r\n`,
        { 'content-type': `multipart/form-data; boundary=${boundary}` },
      ] as const;
    const first = await once(id, 'f1', ...sent('b'));
    const again = await once(id, 'f1', ...sent('another-one'));
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([202, 'true']);
    expect(again.body).toEqual(first.body);
    const { body } = await ask(`GET /campaigns/${id}/imports`);
    expect(body.pagination.total_items).toBe(1);
    expect((await keptUploads()).files).toBe(1);
  });

  test('is told apart from another one of the same length, and from other wishes for it', async () => {
    const id = await campaign();
    expect((await once(id, 'f2', form(`phone\n${usNumber(1)}\n`))).status).toBe(202);
    for (const other of [
      form(`phone\n${usNumber(2)}\n`),
      form(`phone\n${usNumber(1)}\n`, {}, 'contacts_december.csv'),
      form(`phone\n${usNumber(1)}\n`, { mode: 'append' }),
    ]) {
      const answer = await once(id, 'f2', other);
      expect([answer.status, answer.body.detail[0]?.loc]).toEqual([422, ['header', 'Idempotency-Key']]);
    }
    expect(
      await loaded(id, (await ask(`GET /campaigns/${id}/imports`)).body.imports[0].import_id),
    ).toMatchObject({
      imported_count: 1,
      mode: 'replace',
    });
    expect(await keptUploads()).toEqual(NOTHING_KEPT);
  });

  test('is the same one after a crash that kept its answer from being written down, and no other', async () => {
    const id = await campaign();
    const lose = () => db.update(apiRequests).set({ status: null, body: null, contentDigest: null });
    const text = { 'content-type': 'text/csv' };
    const first = await once(id, 'f3', `phone\n${usNumber(1)}\n`, text);
    await lose();
    const again = await once(id, 'f3', `phone\n${usNumber(1)}\n`, text);
    expect(again.body.import_id).toBe(first.body.import_id);
    await lose();
    const other = await once(id, 'f3', `phone\n${usNumber(2)}\n`, text);
    expect(other.status).toBe(202);
    expect(other.body.import_id).not.toBe(first.body.import_id);
    await drain();
    expect(await keptUploads()).toEqual(NOTHING_KEPT);
  });
});

describe('a file is refused, and nothing of it is kept, when', () => {
  const refused = async (answer: Awaited<ReturnType<typeof load>>, status: number, words: RegExp) => {
    expect(answer.status).toBe(status);
    const { detail } = answer.body;
    expect(typeof detail === 'string' ? detail : JSON.stringify(detail)).toMatch(words);
    expect(await keptUploads()).toEqual(NOTHING_KEPT);
  };

  test('it is empty, or holds no numbers', async () => {
    const id = await campaign();
    await refused(await load(id, form('')), 400, /empty.*Nothing was loaded/);
    await refused(await load(id, form('colour,size\nred,3\n')), 400, /No column of this file holds phone/);
    await refused(await load(id, '[3]', { 'content-type': 'application/json' }), 400, /no list/);
  });

  test('it is no list at all, or no kind of body that can be one', async () => {
    const id = await campaign();
    const workbook = Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...Array(600).fill(0)]);
    await refused(await load(id, form(workbook)), 415, /Excel workbook/);
    const words = /“application\/pdf” is not what a list can be.*multipart\/form-data/;
    await refused(await load(id, 'x', { 'content-type': 'application/pdf' }), 415, words);
  });

  test('its form has no file, two files, or breaks off', async () => {
    const id = await campaign();
    const none = new FormData();
    none.set('mode', 'append');
    await refused(await load(id, none), 422, /"body","file".*Field required/);
    const part = `--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nphone\n${usNumber(1)}`;
    const type = { 'content-type': 'multipart/form-data; boundary=b' };
    await refused(await load(id, `${part}\r\n${part}\r\n--b--\r\n`, type), 400, /two files/);
    await refused(await load(id, part, type), 400, /broke off before its end/);
    await refused(
      await load(id, `${part}\r\n--b--\r\n`.replaceAll('--b', '--c'), type),
      400,
      /no part begins/,
    );
    await refused(await load(id, 'x', { 'content-type': 'multipart/form-data' }), 400, /names no boundary/);
  });

  test('a part of its form would go unread, or is written in a way that is not read here', async () => {
    const id = await campaign({ phones: [usNumber(1)] });
    const text = `phone\n${usNumber(2)}\n`;
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`field_${i}`, 'x']));
    await refused(await load(id, form(text, { ...many, mode: 'append' })), 400, /more than 20 fields/);
    const wide = { column_mappings: JSON.stringify({ phone: 'x'.repeat(70_000) }) };
    await refused(await load(id, form(text, wide)), 400, /“column_mappings”.*larger than 64 KB/);
    const encoded = `--b\r\ncontent-disposition: form-data; name="file"\r\ncontent-transfer-encoding: base64\r\n\r\n${btoa(text)}\r\n--b--\r\n`;
    const type = { 'content-type': 'multipart/form-data; boundary=b' };
    await refused(await load(id, encoded, type), 400, /as base64/);
    const packed = gzipSync(text);
    const gzip = { 'content-type': 'text/csv', 'content-encoding': 'gzip' };
    await refused(await load(id, packed, gzip), 415, /compressed \(gzip\)/);
    expect(await rowsOf(id)).toHaveLength(1);
  });

  test('its mapping names what is not there, or is none', async () => {
    const id = await campaign();
    const with_ = (fields: Record<string, string>) => load(id, form(REFERENCE_CSV, fields));
    await refused(
      await with_({ column_mappings: '{"Tel":"phone_number"}' }),
      400,
      /no column “Tel”.*“Phone Number”/,
    );
    await refused(await with_({ column_mappings: '{"Company":"not a name"}' }), 400, /cannot be the name/);
    await refused(await with_({ column_mappings: 'Phone' }), 422, /column_mappings/);
    await refused(await with_({ mode: 'merge' }), 422, /mode/);
  });

  test('it is larger than a file may be, which is said while it comes', async () => {
    const id = await campaign();
    let sent = 0;
    const row = new TextEncoder().encode(`${'x'.repeat(1024)},${usNumber(1)}\n`.repeat(1024));
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += row.length;
        if (sent > FILE_LIMITS.bytes * 2) controller.close();
        else controller.enqueue(row);
      },
    });
    const token = await tokenFor(['write']);
    const answer = await app.request(`/api/v1/campaigns/${id}/import-data`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      body: endless,
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toEqual({ detail: expect.stringContaining('larger than 200 MB') });
    expect(sent).toBeLessThan(FILE_LIMITS.bytes * 1.5);
    expect(await keptUploads()).toEqual(NOTHING_KEPT);
    const said = String(FILE_LIMITS.bytes * 2);
    const early = await load(id, 'phone\n', { 'content-type': 'text/csv', 'content-length': said });
    await refused(early, 413, /200 MB/);
  });

  test('the campaign takes no contacts now, is not there, or the token may not', async () => {
    const id = await campaign({ phones: [usNumber(1)] });
    await db.update(campaigns).set({ status: 'running' }).where(eq(campaigns.id, id));
    await refused(await load(id, form(REFERENCE_CSV)), 400, /is running.*Pause it first/);
    await refused(await load(999_999, form(REFERENCE_CSV)), 404, /no campaign/);
    const token = await tokenFor(['read']);
    await refused(
      await ask(`POST /campaigns/${id}/import-data`, { body: form(REFERENCE_CSV), token }),
      403,
      /may not change anything/,
    );
  });
});

test('an import of another campaign is not found', async () => {
  const id = await campaign();
  const { body } = await load(id, form(REFERENCE_CSV));
  const other = await campaign();
  expect((await ask(`GET /campaigns/${other}/imports/${body.import_id}`)).status).toBe(404);
  expect((await ask(`GET /campaigns/${other}/imports/${body.import_id}/rejects`)).status).toBe(404);
});
