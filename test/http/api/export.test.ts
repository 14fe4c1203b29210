import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eq, sql } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { campaignEvents, campaigns, contacts } from '#db/schema.ts';
import { listen } from '#http/server.ts';
import { changeStatus } from '#operations/change-status.ts';
import { exportResults } from '#operations/export-results.ts';
import { createApi } from '#support/api.ts';
import { ANNA, phones } from '#support/engine.ts';

const api = await createApi();
const { ask, app, campaign, deps, drain, deliverTexts, tokenFor } = api;

async function finished(people = phones(2)) {
  const campaignId = await campaign({ phones: people });
  await deps.db.execute(sql`
    update contacts set variable_values = jsonb_build_object('name', '=1+1', 'status', 'gold')
    where campaign_id = ${campaignId}`);
  await deps.db
    .update(campaigns)
    .set({ name: 'Spring Check-ups!', availableVariables: ['name', 'phone_number', 'status'] })
    .where(eq(campaigns.id, campaignId));
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  await drain();
  await deliverTexts(campaignId);
  return campaignId;
}

describe('an export', () => {
  test('is the file that Slack gets, as CSV with formulas defused', async () => {
    const id = await finished();
    const { status, headers, body } = await ask(`GET /campaigns/${id}/export`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toContain('filename="spring-check-ups-results.csv"');
    let inSlack = '';
    for await (const piece of exportResults(deps, { campaignId: id })) inSlack += piece;
    expect(body).toBe(inSlack);
    const [header, first] = body.split('\r\n');
    expect(header).toMatch(/^phone_number,status,reason,attempts,.*,name,file_status$/);
    expect(first).toContain(`${phones(1)[0]},completed,`);
    expect(first).toMatch(/,'=1\+1,gold$/);
  });

  test('has the same columns as JSON, and one object a line', async () => {
    const id = await finished();
    const { body: csv } = await ask(`GET /campaigns/${id}/export?format=csv`);
    const { body: json, headers } = await ask(`GET /campaigns/${id}/export?format=json`);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(Object.keys(json[0])).toEqual(csv.split('\r\n')[0].split(','));
    expect(json).toHaveLength(2);
    expect(json[0]).toMatchObject({
      phone_number: phones(1)[0],
      status: 'completed',
      attempts: 1,
      channel: 'sms',
      call_seconds: null,
      name: '=1+1',
      file_status: 'gold',
    });
    const { body: lines } = await ask(`GET /campaigns/${id}/export?format=ndjson`);
    const rows = lines.trim().split('\n');
    expect(rows.map((row: string) => JSON.parse(row))).toEqual(json);
  });

  test('keeps apart what columns of a file are called like ours, and like what they would be called then', async () => {
    const id = await campaign({ phones: phones(1) });
    const availableVariables = ['status', 'file_status', 'file_file_status'];
    await deps.db.update(campaigns).set({ availableVariables }).where(eq(campaigns.id, id));
    await deps.db
      .update(contacts)
      .set({ variableValues: { status: 'gold', file_status: 'new', file_file_status: 'x' } })
      .where(eq(contacts.campaignId, id));
    const { body } = await ask(`GET /campaigns/${id}/export?format=json`);
    const own = Object.entries(body[0]).filter(([name]) => name.includes('status'));
    expect(own).toEqual([
      ['status', 'pending'],
      ['file_file_file_status', 'gold'],
      ['file_status', 'new'],
      ['file_file_status', 'x'],
    ]);
  });

  test('says what a text cost where that is known in dollars', async () => {
    const id = await finished();
    await deps.db.execute(sql`
      update attempts set price_micros = 7900, price_currency = case when id % 2 = 0 then 'USD' else 'EUR' end
      where campaign_id = ${id}`);
    const { body } = await ask(`GET /campaigns/${id}/export?format=json`);
    expect(body.map((row: { price_usd: number | null }) => row.price_usd).sort()).toEqual([0.0079, null]);
  });

  test('tells nothing of a run before of whoever waits anew, and keeps it of whoever was left out', async () => {
    const people = phones(2, 50);
    const id = await finished(people);
    const [first] = (await ask(`GET /campaigns/${id}/contacts`)).body.contacts;
    await ask(`POST /campaigns/${id}/re-execute`, { json: { contact_selection: [first.id] } });
    const { body } = await ask(`GET /campaigns/${id}/export?format=json`);
    const told = body.map((row: Record<string, unknown>) => [
      row.phone_number,
      row.status,
      row.attempts,
      row.outcome,
    ]);
    const [one, other] = people;
    const isFirst = first.phone_number === one;
    expect(told).toContainEqual([isFirst ? one : other, 'pending', 0, null]);
    expect(told).toContainEqual([isFirst ? other : one, 'skipped', 1, 'delivered']);
  });

  test('of a campaign without contacts is whole all the same', async () => {
    const id = await campaign();
    expect((await ask(`GET /campaigns/${id}/export?format=json`)).body).toEqual([]);
    expect((await ask(`GET /campaigns/${id}/export?format=ndjson`)).body).toBe('');
    expect((await ask(`GET /campaigns/${id}/export`)).body).toMatch(/^phone_number,.*\r\n$/);
    expect((await ask(`GET /campaigns/${id}/export?format=xlsx`)).status).toBe(422);
  });

  test('is on record, with who had it', async () => {
    const id = await campaign();
    await ask(`GET /campaigns/${id}/export`);
    const events = await deps.db.select().from(campaignEvents).where(eq(campaignEvents.campaignId, id));
    expect(events.filter(({ kind }) => kind === 'file_handed_out')).toMatchObject([
      { actor: expect.stringMatching(/^token:\d+$/), details: { file: 'results' } },
    ]);
  });
});

const MANY = 200_000;

describe('an export of many contacts', () => {
  const setup = async () => {
    const id = await campaign();
    const now = deps.clock.now().toISOString();
    await deps.db.execute(sql`
      insert into contacts (campaign_id, phone_number, variable_values, next_attempt_at, created_at)
      select ${id}, '+1212' || (2000000 + n), jsonb_build_object('name', 'Person ' || n, 'note', repeat('x', 100)),
        ${now}::timestamptz, ${now}::timestamptz from generate_series(1, ${MANY}) n`);
    await deps.db.execute(sql`analyze contacts`);
    await deps.db
      .update(campaigns)
      .set({ availableVariables: ['name', 'note'] })
      .where(eq(campaigns.id, id));
    return id;
  };
  const many = setup();

  test('takes no more memory at its end than near its beginning', async () => {
    const id = await many;
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const answer = await app.request(`/api/v1/campaigns/${id}/export?format=ndjson`, {
      headers: { authorization: `Bearer ${await tokenFor(['read'])}` },
    });
    const heaps: number[] = [];
    let rows = 0;
    let bytes = 0;
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.length;
      rows += chunk.reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 0);
      if (rows % 20_000 !== 0) continue;
      gc();
      heaps.push(process.memoryUsage().heapUsed);
    }
    expect(rows).toBe(MANY);
    expect(bytes).toBeGreaterThan(60_000_000);
    expect(Math.max(...heaps) - (heaps[0] ?? 0)).toBeLessThan(8_000_000);
  });

  test('breaks off when its token is revoked half-way', async () => {
    const id = await many;
    const { body: made } = await ask('POST /tokens', { json: { name: 'Leaked', scopes: ['read'] } });
    const answer = await app.request(`/api/v1/campaigns/${id}/export`, {
      headers: { authorization: `Bearer ${made.token}` },
    });
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await ask(`DELETE /tokens/${made.id}`);
    api.clock.move(1_000);
    await expect(reader?.read()).rejects.toThrow('not in force any more');
  });

  test('is one of ten at once for a token and its family: each holds rows for as long as its reader likes', async () => {
    const path = `/api/v1/campaigns/${await many}/export`;
    const token = await tokenFor(['read', 'write']);
    const { body: child } = await ask('POST /tokens', { json: { name: 'Child', scopes: ['read'] }, token });
    const begin = async (secret: string) => {
      const answer = await app.request(path, { headers: { authorization: `Bearer ${secret}` } });
      const reader = answer.body?.getReader();
      if (answer.status === 200) await reader?.read();
      return { status: answer.status, reader };
    };
    const asked = await Promise.all(Array.from({ length: 25 }, () => begin(token)));
    const begun = asked.filter(({ status }) => status === 200);
    expect(begun.length).toBe(10);
    const refused = await ask(`GET ${path.slice('/api/v1'.length)}`, { token: child.token });
    expect([refused.status, refused.headers.get('retry-after'), refused.body.detail]).toEqual([
      429,
      '10',
      expect.stringMatching(/^10 files are being handed out to the token “Child”.*then ask again\.$/),
    ]);
    const other = await begin(await tokenFor(['read']));
    expect(other.status).toBe(200);
    await begun[0]?.reader?.cancel();
    const next = await begin(child.token);
    expect(next.status).toBe(200);
    for (const { reader } of [...begun.slice(1), next, other]) await reader?.cancel();
    for (const [method, gone] of [
      ['GET', '/api/v1/campaigns/999999/export'],
      ['HEAD', path],
    ] as const)
      for (let n = 0; n < 11; n += 1)
        expect(
          (await app.request(gone, { method, headers: { authorization: `Bearer ${token}` } })).status,
        ).toBe(method === 'HEAD' ? 200 : 404);
  });

  test('ends when the client hangs up', async () => {
    const id = await many;
    const server = await listen(app, 0, 'http://127.0.0.1:1');
    const hangUp = new AbortController();
    try {
      const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1/campaigns/${id}/export`, {
        headers: { authorization: `Bearer ${await tokenFor(['read'])}` },
        signal: hangUp.signal,
      });
      await answer.body?.getReader().read();
      hangUp.abort();
      const lastRead = async () => {
        const [row] = await deps.db.execute<{ at: string; reads: number }>(sql`
          select max(query_start)::text as at, count(*) filter (where state = 'active')::int as reads
          from pg_stat_activity where datname = current_database()
            and query like '%left join lateral%' and query not like '%pg_stat_activity%'`);
        return row;
      };
      const isQuiet = async () => {
        const before = await lastRead();
        await new Promise((done) => setTimeout(done, 300));
        const after = await lastRead();
        return after?.reads === 0 && after.at === before?.at;
      };
      await expect.poll(isQuiet).toBe(true);
    } finally {
      await server.close();
    }
  });
});
