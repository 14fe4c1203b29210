import { eq } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { attempts, suppressions } from '#db/schema.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { createApi } from '#support/api.ts';
import { phones } from '#support/engine.ts';

const { ask, campaign, carrier, chat, deps, tokenFor, drain, deliverTexts, report } = await createApi();

let texts = 0;
const says = async (from: string, body: string) => {
  texts += 1;
  await report({
    kind: 'text_inbound',
    ref: `IN${texts}`,
    from,
    to: '+15005550006',
    body,
    mediaCount: 0,
    optOut: null,
  });
  await drain();
};
const texted = async (phone: string, channelId: string | null = null) => {
  const id = await campaign({ phones: [phone], channelId });
  await ask(`POST /campaigns/${id}/start`);
  await drain();
  return id;
};

describe('a text that may mean “leave me alone”', () => {
  test.each([
    ['suppress', 1],
    ['keep', 0],
  ] as const)('waits for a decision, and %s settles it', async (decision, entries) => {
    const [phone = ''] = phones(1, decision === 'keep' ? 1 : 2);
    const id = await texted(phone);
    await says(phone, 'please stop texting me');
    const { holds } = (await ask(`GET /campaigns/${id}/decisions`)).body;
    expect(holds).toEqual([
      {
        hold_id: expect.any(Number),
        phone_number: phone,
        text: 'please stop texting me',
        received_at: '2026-11-24T19:00:00Z',
      },
    ]);
    const path = `/campaigns/${id}/holds/${holds[0].hold_id}/decision`;
    expect((await ask(`POST ${path}`, { json: { decision: 'maybe' } })).status).toBe(422);
    expect((await ask(`POST ${path}`, { json: { decision } })).body).toEqual({ message: 'Decision saved' });
    expect((await ask(`GET /campaigns/${id}/decisions`)).body.holds).toEqual([]);
    expect(await deps.db.$count(suppressions, eq(suppressions.phoneNumber, phone))).toBe(entries);
    const again = await ask(`POST ${path}`, { json: { decision } });
    expect([again.status, again.body.detail]).toEqual([404, expect.stringContaining('nothing was decided')]);
  });

  test('is told in some thread also when the campaign that it answers has none', async () => {
    const [elsewhere = '', phone = ''] = phones(2, 10);
    const withChannel = await texted(elsewhere, 'C_TOLD');
    const id = await texted(phone);
    await says(phone, 'please stop texting me');
    const told = chat.posted.map(({ content }) => content).findLast(({ kind }) => kind === 'reply_note');
    expect(told).toMatchObject({ campaignId: withChannel, verdict: 'near_stop' });
    expect((await ask(`GET /campaigns/${id}/decisions`)).body.holds).toHaveLength(1);
  });
});

describe('a person whom an unclear text to another campaign keeps waiting', () => {
  test('can be decided about where they wait, also when that other campaign was deleted', async () => {
    const [phone = ''] = phones(1, 40);
    const answered = await texted(phone);
    await deliverTexts(answered);
    await says(phone, 'please stop texting me');
    const waiting = await texted(phone);
    const elsewhere = await texted(phones(1, 41)[0] ?? '');
    expect((await ask(`DELETE /campaigns/${answered}`)).status).toBe(200);
    await drain();
    const holdsOf = async (id: number) => (await ask(`GET /campaigns/${id}/decisions`)).body.holds;
    expect(await holdsOf(elsewhere)).toEqual([]);
    const [hold] = await holdsOf(waiting);
    expect(hold).toMatchObject({ phone_number: phone, text: 'please stop texting me' });
    const before = carrier.requests.length;
    const path = `/campaigns/${waiting}/holds/${hold.hold_id}/decision`;
    expect((await ask(`POST ${path}`, { json: { decision: 'keep' } })).status).toBe(200);
    await drain();
    expect(carrier.requests.length).toBe(before + 1);
  });
});

describe('an attempt whose fate nobody knows', () => {
  test.each(['retry', 'assume_done'] as const)('is decided with %s, once', async (decision) => {
    const [phone = ''] = phones(1, decision === 'retry' ? 20 : 21);
    const usual = carrier.answer;
    carrier.answer = () => ({ kind: 'unknown', cause: 'lost' }) as never;
    const id = await texted(phone);
    carrier.answer = usual;
    await deps.db
      .update(attempts)
      .set({ state: 'needs_review', lookAt: null, leaseUntil: null })
      .where(eq(attempts.campaignId, id));
    const { reviews } = (await ask(`GET /campaigns/${id}/decisions`)).body;
    expect(reviews).toMatchObject([{ contact_phone: phone, channel: 'sms' }]);
    const path = `/campaigns/${id}/executions/${reviews[0].execution_id}/decision`;
    const writer = await tokenFor(['read', 'write']);
    expect((await ask(`POST ${path}`, { json: { decision }, token: writer })).status).toBe(403);
    expect((await ask(`POST ${path}`, { json: { decision } })).status).toBe(200);
    const [attempt] = await deps.db.select().from(attempts).where(eq(attempts.campaignId, id));
    expect(attempt?.outcome).toBe(decision === 'retry' ? 'not_placed' : 'assumed_done');
    expect((await ask(`POST ${path}`, { json: { decision } })).status).toBe(404);
  });

  test('is nobody’s of another workspace or campaign', async () => {
    const [phone = ''] = phones(1, 30);
    const id = await texted(phone);
    const other = await ensureWorkspace(deps, { slackTeamId: 'T5', name: 'Other', botUserId: 'U_BOT' });
    const token = await tokenFor(['read', 'write', 'launch'], other.id);
    const json = { decision: 'retry' };
    expect((await ask(`GET /campaigns/${id}/decisions`, { token })).status).toBe(404);
    expect((await ask(`POST /campaigns/${id}/executions/1/decision`, { token, json })).status).toBe(404);
    const hold = { token, json: { decision: 'keep' } };
    expect((await ask(`POST /campaigns/${id}/holds/1/decision`, hold)).status).toBe(404);
    expect((await ask(`POST /campaigns/${id}/executions/999999/decision`, { json })).status).toBe(404);
  });
});
