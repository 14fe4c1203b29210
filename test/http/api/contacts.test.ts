import { asc, eq, sql } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { imports } from '#db/import-schema.ts';
import { contacts } from '#db/schema.ts';
import { CONTACT_STATUSES } from '#domain/contact-status.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { createApi } from '#support/api.ts';
import { phones } from '#support/engine.ts';

const { ask, campaign, deps, drain, tokenFor } = await createApi();
const { db } = deps;

type Listed = { id: number; phone_number: string; status: string };

async function loaded(csv: string, mappings: Record<string, string> = {}, name = 'february.csv') {
  const id = await campaign();
  const form = new FormData();
  form.set('file', new Blob([csv]), name);
  form.set('column_mappings', JSON.stringify(mappings));
  const { status } = await ask(`POST /campaigns/${id}/import-data`, { body: form });
  expect(status).toBe(202);
  await drain();
  return id;
}

describe('a contact', () => {
  test('reads as the reference has it', async () => {
    const id = await loaded(
      'phone_number,name,company,appointment_date,Kundennr\n+15551234567,John Smith,Acme Corp,2024-02-15,CUST001\n',
      { Kundennr: 'custom_fields.customer_id' },
    );
    const { body } = await ask(`GET /campaigns/${id}/contacts`);
    expect(body).toEqual({
      contacts: [
        {
          id: expect.any(Number),
          phone_number: '+15551234567',
          contact_data: {
            company: 'Acme Corp',
            email: null,
            source: 'csv_import',
            variable_values: { name: 'John Smith', company: 'Acme Corp', appointment_date: '2024-02-15' },
            custom_fields: { customer_id: 'CUST001' },
          },
          status: 'pending',
          attempts: 0,
          created_at: '2026-11-24T19:00:00Z',
          last_attempt_at: null,
          next_attempt_at: '2026-11-24T19:00:00Z',
          wait_reason: null,
          skip_reason: null,
          explanation: null,
          import_id: expect.any(Number),
          line_number: 2,
        },
      ],
      pagination: { page: 1, per_page: 50, total_items: 1, total_pages: 1, has_next: false, has_prev: false },
    });
    const [listed] = body.contacts;
    const one = await ask(`GET /campaigns/${id}/contacts/${listed.id}`);
    expect(one.body).toEqual(listed);
  });

  test('says what file it came with, and why it was skipped or waits', async () => {
    const id = await loaded('[{"phone":"+12125550101"},{"phone":"+12125550102"}]', {}, 'list.json');
    const [first, second] = await db
      .select()
      .from(contacts)
      .where(eq(contacts.campaignId, id))
      .orderBy(asc(contacts.id));
    await db
      .update(contacts)
      .set({ status: 'skipped', skipReason: 'campaign_stopped', nextAttemptAt: null })
      .where(eq(contacts.id, first?.id ?? 0));
    const nextAttemptAt = new Date('2026-11-24T20:00:00Z');
    await db
      .update(contacts)
      .set({ waitReason: 'outside_hours', nextAttemptAt })
      .where(eq(contacts.id, second?.id ?? 0));
    const { body } = await ask(`GET /campaigns/${id}/contacts`);
    expect(body.contacts).toMatchObject([
      { contact_data: { source: 'json_import' }, skip_reason: 'campaign_stopped', next_attempt_at: null },
      { wait_reason: 'outside_hours', next_attempt_at: '2026-11-24T20:00:00Z', skip_reason: null },
    ]);
    for (const { explanation } of body.contacts) expect(explanation).toMatch(/\w+ \w+/);
  });

  test('of another campaign or workspace is not found', async () => {
    const id = await campaign({ phones: phones(1) });
    const other = await campaign({ phones: phones(1, 50) });
    const [row] = await db.select().from(contacts).where(eq(contacts.campaignId, other));
    expect((await ask(`GET /campaigns/${id}/contacts/${row?.id}`)).status).toBe(404);
    const stranger = await ensureWorkspace(deps, { slackTeamId: 'T2', name: 'Other', botUserId: 'U_BOT2' });
    const token = await tokenFor(['read'], stranger.id);
    for (const path of [`contacts`, `contacts/${row?.id}`, 'executions', 'imports', 'export'])
      expect((await ask(`GET /campaigns/${other}/${path}`, { token })).status).toBe(404);
  });
});

describe('pages of contacts', () => {
  test('hold every contact once, in order, however they are cut and filtered', async () => {
    const id = await campaign({ phones: phones(137, 200) });
    // Contacts of another campaign lie between, as two imports at once leave them.
    await campaign({ phones: phones(20, 400) });
    await db.execute(sql`
      insert into contacts (campaign_id, phone_number, next_attempt_at, created_at)
      select ${id}, '+1212555' || n, ${deps.clock.now().toISOString()}::timestamptz, ${deps.clock.now().toISOString()}::timestamptz
      from generate_series(9000, 9019) n`);
    await db.execute(sql`
      update contacts set status = case id % 5 when 0 then 'completed' when 1 then 'failed' when 2 then 'no_answer' else status end
      where campaign_id = ${id}`);
    const rows = await db
      .select()
      .from(contacts)
      .where(eq(contacts.campaignId, id))
      .orderBy(asc(contacts.id));
    for (const status of [undefined, ...CONTACT_STATUSES]) {
      const wanted = rows.filter((row) => status === undefined || row.status === status).map((row) => row.id);
      const found: number[] = [];
      for (let page = 1, isMore = true; isMore; page += 1) {
        const filter = status ? `&status=${status}` : '';
        const { body } = await ask(`GET /campaigns/${id}/contacts?page=${page}&per_page=23${filter}`);
        expect(body.pagination).toEqual({
          page,
          per_page: 23,
          total_items: wanted.length,
          total_pages: Math.ceil(wanted.length / 23),
          has_next: page * 23 < wanted.length,
          has_prev: page > 1,
        });
        found.push(...body.contacts.map((contact: Listed) => contact.id));
        isMore = body.pagination.has_next;
      }
      expect(found).toEqual(wanted);
    }
  });

  test('beyond the last one are empty', async () => {
    const id = await campaign({ phones: phones(3, 500) });
    const { status, body } = await ask(`GET /campaigns/${id}/contacts?page=1000000&per_page=1000`);
    expect(status).toBe(200);
    expect(body.contacts).toEqual([]);
    expect(body.pagination).toMatchObject({ total_items: 3, has_next: false, has_prev: true });
  });

  test('of a status that there is not are refused in words', async () => {
    const id = await campaign();
    for (const list of ['contacts', 'executions']) {
      const { status, body } = await ask(`GET /campaigns/${id}/${list}?status=cancelled`);
      expect(status).toBe(400);
      expect(body.detail).toMatch(/“cancelled” is not a status of contacts.*pending, .* or skipped/);
    }
    expect((await ask(`GET /campaigns/${id}/contacts?per_page=1001`)).status).toBe(422);
    expect((await ask(`GET /campaigns/${id}/contacts?page=0`)).status).toBe(422);
  });
});

test('a form with an empty field for the mapping loads as one without it does', async () => {
  const id = await campaign();
  const form = new FormData();
  form.set('column_mappings', '');
  form.set('file', new Blob(['phone,name\n+12125550995,Ann\n']), 'empty.csv');
  expect((await ask(`POST /campaigns/${id}/import-data`, { body: form })).status).toBe(202);
  await drain();
  const { body } = await ask(`GET /campaigns/${id}/contacts`);
  expect(body.contacts).toMatchObject([{ contact_data: { variable_values: { name: 'Ann' } } }]);
});

/** In this database: the others of a test run are copies, and the table has the same number in them. */
const WAITING_FOR_IMPORTS = sql`
  select 1 from pg_locks l join pg_database d on d.oid = l.database
  where d.datname = current_database() and l.relation = 'imports'::regclass and not l.granted`;

test.each([
  ['one import', (id: number, importId: number) => `GET /campaigns/${id}/imports/${importId}`],
  ['the list', (id: number) => `GET /campaigns/${id}/imports`],
])(
  '%s that has ended tells of all contacts that it brought, also to whoever asked meanwhile',
  async (_, look) => {
    const id = await campaign();
    const headers = { 'content-type': 'text/csv' };
    const sent = await ask(`POST /campaigns/${id}/import-data`, { headers, body: 'phone\n+12125550990\n' });
    await drain();
    const importId: number = sent.body.import_id;
    await deps.db.update(imports).set({ status: 'processing' }).where(eq(imports.id, importId));
    // It ends while somebody asks: whoever has looked at the contacts waits for the import here.
    const asked = await deps.db.transaction(async (tx) => {
      await tx.execute(sql`lock table imports in access exclusive mode`);
      const answer = ask(look(id, importId));
      await expect.poll(() => deps.db.execute(WAITING_FOR_IMPORTS)).toHaveLength(1);
      const now = deps.clock.now();
      await tx.insert(contacts).values({ campaignId: id, phoneNumber: '+12125550991', createdAt: now });
      await tx.update(imports).set({ status: 'completed' }).where(eq(imports.id, importId));
      return { answer };
    });
    const { body } = await asked.answer;
    expect(body.imports?.[0] ?? body).toMatchObject({ status: 'completed', total_contacts: 2 });
  },
);
