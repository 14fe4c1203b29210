import { eq, sql } from 'drizzle-orm/sql';
import { beforeAll, describe, expect, it } from 'vitest';
import { apiRequests } from '#db/api-schema.ts';
import { callActions, calls, callTurns, recordings } from '#db/call-schema.ts';
import { importRejects, imports } from '#db/import-schema.ts';
import { readRejects } from '#db/imports.ts';
import { consents } from '#db/policy-schema.ts';
import {
  attempts,
  campaignCounts,
  campaignEvents,
  contacts,
  providerEvents,
  suppressions,
} from '#db/schema.ts';
import { formDrafts, posts, slackDeliveries } from '#db/slack-schema.ts';
import { measureCampaign } from '#domain/metrics.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createToken } from '#operations/create-token.ts';
import { exportPerson } from '#operations/export-person.ts';
import { importContacts } from '#operations/import-contacts.ts';
import { reExecuteCampaign } from '#operations/re-execute.ts';
import { recordConsent } from '#operations/record-consent.ts';
import { recover } from '#operations/recover.ts';
import { requestErasure } from '#operations/request-erasure.ts';
import { saveFormDraft } from '#operations/save-form-draft.ts';
import { showPerson } from '#operations/show-person.ts';
import { chatWithFiles, seedImport } from '#support/contact-files.ts';
import { ANNA, createEngine } from '#support/engine.ts';
import { statusOf } from './calls.ts';

const NUMBER = '+14155550187';
const DIGITS = '4155550187';
const NAME = 'Zebediah Quillfeather';
const EMAIL = 'zq@quillfeather.example';
/** Who tried the campaign on themselves, with the person's values. */
const COLLEAGUE = '+14155550211';
const OTHER = '+14155550199';

const engine = await createEngine();
const { deps, chat, carrier, workspace } = engine;
const { db } = deps;
const who = { workspaceId: workspace.id, phoneNumber: NUMBER };
const deleted: string[] = [];
carrier.deleteRecording = async (ref) => {
  deleted.push(ref);
  return { kind: 'done' };
};

/** Every row of every table, as text, by table: what a dump of the database would hold. */
async function dump(): Promise<Map<string, string[]>> {
  const tables = await db.execute<{ name: string }>(sql`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`);
  const all = new Map<string, string[]>();
  for (const { name } of tables) {
    const rows = await db.execute<{ row: string }>(sql`select t::text as row from ${sql.raw(name)} t`);
    all.set(
      name,
      rows.map(({ row }) => row),
    );
  }
  return all;
}

/** Where in the database something is that names the person, in any notation. */
async function namedIn(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [table, rows] of await dump()) {
    const theirs = rows.filter(
      (row) => row.replace(/\D/g, '').includes(DIGITS) || /Quillfeather|quillfeather|Zebediah/.test(row),
    );
    if (theirs.length > 0) found[table] = theirs;
  }
  return found;
}

async function lookup(): Promise<string> {
  const kept = {
    workspaceId: workspace.id,
    userId: 'U_ANNA',
    kind: 'contact_lookup',
    data: { phone: NUMBER },
  };
  return (await saveFormDraft(deps, kept)).id;
}

async function named(campaignId: number): Promise<void> {
  await db
    .update(contacts)
    .set({
      variableValues: { name: NAME, email: EMAIL },
      customFields: { note: `a friend of ${NAME}` },
      lineNumber: 7,
    })
    .where(eq(contacts.campaignId, campaignId));
}

async function started(options: Parameters<typeof engine.campaign>[0]): Promise<number> {
  const campaignId = await engine.campaign(options);
  await named(campaignId);
  await db
    .update(contacts)
    .set({ variableValues: { name: 'Bob' }, customFields: {} })
    .where(eq(contacts.phoneNumber, OTHER));
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  return campaignId;
}

const attemptOf = async (campaignId: number) => {
  const rows = await db
    .select()
    .from(attempts)
    .where(eq(attempts.campaignId, campaignId))
    .orderBy(attempts.id);
  const [attempt] = rows.filter(({ phoneNumber }) => phoneNumber === NUMBER);
  if (!attempt) throw new Error('nobody was contacted');
  return attempt;
};

/** A campaign of texts that they answered, one of calls in which they talked, and one that waits for them. */
async function makeHistory() {
  const texts = await started({ phones: [NUMBER, OTHER], template: 'Hello {{ name }}' });
  const text = await attemptOf(texts);
  const delivered = { kind: 'text_status', status: 'delivered', refusal: null, segments: 1 } as const;
  await engine.report(
    {
      ...delivered,
      token: text.token,
      ref: text.providerRef ?? '',
      price: { amount: '-0.0079', currency: 'USD' },
    },
    {
      kind: 'text_inbound',
      ref: 'IN1',
      from: NUMBER,
      to: '+15005550006',
      body: `This is ${NAME}, call me at (415) 555-0187`,
      mediaCount: 0,
      optOut: null,
    },
  );
  await engine.drain();
  const talks = await started({ type: 'call', phones: [NUMBER] });
  const call = await attemptOf(talks);
  const [talk] = await db.select().from(calls).where(eq(calls.attemptId, call.id));
  if (!talk) throw new Error('nobody was called');
  const at = { callId: talk.id, createdAt: deps.clock.now() };
  await db.insert(callTurns).values({ ...at, seq: 1, role: 'contact', text: `I am ${NAME}.` });
  await db
    .insert(callActions)
    .values({ ...at, actionKey: 'a', tool: 'note', arguments: { quote: NAME }, result: { told: NUMBER } });
  await db.insert(recordings).values({
    ...at,
    provider: 'scripted',
    providerRef: 'RE1',
    status: 'completed',
    durationSeconds: 30,
    deleteAfter: new Date(deps.clock.now().getTime() + 864e5),
  });
  await db
    .update(calls)
    .set({ summary: `${NAME} wants a call.`, answers: { who: NAME }, callMeta: { crm: { of: NAME } } })
    .where(eq(calls.id, talk.id));
  const { id: _, ...tried } = text;
  await db.insert(attempts).values({
    ...tried,
    token: 'tried-on-a-colleague',
    providerRef: null,
    runNumber: 0,
    state: 'ended',
    outcome: 'delivered',
    leaseUntil: null,
    lookAt: null,
    phoneNumber: COLLEAGUE,
    body: `Hello ${NAME}`,
  });
  return { texts, talks, text, call, talk };
}

/** What was stored for other ends and names them on the way. */
async function makeTraces(campaignId: number) {
  const now = deps.clock.now();
  await recordConsent(deps, {
    workspaceId: workspace.id,
    phone: NUMBER,
    channel: 'all',
    givenAt: now,
    method: 'paper',
    wording: `I, ${NAME}, agree.`,
    actor: ANNA,
  });
  await db.insert(suppressions).values({
    ...who,
    channel: 'voice',
    reason: `They said: “${NAME} here, stop”`,
    source: 'opt_out',
    actor: 'system',
    createdAt: now,
    liftedAt: now,
    liftedBy: 'contact',
  });
  await db.update(providerEvents).set({ raw: { From: `%2B1${DIGITS}`, To: '+15005550006' } });
  await db.insert(slackDeliveries).values({
    deliveryKey: 'command:1',
    kind: 'command',
    payload: { text: 'dnc add (415) 555-0187' },
    receivedAt: now,
    handledAt: now,
  });
  await saveFormDraft(deps, {
    workspaceId: workspace.id,
    userId: 'U2',
    kind: 'columns',
    data: { mapping: [{ header: 'name', samples: [NAME] }] },
  });
  await db.insert(campaignEvents).values({
    workspaceId: workspace.id,
    campaignId,
    actor: 'slack:U2',
    kind: 'taken_over',
    details: { phone: NUMBER, name: NAME },
    createdAt: now,
  });
  const wish = { workspaceId: workspace.id, actor: ANNA, name: 'CRM', scopes: ['write'], expiresAt: null };
  const { tokenId } = await createToken(deps, wish);
  await db.insert(apiRequests).values({
    tokenId,
    idempotencyKey: 'k',
    fingerprint: 'f',
    status: 200,
    body: JSON.stringify({ phone_number: NUMBER }),
    createdAt: now,
  });
  await db.insert(posts).values({
    workspaceId: workspace.id,
    campaignId,
    postKey: 'note:1',
    channelId: 'C9',
    inThread: true,
    content: { kind: 'note', level: 'info', text: `${NAME} (+1 415 •••-••87) asked for you.`, buttons: [] },
    state: 'posted',
    ts: '55.1',
    createdAt: now,
  });
}

/** A file in which they stand twice, beside somebody who has to stay. */
async function makeRejects(): Promise<number> {
  const campaignId = await engine.campaign({ phones: [] });
  const importId = await seedImport(db, { workspaceId: workspace.id, campaignId });
  const file = `phone,name\n(415) 555-0187,${NAME}\n+1 415-555-0187,"${NAME}, again"\n12,Wrong\n(415) 555-0187,\n`;
  const withFile = { ...deps, chat: { ...chat, ...chatWithFiles({ 'clients.csv': file }) } };
  await importContacts(withFile, { importId });
  return importId;
}

describe('somebody whose data is erased', () => {
  let history: Awaited<ReturnType<typeof makeHistory>>;
  let importId: number;
  let before: Awaited<ReturnType<typeof figures>>;

  async function figures() {
    const counts = await db.select().from(campaignCounts).orderBy(campaignCounts.campaignId);
    const ledger = await db
      .select({
        id: attempts.id,
        outcome: attempts.outcome,
        price: attempts.priceMicros,
        segments: attempts.segments,
      })
      .from(attempts)
      .orderBy(attempts.id);
    return { totals: counts.map((row) => measureCampaign(row).total_contacts), ledger };
  }

  beforeAll(async () => {
    history = await makeHistory();
    importId = await makeRejects();
    await makeTraces(history.texts);
  });

  it('is refused while a call with them is not over, and is on the do-not-call list from then on', async () => {
    const asked = requestErasure(deps, {
      workspaceId: workspace.id,
      lookup: await lookup(),
      actor: ANNA,
      channelId: 'D_ANNA',
    });
    await expect(asked).rejects.toThrow('not over yet, so nothing was erased');
    const kept = await showPerson(deps, { workspaceId: workspace.id, phone: NUMBER });
    expect(kept).toMatchObject({ isInFlight: true, isSuppressed: true, campaigns: 3, attempts: 3, calls: 1 });
    const { call } = history;
    await engine.report(statusOf({ token: call.token, ref: call.providerRef ?? '' }, 'completed'));
    await engine.drain();
    expect((await showPerson(deps, { workspaceId: workspace.id, phone: NUMBER })).isInFlight).toBe(false);
  });

  it('can be handed out before: everything about them, to one person alone, and that is logged', async () => {
    const { texts } = await showPerson(deps, { workspaceId: workspace.id, phone: NUMBER });
    expect(texts).toBe(1);
    const place = { channelId: 'D_ANNA', threadTs: null };
    await exportPerson(deps, { workspaceId: workspace.id, phone: NUMBER, actor: ANNA, place });
    const file = JSON.parse(chat.files.at(-1)?.text ?? '{}');
    expect(file).toMatchObject({
      phoneNumber: NUMBER,
      contacts: [{ contact: { variableValues: { name: NAME } } }, {}, {}],
      callTurns: [{ text: `I am ${NAME}.` }],
      consents: [{ method: 'paper' }],
      inboundTexts: [{ fromNumber: NUMBER }],
    });
    expect(JSON.stringify(file)).not.toContain(history.text.token);
    // Who tried the campaign with their values is somebody else.
    expect(JSON.stringify(file)).not.toContain(COLLEAGUE);
    const logged = await db.select().from(campaignEvents).where(eq(campaignEvents.kind, 'person_exported'));
    expect(logged.map(({ details, actor }) => [details, actor])).toEqual([
      [{ phone: '+1 415 •••-••87' }, 'slack:U_ANNA'],
    ]);
    // Before, the person is in all of these: an erasure that passes over one of them would be seen.
    expect(Object.keys(await namedIn()).sort()).toEqual(
      expect.arrayContaining(
        [
          ...['attempts', 'call_actions', 'call_turns', 'calls', 'campaign_events', 'consents', 'contacts'],
          ...['form_drafts', 'import_rejects', 'imports', 'inbound_texts', 'posts', 'provider_events'],
          ...['slack_deliveries', 'suppressions'],
        ].map((table) => `public.${table}`),
      ),
    );
  });

  it('is named nowhere in the database but on the do-not-call list, and the log has the masked number', async () => {
    before = await figures();
    await requestErasure(deps, {
      workspaceId: workspace.id,
      lookup: await lookup(),
      actor: ANNA,
      channelId: 'D_ANNA',
    });
    // The task goes with its worker, and whoever is alive goes on.
    await db.execute(sql`delete from graphile_worker._private_jobs where key like 'erase:%'`);
    await recover(deps);
    await engine.drain();
    const left = await namedIn();
    expect(Object.keys(left)).toEqual(['public.suppressions']);
    expect(left['public.suppressions']?.every((row) => !row.includes('Quillfeather'))).toBe(true);
    const entries = await db.select().from(suppressions).where(eq(suppressions.phoneNumber, NUMBER));
    expect(entries.map(({ channel, liftedAt, reason }) => [channel, liftedAt, reason])).toEqual([
      ['all', null, 'Their data was erased on their wish.'],
    ]);
    const [logged] = await db.select().from(campaignEvents).where(eq(campaignEvents.kind, 'person_erased'));
    expect(logged).toMatchObject({
      actor: 'slack:U_ANNA',
      details: { phone: '+1 415 •••-••87', contacts: 3, attempts: 3 },
    });
  });

  it('keeps their place in every count, cost and outcome', async () => {
    expect(await figures()).toEqual(before);
    expect(before.ledger.map(({ outcome }) => outcome)).toContain('delivered');
    expect(before.ledger.some(({ price }) => price === 7_900)).toBe(true);
  });

  it('is gone at the provider’s recordings and from the messages in Slack', async () => {
    expect(deleted).toEqual(['RE1']);
    const [recording] = await db.select().from(recordings);
    expect(recording).toMatchObject({ status: 'deleted' });
    const takenDown = chat.updated.filter(
      ({ content }) => content.kind === 'note' && content.text.startsWith('What stood here was erased'),
    );
    expect(takenDown.map(({ place }) => (place as { ts: string }).ts)).toContain('55.1');
    expect(takenDown.length).toBeGreaterThanOrEqual(2);
  });

  it('leaves everybody else as they were', async () => {
    const [tried] = await db.select().from(attempts).where(eq(attempts.token, 'tried-on-a-colleague'));
    expect(tried).toMatchObject({ phoneNumber: COLLEAGUE, body: null });
    const [bob] = await db.select().from(contacts).where(eq(contacts.phoneNumber, OTHER));
    expect(bob?.variableValues).toEqual({ name: 'Bob' });
    let csv = '';
    for await (const piece of readRejects(db, importId)) csv += piece;
    expect(csv).toContain('12,Wrong');
    expect(csv.trimEnd().split('\r\n')).toHaveLength(2);
    expect(await db.select().from(imports).where(eq(imports.id, importId))).toMatchObject([
      { errors: [{ value: '12' }] },
    ]);
    expect(await db.$count(importRejects)).toBe(1);
    expect(await db.$count(consents)).toBe(0);
    expect(await db.select().from(formDrafts)).toEqual([]);
  });

  it('is told to whoever asked, and asking once more finds nobody', async () => {
    const told = chat.posted
      .filter(({ place }) => place.channelId === 'D_ANNA')
      .map(({ content }) => content);
    expect(told).toMatchObject([
      { kind: 'note', text: expect.stringContaining('+1 415 •••-••87 is erased') },
    ]);
    const kept = await showPerson(deps, { workspaceId: workspace.id, phone: NUMBER });
    expect(kept).toMatchObject({
      campaigns: 0,
      attempts: 0,
      calls: 0,
      texts: 0,
      consents: 0,
      isSuppressed: true,
    });
    const asked = requestErasure(deps, {
      workspaceId: workspace.id,
      lookup: 'gone',
      actor: ANNA,
      channelId: 'D',
    });
    await expect(asked).rejects.toThrow('no longer known');
  });

  it('is reached by no later run, because nobody knows their number any more', async () => {
    carrier.requests.length = 0;
    const row = await db
      .select()
      .from(contacts)
      .where(eq(contacts.campaignId, history.texts))
      .orderBy(contacts.id);
    expect(row[0]).toMatchObject({ ownZones: [], variableValues: {} });
    const [theirs] = await db.select().from(attempts).where(eq(attempts.phoneNumber, OTHER));
    const over = {
      kind: 'text_status',
      status: 'delivered',
      refusal: null,
      segments: 1,
      price: null,
    } as const;
    await engine.report({ ...over, token: theirs?.token ?? null, ref: theirs?.providerRef ?? '' });
    await engine.drain();
    await reExecuteCampaign(deps, { campaignId: history.texts, actor: ANNA, selection: 'all' });
    await changeStatus(deps, { campaignId: history.texts, move: 'start', actor: ANNA });
    await engine.drain();
    expect(carrier.requests.map(({ to }) => to)).toEqual([OTHER]);
    const [after] = await db
      .select()
      .from(contacts)
      .where(eq(contacts.campaignId, history.texts))
      .orderBy(contacts.id);
    expect(after).toMatchObject({ status: 'skipped', skipReason: 'erased' });
  });
});
