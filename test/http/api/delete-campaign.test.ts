import { eq, sql } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { calls, callTurns, recordings } from '#db/call-schema.ts';
import { imports } from '#db/import-schema.ts';
import { attempts, campaignEvents, campaigns, contacts, suppressions } from '#db/schema.ts';
import { purge } from '#operations/purge.ts';
import { showAudit } from '#operations/show-audit.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { createApi } from '#support/api.ts';
import { ANNA, phones } from '#support/engine.ts';

const { ask, campaign, carrier, chat, deps, workspace, tokenFor, drain, deliverTexts, clock, report } =
  await createApi();
const DAY_MS = 86_400_000;

let numbers = 0;
const fresh = (count: number) => {
  numbers += count;
  return phones(count, numbers);
};
const finished = async (people: string[], fields = {}) => {
  const id = await campaign({ phones: people, fields });
  await ask(`POST /campaigns/${id}/start`);
  await drain();
  await deliverTexts(id);
  return id;
};
const rowsOf = async (id: number) => ({
  campaigns: await deps.db.$count(campaigns, eq(campaigns.id, id)),
  contacts: await deps.db.$count(contacts, eq(contacts.campaignId, id)),
  attempts: await deps.db.$count(attempts, eq(attempts.campaignId, id)),
});

/** A call that somebody made to us; it goes on unless an end is given. */
async function insertCall(given: Partial<typeof calls.$inferInsert>): Promise<number> {
  const [call] = await deps.db
    .insert(calls)
    .values({
      token: `call-${deps.randomToken()}`,
      workspaceId: workspace.id,
      direction: 'inbound',
      provider: 'scripted',
      contactNumber: '+12125550000',
      ourNumber: '+15005550006',
      script: {} as (typeof calls.$inferInsert)['script'],
      createdAt: clock.now(),
      ...given,
    })
    .returning({ id: calls.id });
  return call?.id ?? 0;
}

describe('a campaign that is deleted', () => {
  test('is gone for everybody, and so are its rows when nobody was contacted', async () => {
    const id = await campaign({ phones: fresh(3) });
    expect(await ask(`DELETE /campaigns/${id}`)).toMatchObject({
      status: 200,
      body: { message: 'Campaign deleted successfully' },
    });
    for (const what of ['GET', 'PUT', 'DELETE'])
      expect((await ask(`${what} /campaigns/${id}`, what === 'PUT' ? { json: {} } : {})).status).toBe(404);
    expect((await ask(`GET /campaigns/${id}/progress`)).status).toBe(404);
    expect((await ask(`GET /campaigns/${id}/contacts`)).status).toBe(404);
    expect((await ask(`POST /campaigns/${id}/start`)).status).toBe(404);
    const { campaigns: listed } = (await ask('GET /campaigns?per_page=1000')).body;
    expect(listed.map((one: { id: number }) => one.id)).not.toContain(id);
    await drain();
    expect(await rowsOf(id)).toEqual({ campaigns: 0, contacts: 0, attempts: 0 });
  });

  test('still counts for the limits on attempts to one number, and is forgotten when it no longer does', async () => {
    const people = fresh(1);
    const id = await finished(people, { fallbackValues: { name: 'you' } });
    const again = [await finished(people), await finished(people)];
    expect((await ask(`DELETE /campaigns/${id}`)).status).toBe(200);
    await drain();
    expect(await rowsOf(id)).toEqual({ campaigns: 1, contacts: 1, attempts: 1 });
    const [contact] = await deps.db.select().from(contacts).where(eq(contacts.campaignId, id));
    expect(contact).toMatchObject({ variableValues: {}, customFields: {} });
    const before = carrier.requests.length;
    const fourth = await campaign({ phones: people });
    await ask(`POST /campaigns/${fourth}/start`);
    await drain();
    expect(carrier.requests.length).toBe(before);
    expect((await ask(`GET /campaigns/${fourth}`)).body.hold).toContain('contacted as often');
    await ask(`POST /campaigns/${fourth}/stop`);
    clock.move(367 * DAY_MS);
    await purge(deps);
    await drain();
    expect(await rowsOf(id)).toEqual({ campaigns: 0, contacts: 0, attempts: 0 });
    for (const other of again) expect((await rowsOf(other)).attempts).toBe(1);
  });

  test('counts as having contacted people for as long as another campaign may leave them out for that', async () => {
    const [person = ''] = fresh(1);
    const id = await finished([person]);
    const [sent] = await deps.db.select().from(attempts).where(eq(attempts.campaignId, id));
    expect(sent?.body).toContain('P1');
    await ask(`DELETE /campaigns/${id}`);
    await drain();
    const [kept] = await deps.db.select().from(attempts).where(eq(attempts.campaignId, id));
    expect(kept).toMatchObject({ phoneNumber: person, body: null });
    clock.move(60 * DAY_MS);
    const marked = { variableValues: { name: 'Looked at again' } };
    await deps.db.update(contacts).set(marked).where(eq(contacts.campaignId, id));
    await purge(deps);
    await drain();
    // What was emptied is not gone through again every day for a year.
    expect(await deps.db.select().from(contacts).where(eq(contacts.campaignId, id))).toMatchObject([marked]);
    const before = carrier.requests.length;
    const other = await campaign({ phones: [person], settings: { excludeContactedDays: 90 } });
    await ask(`POST /campaigns/${other}/start`);
    await drain();
    expect(carrier.requests.length).toBe(before);
    clock.move(310 * DAY_MS);
    await purge(deps);
    await drain();
    expect(await rowsOf(id)).toEqual({ campaigns: 0, contacts: 0, attempts: 0 });
  });

  test('leaves whoever is on the phone with us there, and what they say, until that is over', async () => {
    const id = await campaign({ phones: fresh(1), type: 'call' });
    const [contact] = await deps.db.select().from(contacts).where(eq(contacts.campaignId, id));
    const callId = await insertCall({ campaignId: id, contactId: contact?.id ?? null });
    await ask(`DELETE /campaigns/${id}`);
    await drain();
    const isThere = async () => (await deps.db.$count(calls, eq(calls.id, callId))) === 1;
    expect(await isThere()).toBe(true);
    await deps.db
      .update(calls)
      .set({ endedAt: clock.now(), finishedAt: clock.now() })
      .where(eq(calls.id, callId));
    await purge(deps);
    await drain();
    expect([await isThere(), (await rowsOf(id)).campaigns]).toEqual([false, 0]);
  });

  test('has a recording deleted that is reported only now', async () => {
    const id = await campaign({ phones: fresh(1), type: 'call' });
    const [contact] = await deps.db.select().from(contacts).where(eq(contacts.campaignId, id));
    const isOver = { endedAt: clock.now(), finishedAt: clock.now(), providerRef: 'CA_LATE' };
    const callId = await insertCall({ campaignId: id, contactId: contact?.id ?? null, ...isOver });
    await deps.db.execute(sql`update calls set script = '{"isRecording": true}' where id = ${callId}`);
    await deps.db
      .insert(callTurns)
      .values({ callId, seq: 1, role: 'contact', text: 'Hi', createdAt: clock.now() });
    await ask(`DELETE /campaigns/${id}`);
    await drain();
    expect(await deps.db.$count(callTurns, eq(callTurns.callId, callId))).toBe(0);
    const told = { kind: 'recording', token: null, ref: 'CA_LATE', recordingRef: 'RE_LATE' } as const;
    await report({ ...told, status: 'completed', durationSeconds: 20, channels: 2 });
    await drain();
    const asked: string[] = [];
    const { deleteRecording } = deps.telephony;
    deps.telephony.deleteRecording = async (ref) => {
      asked.push(ref);
      return { kind: 'done' };
    };
    for (let day = 0; day < 4; day += 1) {
      await purge(deps);
      await drain();
      clock.move(DAY_MS);
    }
    deps.telephony.deleteRecording = deleteRecording;
    expect([asked, (await rowsOf(id)).campaigns]).toEqual([['RE_LATE'], 0]);
  });

  test('still takes an opt-out that answers it', async () => {
    const people = fresh(1);
    const id = await finished(people);
    await ask(`DELETE /campaigns/${id}`);
    await drain();
    await report({
      kind: 'text_inbound',
      ref: 'SM_STOP',
      from: people[0] ?? '',
      to: '+15005550006',
      body: 'STOP',
      mediaCount: 0,
      optOut: null,
    });
    await drain();
    const entries = await deps.db
      .select()
      .from(suppressions)
      .where(eq(suppressions.phoneNumber, people[0] ?? ''));
    expect(entries.map(({ source }) => source)).toEqual(['opt_out']);
  });

  test('leaves the do-not-call list and the log as they were', async () => {
    const [person = ''] = fresh(1);
    const id = await campaign({ phones: [person], fields: { name: 'Old friends' } });
    await suppressNumber(deps, {
      workspaceId: workspace.id,
      actor: ANNA,
      phone: person,
      channel: 'all',
      reason: 'They asked.',
      source: 'manual',
    });
    await ask(`DELETE /campaigns/${id}`);
    await drain();
    const entries = await deps.db.select().from(suppressions).where(eq(suppressions.phoneNumber, person));
    expect(entries.map(({ liftedAt }) => liftedAt)).toEqual([null]);
    const { lines } = await showAudit(deps, {
      workspaceId: workspace.id,
      campaignId: null,
      limit: 10,
      offset: 0,
    });
    const told = lines.filter((line) => line.campaign?.id === id);
    expect(told.map(({ did, campaign: of }) => [did, of?.name])).toEqual([
      ['deleted the campaign “Old friends”', 'Old friends'],
      ['made the campaign', 'Old friends'],
    ]);
    const [event] = await deps.db
      .select()
      .from(campaignEvents)
      .where(eq(campaignEvents.kind, 'campaign_deleted'));
    expect(event?.actor).toMatch(/^token:\d+$/);
  });

  test('is told of in the thread under its card', async () => {
    const id = await campaign({ phones: fresh(1), fields: { name: 'Short lived' } });
    await drain();
    chat.posted.length = 0;
    await ask(`DELETE /campaigns/${id}`);
    await drain();
    const [told] = chat.posted;
    expect(told?.place).toMatchObject({ threadTs: expect.stringMatching(/^100\./) });
    expect(told?.content).toMatchObject({ text: expect.stringContaining('deleted “Short lived”') });
  });

  test('keeps its rows until no recording of it is left at the provider', async () => {
    const id = await campaign({ phones: fresh(1), type: 'call' });
    const isOver = { endedAt: clock.now(), finishedAt: clock.now() };
    const callId = await insertCall({ campaignId: id, contactId: null, ...isOver });
    const later = new Date(clock.now().getTime() + 30 * DAY_MS);
    await deps.db.insert(recordings).values({
      callId,
      provider: 'scripted',
      providerRef: 'RE1',
      status: 'completed',
      deleteAfter: later,
      createdAt: clock.now(),
    });
    const { deleteRecording } = deps.telephony;
    deps.telephony.deleteRecording = async () => ({ kind: 'failed', cause: 'down' }) as never;
    await ask(`DELETE /campaigns/${id}`);
    await drain();
    expect((await rowsOf(id)).campaigns).toBe(1);
    deps.telephony.deleteRecording = deleteRecording;
    await purge(deps);
    await purge(deps);
    await drain();
    expect(await deps.db.$count(recordings, eq(recordings.providerRef, 'RE1'))).toBe(0);
    expect((await rowsOf(id)).campaigns).toBe(0);
  });
});

describe('a campaign is not deleted', () => {
  test('while it runs, or while something of it is under way', async () => {
    const id = await campaign({ phones: fresh(1) });
    await ask(`POST /campaigns/${id}/start`);
    const running = await ask(`DELETE /campaigns/${id}`);
    expect([running.status, running.body.detail]).toEqual([
      400,
      expect.stringContaining('Pause or cancel it first.'),
    ]);
    await drain();
    await ask(`POST /campaigns/${id}/pause`);
    const open = await ask(`DELETE /campaigns/${id}`);
    expect([open.status, open.body.detail]).toEqual([400, expect.stringContaining('is not over yet')]);
    await deliverTexts(id);
    expect((await ask(`DELETE /campaigns/${id}`)).status).toBe(200);
  });

  test('while a file is being loaded into it', async () => {
    const id = await campaign();
    await deps.db.insert(imports).values({
      workspaceId: workspace.id,
      campaignId: id,
      fileId: 'F1',
      fileName: 'clients.csv',
      mode: 'append',
      status: 'processing',
      mapping: {},
      requestedBy: 'slack:U_ANNA',
      createdAt: clock.now(),
    });
    const refused = await ask(`DELETE /campaigns/${id}`);
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining('clients.csv')]);
  });

  test('by a token that may only look, or of another workspace', async () => {
    const id = await campaign({ phones: fresh(1) });
    const token = await tokenFor(['read', 'launch']);
    expect((await ask(`DELETE /campaigns/${id}`, { token })).status).toBe(403);
    expect((await ask('DELETE /campaigns/999999')).status).toBe(404);
  });
});
