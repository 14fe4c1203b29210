import { eq } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { calls } from '#db/call-schema.ts';
import { contacts } from '#db/schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { testOnMe } from '#operations/test-on-me.ts';
import type { CallStatusEvent } from '#ports/telephony.ts';
import { createApi } from '#support/api.ts';
import { ANNA, phones } from '#support/engine.ts';

const api = await createApi();
const { ask, campaign, carrier, deps, drain, deliverTexts, report } = api;

async function started(options: Parameters<typeof campaign>[0]) {
  const campaignId = await campaign(options);
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  await drain();
  return campaignId;
}

function callStatus(
  call: { token: string | null; ref: string },
  status: 'no_answer' | 'completed',
  durationSeconds: number | null = null,
): CallStatusEvent {
  const told = { sequence: null, sipCode: null, answeredBy: null, refusal: null, price: null };
  return { kind: 'call_status', ...call, status, durationSeconds, ...told };
}

describe('an execution', () => {
  test('of a text tells what was sent to whom and what came of it', async () => {
    const [phone = ''] = phones(1);
    const id = await started({ phones: [phone] });
    const before = await ask(`GET /campaigns/${id}/executions?status=in_progress`);
    expect(before.body.executions).toMatchObject([{ status: 'in_progress', outcome: null, ended_at: null }]);
    await deliverTexts(id);
    const { body } = await ask(`GET /campaigns/${id}/executions`);
    expect(body.executions).toEqual([
      {
        id: expect.any(Number),
        execution_id: body.executions[0].id,
        contact_id: expect.any(Number),
        contact_name: 'P1',
        contact_phone: phone,
        status: 'completed',
        outcome: 'delivered',
        channel: 'sms',
        call_id: null,
        call_record_id: null,
        sms_id: expect.stringMatching(/^SM/),
        run_number: 1,
        attempt_number: 1,
        executed_at: '2026-11-24T19:00:00Z',
        ended_at: '2026-11-24T19:00:00Z',
        cost: null,
        segments: expect.any(Number),
        execution_data: {
          from_number: '+15005550006',
          to_number: phone,
          personalized_welcome_message: null,
          personalized_agenda: null,
          personalized_sms_message: expect.stringContaining('Hello P1'),
          template_variables_used: { name: 'P1' },
          duration_seconds: null,
          voice_analytics: null,
          error_details: null,
          retry_reason: null,
          summary: null,
          result: null,
        },
      },
    ]);
    expect(body.pagination).toMatchObject({ total_items: 1, has_next: false });
  });

  test('of a text that was refused says why', async () => {
    const usual = carrier.answer;
    const refusal = { class: 'invalid_number', code: '21211', fix: 'Check it.' } as const;
    carrier.answer = () => ({ kind: 'rejected', refusal });
    const id = await started({ phones: phones(1, 10) }).finally(() => {
      carrier.answer = usual;
    });
    const { body } = await ask(`GET /campaigns/${id}/executions?status=failed`);
    expect(body.executions).toMatchObject([
      {
        status: 'failed',
        sms_id: null,
        execution_data: { error_details: expect.stringContaining('does not exist') },
      },
    ]);
  });

  test('of a call has its words, its length, and what follows when nobody answers', async () => {
    const id = await started({ type: 'call', phones: phones(1, 15) });
    const [call] = await deps.db.select().from(calls).where(eq(calls.campaignId, id));
    const about = { token: call?.token ?? null, ref: call?.providerRef ?? '' };
    await report(callStatus(about, 'no_answer'));
    await drain();
    const missed = await ask(`GET /campaigns/${id}/executions`);
    expect(missed.body.executions).toMatchObject([
      {
        status: 'no_answer',
        call_id: call?.providerRef,
        call_record_id: call?.id,
        sms_id: null,
        execution_data: {
          personalized_welcome_message: expect.stringContaining('Hi P1'),
          personalized_agenda: 'Confirm the appointment.',
          personalized_sms_message: null,
          error_details: 'No answer after 30 seconds',
          retry_reason: 'Will retry in 30 minutes',
        },
      },
    ]);
    await api.wait(30 * 60_000);
    await drain();
    const again = (await deps.db.select().from(calls).where(eq(calls.campaignId, id)).orderBy(calls.id)).at(
      -1,
    );
    const next = { token: again?.token ?? null, ref: again?.providerRef ?? '' };
    await deps.db
      .update(calls)
      .set({ spokeAt: deps.clock.now() })
      .where(eq(calls.id, again?.id ?? 0));
    await report(callStatus(next, 'completed', 45));
    await drain();
    const { body } = await ask(`GET /campaigns/${id}/executions`);
    expect(body.executions).toMatchObject([
      {
        status: 'completed',
        attempt_number: 2,
        execution_data: { duration_seconds: 45, error_details: null },
      },
      { status: 'no_answer', attempt_number: 1, execution_data: { retry_reason: null } },
    ]);
  });
});

describe('the list of executions', () => {
  test('has the newest first, page by page, and can be of one contact', async () => {
    const id = await started({ phones: phones(5, 20) });
    await deliverTexts(id);
    const first = await ask(`GET /campaigns/${id}/executions?per_page=3`);
    const second = await ask(`GET /campaigns/${id}/executions?per_page=3&page=2&status=completed`);
    const ids = [...first.body.executions, ...second.body.executions].map(({ id: one }) => one);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(new Set(ids).size).toBe(5);
    expect(second.body.pagination).toMatchObject({ total_items: 5, total_pages: 2, has_prev: true });
    const [contact] = await deps.db.select().from(contacts).where(eq(contacts.campaignId, id)).limit(1);
    const own = await ask(`GET /campaigns/${id}/executions?contact_id=${contact?.id}`);
    expect(own.body.executions).toMatchObject([{ contact_id: contact?.id }]);
    expect((await ask(`GET /campaigns/${id}/executions?status=pending`)).body.executions).toEqual([]);
  });

  test('knows nothing of tests that people made on themselves', async () => {
    const id = await campaign({ phones: phones(1, 30) });
    const [phone = ''] = phones(1, 40);
    const me = { workspaceId: api.workspace.id, campaignId: id, actor: ANNA, phone, contactId: null };
    await testOnMe(deps, { ...me, channel: 'sms', requestKey: 'on-me' });
    expect(carrier.requests.at(-1)).toMatchObject({ to: phone });
    expect((await ask(`GET /campaigns/${id}/executions`)).body.executions).toEqual([]);
  });
});
