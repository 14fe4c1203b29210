import { sql } from 'drizzle-orm/sql';
import { expect, it } from 'vitest';
import type { Act } from '#domain/conversation/talk.ts';
import { openConversation } from '#operations/open-conversation.ts';
import { runCallAct } from '#operations/run-call-act.ts';
import { testOnMe } from '#operations/test-on-me.ts';
import { createTurnKeeper } from '#operations/turn-keeper.ts';
import { conversationIn, createDeskStage, makeAssistant, readCallRow, says } from '#support/desk.ts';
import { ANNA, phones } from '#support/engine.ts';
import { statusOf } from './calls.ts';

const { engine, desk } = await createDeskStage();
const { deps } = engine;
const [contact = '', me = ''] = phones(2, 4900);

it('a call with which somebody tries a campaign is held to its end, and nothing follows for the contact', async () => {
  const assistantId = await makeAssistant(engine);
  const campaignId = await engine.campaign({
    type: 'mixed',
    phones: [contact],
    fields: { assistantId, smsMessageTemplate: 'Thank you.' },
  });
  const asked = { workspaceId: engine.workspace.id, campaignId, actor: ANNA, phone: me } as const;
  await testOnMe(deps, { ...asked, channel: 'call', contactId: null, requestKey: 'held' });
  const token = 'test-held';
  const ref = (await readCallRow(engine, token)).providerRef ?? '';
  const step = conversationIn(await desk.answer({ token, ref, verdict: null }));
  const talk = await openConversation(deps, createTurnKeeper(deps), {
    nonce: step.nonce,
    ref,
    sessionRef: 'session-of-a-test',
    from: '',
    to: '',
  });
  if (!talk) throw new Error('the conversation did not begin');
  expect(talk.script.welcome).toContain('Hi P1');
  expect(talk.scope).toMatchObject({ canCallBack: false, hasFollowUpText: false });
  const act = (key: string, tool: Act['tool'], given: Record<string, unknown> = {}) =>
    runCallAct(deps, talk, { key, act: { tool, arguments: given } });
  expect(await act('1', 'schedule_callback', { local_time: 'tomorrow at 10' })).toMatchObject({ ok: false });
  expect(await act('2', 'send_followup_sms')).toMatchObject({ ok: false });
  await says(engine, talk.id, { role: 'contact', text: 'That sounds right.' });
  await act('3', 'end_call', { reason: 'done' });
  await engine.report(statusOf({ token, ref }, 'completed'));
  await engine.drain();
  const row = await readCallRow(engine, token);
  expect(row.endedAt).not.toBeNull();
  expect(row.finishedAt).not.toBeNull();
  const [kept] = await deps.db.execute(sql`
    select status, attempts, last_n, wait_reason, first_status from contacts where campaign_id = ${campaignId}`);
  expect(kept).toEqual({ status: 'pending', attempts: 0, last_n: 0, wait_reason: null, first_status: null });
  const [spend] = await deps.db.execute(sql`
    select coalesce(sum(reserved_micros), 0)::int as reserved from campaign_spend where campaign_id = ${campaignId} and run_number > 0`);
  expect(spend).toEqual({ reserved: 0 });
  // The thread hears of calls to contacts, not of this one.
  expect(engine.chat.posted.filter(({ content }) => content.kind === 'call_note')).toEqual([]);
});
