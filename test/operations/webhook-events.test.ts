import { createHmac } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, test } from 'vitest';
import { contacts, suppressions } from '#db/schema.ts';
import { webhookDeliveries, webhooks } from '#db/webhook-schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createWebhook } from '#operations/create-webhook.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { reExecuteCampaign } from '#operations/re-execute.ts';
import { requestErasure } from '#operations/request-erasure.ts';
import { saveFormDraft } from '#operations/save-form-draft.ts';
import { scheduleCampaign } from '#operations/schedule-campaign.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { ANNA, createEngine, phones } from '#support/engine.ts';
import { startReceiver } from '#support/receiver.ts';

const engine = await createEngine();
const { deps, clock, workspace } = engine;
const receiver = await startReceiver();
await changeWorkspace(deps.db, workspace.id, { defaultRole: 'admin' });

let made = 0;
type Given = { events: string[]; campaignId?: number | null; workspaceId?: number; path?: string };
const webhook = ({ path = '', ...given }: Given) =>
  createWebhook(deps, {
    workspaceId: workspace.id,
    actor: ANNA,
    creationKey: `webhook-${++made}`,
    url: `${receiver.url}${path}`,
    campaignId: null,
    description: null,
    ...given,
  });

beforeEach(async () => {
  receiver.received.length = 0;
  await deps.db.delete(webhooks);
  await deps.db.delete(webhookDeliveries);
});

/** A few are sent at once, so they may overtake each other; their ids are in the order in which things happened. */
const told = () =>
  receiver.received.map(({ body }) => JSON.parse(body)).sort((one, other) => one.id - other.id);
const ofType = (type: string) => told().filter((one) => one.type === type);

let used = 0;
const fresh = (count = 1) => {
  used += count;
  return phones(count, used - count);
};

async function textsDelivered(numbers: string[]) {
  const campaignId = await engine.campaign({ phones: numbers });
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  await engine.deliverTexts(campaignId);
  return campaignId;
}

const textFrom = (from: string, body: string) =>
  engine.report({
    kind: 'text_inbound',
    ref: `MM${++used}`,
    from,
    to: '+15005550006',
    body,
    mediaCount: 0,
    optOut: null,
  });

describe('a run tells', () => {
  test('each move of its campaign, each contact that comes to an end, and its own end, signed and in order', async () => {
    const { secret } = await webhook({
      events: ['campaign_status_changed', 'campaign_completed', 'contact_updated'],
    });
    const [first = '', second = ''] = fresh(2);
    const campaignId = await textsDelivered([first, second]);
    expect(told().map(({ type, data }) => [type, data.status])).toEqual([
      ['campaign_status_changed', 'running'],
      ['contact_updated', 'completed'],
      ['contact_updated', 'completed'],
      ['campaign_status_changed', 'completed'],
      ['campaign_completed', 'completed'],
    ]);
    expect(ofType('contact_updated')[0]).toEqual({
      id: expect.any(Number),
      type: 'contact_updated',
      created_at: clock.now().toISOString(),
      workspace_id: workspace.id,
      campaign_id: campaignId,
      data: {
        contact_id: expect.any(Number),
        phone_number: first,
        contact_data: {
          company: null,
          email: null,
          source: 'direct',
          variable_values: { name: 'P1' },
          custom_fields: {},
        },
        status: 'completed',
        previous_status: 'in_progress',
        skip_reason: null,
        attempts: 1,
        last_attempt_at: clock.now().toISOString(),
        run_number: 1,
        channel: 'sms',
        outcome: 'delivered',
      },
    });
    expect(ofType('campaign_completed')[0].data).toEqual({
      name: expect.stringMatching(/^Campaign/),
      status: 'completed',
      run_number: 1,
      completed_at: clock.now().toISOString(),
      progress: {
        total_contacts: 2,
        completed: 2,
        failed: 0,
        processing: 0,
        pending: 0,
        skipped: 0,
        success_rate: 100,
      },
    });
    for (const { headers, body } of receiver.received) {
      const { t, v1 } = Object.fromEntries(
        String(headers['ringmaster-signature'])
          .split(',')
          .map((part) => part.split('=')),
      );
      expect(v1).toBe(createHmac('sha256', secret).update(`${t}.${body}`).digest('hex'));
      expect(Math.abs(Number(t) - Date.now() / 1_000)).toBeLessThan(30);
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
      expect(headers['ringmaster-delivery']).toBe(String(JSON.parse(body).id));
    }
  });

  test('nothing of what a webhook did not ask for, of another campaign, or of another workspace', async () => {
    const other = await ensureWorkspace(deps, { slackTeamId: 'T2', name: 'Elsewhere', botUserId: 'U_2' });
    const elsewhere = await engine.campaign();
    await webhook({ events: ['opt_out', 'reply_received'] });
    await webhook({ events: ['contact_updated'], campaignId: elsewhere });
    const [foreign] = await deps.db
      .insert(webhooks)
      .values({
        workspaceId: other.id,
        url: receiver.url,
        events: ['contact_updated', 'campaign_status_changed', 'campaign_completed'],
        secret: 's',
        createdBy: 'system',
        createdAt: clock.now(),
        updatedAt: clock.now(),
      })
      .returning();
    expect(foreign).toBeDefined();
    await textsDelivered(fresh(2));
    expect(told()).toEqual([]);
    expect(await deps.db.$count(webhookDeliveries)).toBe(0);
  });

  test('those who are skipped when it is stopped, and not those whom the next run leaves out', async () => {
    const numbers = fresh(3);
    const campaignId = await engine.campaign({ phones: numbers });
    await webhook({ events: ['contact_updated'], campaignId });
    await deps.db.execute(sql`
      update contacts set status = 'busy', next_attempt_at = null where phone_number = ${numbers[0]}`);
    await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
    await changeStatus(deps, { campaignId, move: 'cancel', actor: ANNA });
    await engine.drain();
    expect(told().map(({ data }) => [data.phone_number, data.status, data.skip_reason])).toEqual([
      [numbers[0], 'busy', null],
      [numbers[1], 'skipped', 'campaign_stopped'],
      [numbers[2], 'skipped', 'campaign_stopped'],
    ]);
    receiver.received.length = 0;
    await reExecuteCampaign(deps, { campaignId, actor: ANNA, selection: 'failed_only' });
    await engine.drain();
    const rows = await deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
    expect(rows.filter(({ skipReason }) => skipReason === 'not_selected')).toHaveLength(2);
    expect(told()).toEqual([]);
  });

  test('the end of each run of a campaign that runs again', async () => {
    const campaignId = await engine.campaign({ phones: fresh(1) });
    await webhook({ events: ['campaign_completed', 'campaign_status_changed'] });
    await scheduleCampaign(deps, {
      campaignId,
      actor: ANNA,
      schedule: {
        schedule_type: 'recurring',
        recurring_config: { frequency: 'daily', interval: 1, time: '15:00', time_zone: 'America/New_York' },
      },
    });
    await engine.wait(3_600_000);
    await engine.drain();
    await engine.deliverTexts(campaignId);
    await engine.drain();
    expect(told().map(({ type, data }) => `${type} ${data.previous_status ?? ''} ${data.status}`)).toEqual([
      'campaign_status_changed draft scheduled',
      'campaign_status_changed scheduled running',
      'campaign_status_changed running scheduled',
      'campaign_completed  scheduled',
    ]);
  });
});

describe('people tell', () => {
  test('what they answered, with how it was understood', async () => {
    await webhook({ events: ['reply_received'] });
    const [from = ''] = fresh();
    const campaignId = await textsDelivered([from]);
    await textFrom(from, 'Who is this?');
    await engine.drain();
    expect(told()).toMatchObject([
      {
        type: 'reply_received',
        campaign_id: campaignId,
        data: {
          contact_id: expect.any(Number),
          from_number: from,
          to_number: '+15005550006',
          body: 'Who is this?',
          verdict: 'reply',
          received_at: clock.now().toISOString(),
        },
      },
    ]);
  });

  test('that they want to be left alone, once, and not whom somebody put on the list', async () => {
    await webhook({ events: ['opt_out'] });
    const [from = '', listed = ''] = fresh(2);
    await textsDelivered([from]);
    await textFrom(from, 'STOP');
    await textFrom(from, 'stop');
    await suppressNumber(deps, {
      workspaceId: workspace.id,
      actor: ANNA,
      phone: listed,
      channel: 'all',
      reason: 'Their lawyer wrote.',
      source: 'manual',
      campaignId: null,
    });
    await engine.drain();
    expect(await deps.db.$count(suppressions)).toBe(2);
    expect(told().map(({ type, data }) => [type, data.phone_number, data.channel, data.is_in_force])).toEqual(
      [['opt_out', from, 'all', true]],
    );
  });

  test('nothing any more once they are erased: what still waits names nobody', async () => {
    const { id } = await webhook({ events: ['contact_updated', 'reply_received'] });
    const [from = ''] = fresh();
    receiver.answer = (_, response) => void response.writeHead(500).end(`no ${from}`);
    const campaignId = await textsDelivered([from]);
    await textFrom(from, 'My address is 5 Elm Street');
    await engine.drain();
    const { id: lookup } = await saveFormDraft(deps, {
      workspaceId: workspace.id,
      userId: 'U_ANNA',
      kind: 'privacy',
      data: { phone: from },
    });
    await requestErasure(deps, { workspaceId: workspace.id, lookup, actor: ANNA, channelId: 'D_ANNA' });
    await engine.drain();
    const rows = await deps.db.select().from(webhookDeliveries).where(eq(webhookDeliveries.webhookId, id));
    expect(rows.length).toBe(2);
    expect(JSON.stringify(rows)).not.toContain(from.slice(2));
    receiver.received.length = 0;
    receiver.answer = (_, response) => void response.writeHead(204).end();
    await engine.wait(60_000);
    await engine.drain();
    expect(told()).toHaveLength(2);
    expect(JSON.stringify(told())).not.toContain(from.slice(2));
    expect(JSON.stringify(told())).not.toContain('Elm');
    expect(ofType('contact_updated')[0]).toMatchObject({
      campaign_id: campaignId,
      data: { phone_number: null, contact_data: { variable_values: {} }, status: 'completed' },
    });
  });
});

describe('what is written down', () => {
  test('is gone with the transaction that caused it', async () => {
    await webhook({ events: ['contact_updated'] });
    const campaignId = await engine.campaign({ phones: fresh(2) });
    const failed = deps.db.transaction(async (tx) => {
      await tx.update(contacts).set({ status: 'failed' }).where(eq(contacts.campaignId, campaignId));
      expect(await tx.$count(webhookDeliveries)).toBe(2);
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    await engine.drain();
    expect(await deps.db.$count(webhookDeliveries)).toBe(0);
    expect(told()).toEqual([]);
  });

  test('is one event for each change, however many transactions end contacts at once', async () => {
    await webhook({ events: ['contact_updated'] });
    await webhook({ events: ['contact_updated'] });
    const numbers = fresh(60);
    const campaignId = await engine.campaign({ phones: numbers });
    const endOne = (phone: string) =>
      deps.db.transaction(async (tx) => {
        await tx
          .update(contacts)
          .set({ status: 'completed' })
          .where(and(eq(contacts.campaignId, campaignId), eq(contacts.phoneNumber, phone)));
      });
    await Promise.all(numbers.map(endOne));
    await engine.drain();
    expect(told()).toHaveLength(120);
    expect(new Set(told().map(({ data }) => data.phone_number))).toEqual(new Set(numbers));
    expect(new Set(told().map(({ id }) => id)).size).toBe(120);
  });

  test('is planned for the rows it has: thousands at once after single ones in the same session', async () => {
    await webhook({ events: ['contact_updated'] });
    const campaignId = await engine.campaign({ phones: fresh(1) });
    await deps.db.execute(sql`
      insert into contacts (campaign_id, phone_number, next_attempt_at, created_at)
      select ${campaignId}, '+1917' || lpad(n::text, 7, '0'), ${clock.now().toISOString()}::timestamptz,
        ${clock.now().toISOString()}::timestamptz from generate_series(1, 20000) n`);
    await deps.db
      .transaction(async (tx) => {
        for (let n = 0; n < 8; n += 1)
          await tx
            .update(contacts)
            .set({ status: n % 2 ? 'busy' : 'failed' })
            .where(and(eq(contacts.campaignId, campaignId), eq(contacts.phoneNumber, '+19170000001')));
        await tx.update(contacts).set({ status: 'skipped' }).where(eq(contacts.campaignId, campaignId));
        expect(await tx.$count(webhookDeliveries)).toBe(8 + 20_001);
        throw new Error('that is all');
      })
      .catch(() => undefined);
  });
});
