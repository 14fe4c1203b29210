import { beforeAll, expect, it } from 'vitest';
import { createCallDesk } from '#operations/call-desk.ts';
import { openConversation } from '#operations/open-conversation.ts';
import { runCallAct } from '#operations/run-call-act.ts';
import { createTurnKeeper } from '#operations/turn-keeper.ts';
import { conversationIn } from '#support/desk.ts';
import { createEngine, type Engine } from '#support/engine.ts';
import { lookingAt, MINUTE, statusOf } from './calls.ts';

let engine: Engine;
let look: ReturnType<typeof lookingAt>;
beforeAll(async () => {
  engine = await createEngine();
  look = lookingAt(engine);
});

/** A mixed campaign whose contact has picked up and is texted during the call. */
async function textOnCall() {
  const { deps, carrier } = engine;
  carrier.requests.length = 0;
  const campaignId = await look.start({ type: 'mixed', settings: { maxAttempts: 1 } });
  const call = await look.call(campaignId);
  const steps = await createCallDesk(deps).answer({ token: call.token, ref: call.ref, verdict: null });
  const talk = await openConversation(deps, createTurnKeeper(deps), {
    nonce: conversationIn(steps).nonce,
    ref: call.ref,
    sessionRef: `VX${call.id}`,
    from: '',
    to: '',
  });
  if (!talk) throw new Error('the conversation did not open');
  const act = { tool: 'send_followup_sms' as const, arguments: { template_key: 'campaign' } };
  expect(await runCallAct(deps, talk, { key: 'k1', act })).toMatchObject({ ok: true });
  await expect.poll(() => look.attempts(campaignId)).toMatchObject([{}, { providerRef: expect.any(String) }]);
  return { campaignId, call };
}

async function endCall(call: { token: string; ref: string }) {
  await engine.report(statusOf(call, 'completed'));
  await engine.drain();
  await engine.wait(MINUTE);
  await engine.drain();
}

it('whom the assistant texts during a call gets the text of the campaign no second time', async () => {
  const { campaignId, call } = await textOnCall();
  await endCall(call);
  expect(engine.carrier.requests).toHaveLength(1);
  expect(await look.contact(campaignId)).toMatchObject({ status: 'completed' });
  expect(await look.campaign(campaignId)).toMatchObject({ status: 'completed' });
});

it('a text during a call that did not arrive is followed by the one of the campaign', async () => {
  const { campaignId, call } = await textOnCall();
  const text = (await look.attempts(campaignId))[1];
  await engine.report({
    kind: 'text_status',
    token: text?.token ?? null,
    ref: text?.providerRef ?? '',
    status: 'failed',
    refusal: { class: 'provider', code: '30008', fix: 'Wait.' },
    segments: 1,
    price: null,
  });
  await endCall(call);
  expect(engine.carrier.requests).toHaveLength(2);
});
