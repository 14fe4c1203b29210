import { parse } from 'csv-parse/sync';
import { and, eq } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { calls, recordings } from '#db/call-schema.ts';
import { attempts, campaignEvents, campaigns } from '#db/schema.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { LookupFailed, type RecordingAudio } from '#ports/telephony.ts';
import { createApi } from '#support/api.ts';
import { placeCall, says } from '#support/desk.ts';
import { NOON } from '#support/engine.ts';

const api = await createApi();
const { ask, app, deps, carrier, clock, tokenFor } = api;
const SECOND = 1_000;

/** A call on which something was said; `lasting` seconds long once it is over. */
async function talked({ lasting = null }: { lasting?: number | null } = {}) {
  const call = await placeCall(api);
  const answeredAt = clock.now();
  const endedAt = lasting === null ? null : new Date(answeredAt.getTime() + lasting * SECOND);
  await deps.db
    .update(calls)
    .set({ answeredAt, spokeAt: answeredAt, endedAt, durationSeconds: lasting })
    .where(eq(calls.id, call.callId));
  const at = (seconds: number) => new Date(answeredAt.getTime() + seconds * SECOND);
  await says(api, call.callId, { role: 'assistant', text: 'Hi P1, this is Ava.', createdAt: at(1) });
  await says(api, call.callId, { role: 'tool', text: '{}', tool: 'note', createdAt: at(2) });
  await says(api, call.callId, { role: 'contact', text: '=1+1, yes?', createdAt: at(4) });
  await says(api, call.callId, {
    role: 'assistant',
    text: 'When do you want to collect it?',
    heardText: 'When do you',
    isInterrupted: true,
    createdAt: at(5),
  });
  return call;
}

async function recorded(status: 'in_progress' | 'completed' | 'deleted') {
  const call = await talked({ lasting: 30 });
  const [row] = await deps.db
    .insert(recordings)
    .values({
      callId: call.callId,
      provider: 'scripted',
      providerRef: `RE${call.callId}`,
      status,
      durationSeconds: 30,
      deleteAfter: new Date(NOON.getTime() + 86_400_000),
      createdAt: NOON,
    })
    .returning();
  return { ...call, recordingId: row?.id ?? 0 };
}

describe('a call', () => {
  test('is told in the words of the reference, by our id and by the provider’s', async () => {
    const { callId, ref, campaignId, phone, attemptId } = await talked({ lasting: 45 });
    await deps.db
      .update(attempts)
      .set({ priceMicros: 20_000, priceCurrency: 'USD' })
      .where(eq(attempts.id, attemptId));
    const { status, body } = await ask(`GET /calls/${callId}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: callId,
      call_sid: ref,
      assistant_name: expect.stringMatching(/^Ava/),
      flow_name: null,
      direction: 'outbound',
      to_phone_number: phone,
      customer_phone_number: phone,
      status: 'completed',
      duration: 45,
      started_at: '2026-11-24T19:00:00Z',
      ended_at: '2026-11-24T19:00:45Z',
      call_meta: { campaign_id: campaignId, run_number: 1 },
      total_cost: 0.02,
      llm_cost: null,
      telephony_cost: 0.02,
      cost_currency: 'USD',
    });
    expect((await ask(`GET /calls/sid/${ref}`)).body).toEqual(body);
    const { total_cost, llm_cost, tts_cost, stt_cost, telephony_cost, cost_currency } = body;
    const costs = { total_cost, llm_cost, tts_cost, stt_cost, telephony_cost, cost_currency };
    const asItStands = { call_id: callId, call_sid: ref, status: 'completed', duration: 45 };
    expect((await ask(`GET /calls/${callId}/costs`)).body).toEqual({ ...asItStands, ...costs });
    const headers = { authorization: `Bearer ${await tokenFor(['read'])}` };
    const inReference = await app.request(`/api/calls/${callId}/costs`, { headers });
    expect(await inReference.json()).toEqual({ ...asItStands, ...costs });
    expect((await app.request(`/api/calls/${callId}/costs`)).status).toBe(401);
    expect((await ask('GET /calls/999999')).status).toBe(404);
    expect((await ask('GET /calls/sid/CA404')).status).toBe(404);
  });

  test('is found by campaign, state, number, time and length, the newest first', async () => {
    const over = await talked({ lasting: 45 });
    const failed = await placeCall(api);
    await deps.db.update(calls).set({ endedAt: clock.now() }).where(eq(calls.id, failed.callId));
    const live = await talked();
    const ids = async (query: string) =>
      (await ask(`GET /calls?limit=1000&${query}`)).body.items.map((call: { id: number }) => call.id);
    const all = await ids('');
    expect(all).toEqual([...all].sort((a, b) => b - a));
    expect(await ids(`campaign_id=${over.campaignId}`)).toEqual([over.callId]);
    expect(await ids('status=ongoing')).toEqual([live.callId]);
    expect(await ids('status=failed')).toEqual([failed.callId]);
    expect(await ids('status=completed&min_duration=45&max_duration=45')).toContain(over.callId);
    expect(await ids(`customer_phone=${encodeURIComponent(live.phone)}`)).toEqual([live.callId]);
    expect(await ids('date_from=2026-11-24T19:00:01')).toEqual([]);
    expect(await ids('date_to=2026-11-24T14:00:00-05:00')).toEqual(all);
    expect(await ids('date_from=2026-11-24&date_to=2026-11-24')).toEqual(all);
    expect([await ids('date_to=2026-11-23'), await ids('date_from=2026-11-25')]).toEqual([[], []]);
    const page = (await ask('GET /calls?skip=1&limit=1')).body;
    expect(page).toMatchObject({ items: [{ id: all[1] }], total: all.length, skip: 1, limit: 1 });
    expect((await ask('GET /calls?page=2&per_page=1')).body).toEqual(page);
    expect(page.pagination).toMatchObject({ page: 2, per_page: 1, has_prev: true });
    for (const query of [
      'status=busy',
      'limit=0',
      'date_from=yesterday',
      'campaign_id=x',
      'customer_phone=Bob',
    ])
      expect([query, (await ask(`GET /calls?${query}`)).status]).toEqual([query, 422]);
  });

  test('is downloaded with the others as CSV in the columns of the reference, and as JSON', async () => {
    const { callId, ref, campaignId, phone } = await talked({ lasting: 45 });
    const csv = await ask(`GET /calls/export?campaign_id=${campaignId}`);
    expect(csv.headers.get('content-disposition')).toContain('calls_export.csv');
    expect(parse(csv.body, { columns: true })).toEqual([
      {
        'Call ID': String(callId),
        'Call SID': ref,
        'Assistant Name': expect.stringMatching(/^Ava/),
        'Customer Phone': phone,
        Status: 'completed',
        'Duration (seconds)': '45',
        'Started At': '2026-11-24T19:00:00.000Z',
        'Ended At': '2026-11-24T19:00:45.000Z',
      },
    ]);
    const json = await ask(`GET /calls/export?format=json&campaign_id=${campaignId}`);
    expect(json.body).toEqual([(await ask(`GET /calls/${callId}`)).body]);
    expect((await ask('GET /calls/export?format=json&date_to=2020-01-01T00:00:00Z')).body).toEqual([]);
    expect((await ask('GET /calls/export?campaign_id=999999')).status).toBe(404);
    const kept = await deps.db.select().from(campaignEvents).where(eq(campaignEvents.campaignId, campaignId));
    expect(kept.at(-1)).toMatchObject({ kind: 'file_handed_out', details: { file: 'calls' } });
  });

  test('is hung up while it goes on, and not afterwards', async () => {
    const { ref, callId } = await talked();
    const done = await ask(`POST /calls/${ref}/terminate`);
    expect([done.status, done.body]).toEqual([
      200,
      { success: true, message: 'The call was hung up.', call_sid: ref },
    ]);
    expect(carrier.changes.at(-1)).toMatchObject({ ref });
    await deps.db.update(calls).set({ endedAt: clock.now() }).where(eq(calls.id, callId));
    const late = await ask(`POST /calls/${ref}/terminate`);
    expect([late.status, late.body.detail]).toEqual([
      400,
      expect.stringMatching(/^The call has ended already/),
    ]);
    const reader = await tokenFor(['read']);
    expect((await ask(`POST /calls/${ref}/terminate`, { token: reader })).status).toBe(403);
  });

  test('of another workspace is not there, nor is what was said on it', async () => {
    const { callId, ref, recordingId } = await recorded('completed');
    const other = await ensureWorkspace(deps, { slackTeamId: 'T2', name: 'Globex', botUserId: 'U_BOT' });
    const token = await tokenFor(['read', 'write', 'launch'], other.id);
    const paths = [
      `GET /calls/${callId}`,
      `GET /calls/sid/${ref}`,
      `GET /calls/${callId}/transcripts`,
      `GET /calls/${callId}/transcripts/export`,
      `GET /calls/${callId}/costs`,
      `GET /calls/${callId}/recordings`,
      `GET /calls/sid/${ref}/recordings`,
      `GET /calls/${callId}/recording/${recordingId}/play`,
      `POST /calls/${ref}/terminate`,
    ];
    for (const path of paths) expect([path, (await ask(path, { token })).status]).toEqual([path, 404]);
    const kept = await ask(`PATCH /calls/${callId}/metadata`, { token, json: { a: 1 } });
    expect(kept.status).toBe(404);
    expect((await ask('GET /calls', { token })).body.items).toEqual([]);
  });
});

test('a call of a deleted campaign is there for nobody, though its recording is still to be deleted', async () => {
  const { campaignId, callId, ref, attemptId, recordingId } = await recorded('completed');
  await deps.db
    .update(attempts)
    .set({ state: 'ended', outcome: 'answered', endedAt: clock.now() })
    .where(eq(attempts.id, attemptId));
  await deps.db.update(campaigns).set({ status: 'completed' }).where(eq(campaigns.id, campaignId));
  expect((await ask(`GET /calls?campaign_id=${campaignId}`)).body.total).toBe(1);
  await ask(`PATCH /calls/${callId}/metadata`, { json: { of: 'P1' } });
  expect((await ask(`DELETE /campaigns/${campaignId}`)).status).toBe(200);
  expect((await ask(`GET /calls?campaign_id=${campaignId}`)).body).toMatchObject({ items: [], total: 0 });
  for (const path of [`${callId}`, `sid/${ref}`, `${callId}/transcripts`, `${callId}/recordings`])
    expect([path, (await ask(`GET /calls/${path}`)).status]).toEqual([path, 404]);
  expect((await ask(`GET /calls/${callId}/recording/${recordingId}/play`)).status).toBe(404);
  expect((await ask(`PATCH /calls/${callId}/metadata`, { json: { a: 1 } })).status).toBe(404);
  await api.drain();
  const [left] = await deps.db.select().from(calls).where(eq(calls.id, callId));
  expect(left).toMatchObject({ callMeta: {}, summary: null });
});

describe('what is kept with a call', () => {
  const keep = (callId: number, json: unknown) => ask(`PATCH /calls/${callId}/metadata`, { json });

  test('is merged into what there is, taken away by null, and told with the call wherever it is read', async () => {
    const { callId, ref, campaignId } = await talked({ lasting: 10 });
    const first = await keep(callId, { ticket: 'A-1', crm: { id: 7, tags: ['new'] }, gone: true });
    expect([first.status, first.body.id]).toEqual([200, callId]);
    const { body } = await keep(callId, { crm: { owner: 'Zoë' }, gone: null, 'a "key"': [null, 1.5] });
    const { call_meta: kept } = body;
    expect(kept).toMatchObject({ campaign_id: campaignId, run_number: 1 });
    expect(kept).toMatchObject({ ticket: 'A-1', 'a "key"': [null, 1.5] });
    expect(kept.crm).toEqual({ id: 7, tags: ['new'], owner: 'Zoë' });
    expect(kept).not.toHaveProperty('gone');
    const listed = (await ask(`GET /calls?campaign_id=${campaignId}`)).body.items;
    const exported = (await ask(`GET /calls/export?format=json&campaign_id=${campaignId}`)).body;
    const read = (await ask(`GET /calls/${callId}`)).body;
    const bySid = (await ask(`GET /calls/sid/${ref}`)).body;
    expect([listed, exported, [read], [bySid]]).toEqual(Array(4).fill([body]));
  });

  test('goes before what we know under the same name, until it is taken away', async () => {
    const { callId, campaignId } = await talked({ lasting: 10 });
    expect((await keep(callId, { campaign_id: 'spring' })).body.call_meta.campaign_id).toBe('spring');
    expect((await keep(callId, { campaign_id: null })).body.call_meta.campaign_id).toBe(campaignId);
  });

  test('leaves in the log that it changed, by whom, and nothing of what it says; once, where nothing changes', async () => {
    const { callId, campaignId } = await talked({ lasting: 10 });
    await keep(callId, { note: 'Bob is deaf' });
    await keep(callId, { note: 'Bob is deaf', other: null });
    const events = await deps.db
      .select()
      .from(campaignEvents)
      .where(and(eq(campaignEvents.campaignId, campaignId), eq(campaignEvents.kind, 'call_noted')));
    expect(events).toMatchObject([{ actor: expect.stringMatching(/^token:/), details: { callId } }]);
    expect(JSON.stringify(events)).not.toContain('deaf');
  });

  test('has up to 16 KB as it is kept, and what is too much changes nothing', async () => {
    const { callId } = await talked({ lasting: 10 });
    const before = (await keep(callId, { text: 'x'.repeat(16_000) })).body;
    expect(before.call_meta.text).toHaveLength(16_000);
    // Few bytes of JSON that are many digits.
    for (const more of [{ more: 'ß'.repeat(300) }, { more: [1e308, 1e308] }]) {
      const refused = await keep(callId, more);
      expect(refused.status).toBe(422);
      expect(refused.body.detail).toEqual([
        { loc: ['body'], msg: expect.stringMatching(/up to 16 KB.*would be 17 KB/), type: 'value_error' },
      ]);
    }
    expect((await ask(`GET /calls/${callId}`)).body).toEqual(before);
    expect((await keep(callId, { text: null, more: [1e308] })).body.call_meta.more).toEqual([1e308]);
  });

  test('is refused in words when it is no object, too deep or no text, and to whoever may only read', async () => {
    const { callId } = await talked({ lasting: 10 });
    for (const json of [[], 'text', 7, null, { 'a\0': 1 }, { a: '\ud800' }]) {
      const { status, body } = await keep(callId, json);
      expect([status, body.detail[0].msg]).toEqual([422, expect.stringMatching(/^[A-Z].*\.$/)]);
    }
    const deep = await ask(`PATCH /calls/${callId}/metadata`, {
      body: `${'{"deep":'.repeat(11)}1${'}'.repeat(11)}`,
      headers: { 'content-type': 'application/json' },
    });
    expect([deep.status, deep.body.detail]).toMatchObject([422, [{ loc: ['body', 'deep'] }]]);
    const reader = await tokenFor(['read']);
    const refused = await ask(`PATCH /calls/${callId}/metadata`, { json: { a: 1 }, token: reader });
    expect(refused.status).toBe(403);
    expect((await keep(999_999, { a: 1 })).status).toBe(404);
  });

  test('by several at once is kept from all of them', async () => {
    const { callId } = await talked({ lasting: 10 });
    const names = Array.from({ length: 8 }, (_, n) => `n${n}`);
    await Promise.all(names.map((name) => keep(callId, { [name]: name })));
    const { body } = await ask(`GET /calls/${callId}`);
    expect(body.call_meta).toMatchObject(Object.fromEntries(names.map((name) => [name, name])));
  });
});

describe('what was said on a call', () => {
  test('is told row by row, of what was cut off only what was heard', async () => {
    const { callId, ref } = await talked({ lasting: 10 });
    const { body } = await ask(`GET /calls/${callId}/transcripts?include_interim=true`);
    expect(body).toEqual([
      {
        id: 2,
        call_id: callId,
        content: 'Hi P1, this is Ava.',
        speaker: 'assistant',
        is_final: true,
        segment_start: 1,
        segment_end: null,
        confidence: null,
        stt_timestamps: null,
        created_at: '2026-11-24T19:00:01Z',
      },
      expect.objectContaining({ content: '=1+1, yes?', speaker: 'user', segment_start: 4 }),
      expect.objectContaining({ content: 'When do you', speaker: 'assistant' }),
    ]);
    expect((await ask(`GET /calls/sid/${ref}/transcripts`)).body).toEqual(body);
    expect((await ask(`GET /calls/${callId}/transcripts?speaker=user`)).body).toEqual([body[1]]);
  });

  test('is downloaded as text, JSON or CSV that runs nothing', async () => {
    const { callId } = await talked({ lasting: 10 });
    const file = (format: string) => ask(`GET /calls/${callId}/transcripts/export?format=${format}`);
    expect((await file('txt')).body).toBe(
      '[19:00:01] assistant: Hi P1, this is Ava.\n[19:00:04] user: =1+1, yes?\n[19:00:05] assistant: When do you\n',
    );
    expect((await file('json')).body).toEqual((await ask(`GET /calls/${callId}/transcripts`)).body);
    const rows = parse<Record<string, string>>((await file('csv')).body, { columns: true });
    expect(rows[1]).toEqual({
      created_at: '2026-11-24T19:00:04Z',
      speaker: 'user',
      content: "'=1+1, yes?",
      segment_start: '4',
    });
    expect((await file('pdf')).status).toBe(422);
  });
});

describe('a recording', () => {
  test('is listed with where it is heard, and heard as it comes from the provider', async () => {
    const { callId, ref, recordingId } = await recorded('completed');
    const [row] = (await ask(`GET /calls/${callId}/recordings`)).body;
    expect(row).toMatchObject({
      id: recordingId,
      call_id: callId,
      recording_sid: `RE${callId}`,
      duration: 30,
      recording_type: 'full',
      status: 'completed',
      delete_after: '2026-11-25T19:00:00Z',
    });
    expect((await ask(`GET /calls/sid/RE0/recordings`)).status).toBe(404);
    expect((await ask(`GET /calls/sid/${ref}/recordings`)).body).toEqual([row]);
    carrier.fetchRecording = async () => ({ size: 6, stream: audio('ID3', 'mp3') });
    const heard = await ask(`GET ${row.recording_url.replace('/api/v1', '')}`);
    expect([heard.status, heard.body, heard.headers.get('content-type')]).toEqual([
      200,
      'ID3mp3',
      'audio/mpeg',
    ]);
    const events = await deps.db
      .select()
      .from(campaignEvents)
      .where(eq(campaignEvents.kind, 'recording_sent'));
    expect(events.at(-1)).toMatchObject({
      actor: expect.stringMatching(/^token:/),
      details: { recordingId },
    });
  });

  describe('of which a part is asked for', async () => {
    const WORDS = ['0123', '4567', '89'];
    let one: Awaited<ReturnType<typeof recorded>> | undefined;
    /** Plays one of ten bytes, of which the provider hands out parts or not. */
    async function play(
      range: string | null,
      { size = 10, part, headers = {}, method = 'GET' }: Partial<RecordingAudio & HeadersAsked> = {},
    ) {
      one ??= await recorded('completed');
      const { callId, recordingId } = one;
      const asked: unknown[] = [];
      const end = { isEnded: false };
      carrier.fetchRecording = async (_ref, wanted) => {
        asked.push(wanted);
        const stream = part ? audio(...(part === 'beyond' ? [] : ['456'])) : audio(...WORDS);
        const pieces = stream[Symbol.asyncIterator]();
        const close = async () => {
          end.isEnded = true;
          return { done: true, value: undefined } as const;
        };
        const read = { next: () => pieces.next(), return: close };
        return { size, ...(part ? { part } : {}), stream: { [Symbol.asyncIterator]: () => read } };
      };
      const path = `/calls/${callId}/recording/${recordingId}/play`;
      const sent = { ...(range === null ? {} : { range }), ...headers } as Record<string, string>;
      const { status, headers: got, body } = await ask(`${method} ${path}`, { headers: sent });
      const told = ['content-range', 'content-length'].map((name) => got.get(name));
      return { status, body, told, got, asked, end, callId, recordingId, path };
    }
    type HeadersAsked = { headers: Record<string, string>; method: string };

    test.each([
      ['bytes=0-', '0123456789', 'bytes 0-9/10'],
      ['bytes=0-3', '0123', 'bytes 0-3/10'],
      ['bytes=3-4', '34', 'bytes 3-4/10'],
      ['bytes=4-7', '4567', 'bytes 4-7/10'],
      ['Bytes= 9-', '9', 'bytes 9-9/10'],
      ['bytes=5-999999', '56789', 'bytes 5-9/10'],
      ['bytes=-4', '6789', 'bytes 6-9/10'],
      ['bytes=-99', '0123456789', 'bytes 0-9/10'],
    ])('is cut out for %s where the provider sends the whole', async (range, body, told) => {
      const heard = await play(range);
      expect([heard.status, heard.body, heard.told]).toEqual([206, body, [told, String(body.length)]]);
      expect(heard.got.get('accept-ranges')).toBe('bytes');
    });

    test('comes as the provider hands it out', async () => {
      const heard = await play('bytes=4-6', { part: { first: 4, last: 6 } });
      expect([heard.status, heard.body, heard.told]).toEqual([206, '456', ['bytes 4-6/10', '3']]);
      expect(heard.asked).toEqual([{ first: 4, last: 6 }]);
      const unknown = await play('bytes=4-6', { part: { first: 4, last: 6 }, size: null });
      expect([unknown.status, unknown.told]).toEqual([206, ['bytes 4-6/*', '3']]);
    });

    test.each([
      ['bytes=10-', {}],
      ['bytes=-0', {}],
      ['bytes=20-30', { part: 'beyond' as const }],
    ])('and lies beyond its end (%s) is refused in words, with its length', async (range, how) => {
      const refused = await play(range, how);
      expect([refused.status, refused.told[0]]).toEqual([416, 'bytes */10']);
      expect(refused.body.detail).toMatch(/ends before the part/);
      if (!('part' in how)) expect(refused.end.isEnded).toBe(true);
    });

    test.each([[null], ['bytes=0-1,4-5'], ['bytes=7-3'], ['items=0-3'], ['bytes=a-b'], ['bytes=-']])(
      'is the whole for %s',
      async (range) => {
        const heard = await play(range);
        expect([heard.status, heard.body, heard.told]).toEqual([200, WORDS.join(''), [null, '10']]);
        expect(heard.asked).toEqual([null]);
      },
    );

    test('is the whole while nobody knows how long that is, and for who holds the beginning of another', async () => {
      const unknown = await play('bytes=4-', { size: null });
      expect([unknown.status, unknown.body, unknown.told]).toEqual([200, WORDS.join(''), [null, null]]);
      const other = await play('bytes=4-', { headers: { 'if-range': '"another"' } });
      expect([other.status, other.body]).toEqual([200, WORDS.join('')]);
      const tag = other.got.get('etag') ?? '';
      const asked = await ask(`GET ${other.path}`, { headers: { range: 'bytes=8-', 'if-range': tag } });
      expect([asked.status, asked.body]).toEqual([206, '89']);
    });

    test('is not fetched further when it has come, and nothing is when only the headers are asked for', async () => {
      const cut = await play('bytes=0-1');
      expect(cut.end.isEnded).toBe(true);
      const head = await play(null, { method: 'HEAD' });
      expect([head.status, head.body, head.told[1], head.end.isEnded]).toEqual([200, '', '10', true]);
    });

    test('is noted once an hour for whoever hears it, however often they seek', async () => {
      one = undefined;
      const { path, recordingId } = await play('bytes=1-');
      const notes = async () => {
        const events = await deps.db.select().from(campaignEvents);
        return events.filter(({ details }) => details.recordingId === recordingId).length;
      };
      await ask(`GET ${path}`, { headers: { range: 'bytes=2-3' } });
      expect(await notes()).toBe(1);
      await ask(`GET ${path}`, { headers: { range: 'bytes=2-3' }, token: await tokenFor(['read']) });
      expect(await notes()).toBe(2);
      clock.move(3_601 * SECOND);
      await ask(`GET ${path}`, { headers: { range: 'bytes=2-3' } });
      await ask(`GET ${path}`);
      await ask(`GET ${path}`);
      expect(await notes()).toBe(5);
    });
  });

  test('is fetched no further once the listener hangs up', async () => {
    const { callId, recordingId } = await recorded('completed');
    let pieces = 0;
    let isStopped = false;
    carrier.fetchRecording = async () => ({ size: null, stream: endless() });
    async function* endless() {
      try {
        for (;;) {
          pieces += 1;
          yield new Uint8Array(1024);
        }
      } finally {
        isStopped = true;
      }
    }
    const token = await tokenFor(['read']);
    const answer = await app.request(`/api/v1/calls/${callId}/recording/${recordingId}/play`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const reader = answer.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect([isStopped, pieces < 5]).toEqual([true, true]);
  });

  test('is promised while the call is recorded, and missed in words afterwards', async () => {
    const coming = await recorded('in_progress');
    const early = await ask(`GET /calls/${coming.callId}/recording/${coming.recordingId}/play`);
    expect([early.status, early.body.detail]).toEqual([202, expect.stringMatching(/still being recorded/)]);
    const gone = await recorded('deleted');
    const late = await ask(`GET /calls/${gone.callId}/recording/${gone.recordingId}/play`);
    expect([late.status, late.body.detail]).toEqual([404, expect.stringMatching(/has been deleted/)]);
    expect((await ask(`GET /calls/${gone.callId}/recordings`)).body).toEqual([]);
    const there = await recorded('completed');
    carrier.fetchRecording = async () => {
      throw new LookupFailed('down');
    };
    expect((await ask(`GET /calls/${there.callId}/recording/${there.recordingId}/play`)).status).toBe(503);
    const elsewhere = `GET /calls/${gone.callId}/recording/${there.recordingId}/play`;
    expect((await ask(elsewhere)).status).toBe(404);
  });
});

async function* audio(...pieces: string[]): AsyncIterable<Uint8Array> {
  for (const piece of pieces) yield new TextEncoder().encode(piece);
}
