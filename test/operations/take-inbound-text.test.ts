import { and, eq, isNull } from 'drizzle-orm/sql';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attempts, campaignCounts, contacts, inboundTexts, suppressions } from '#db/schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { decideContactHold } from '#operations/decide-contact-hold.ts';
import { sendReply } from '#operations/send-reply.ts';
import { suppressFromReply } from '#operations/suppress-from-reply.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { ANNA, createEngine, type Engine, phones } from '#support/engine.ts';

let engine: Engine;
let workspaceId: number;
let next = 5000;
let texts = 0;
beforeAll(async () => {
  engine = await createEngine();
  workspaceId = engine.workspace.id;
});
beforeEach(() => {
  engine.carrier.requests.length = 0;
  engine.chat.posted.length = 0;
});

/** A campaign that has texted its first contact; a second contact of it waits until tomorrow. */
async function texted() {
  next += 1;
  const [phone = ''] = phones(1, next);
  const campaignId = await engine.campaign({ phones: [phone] });
  await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  engine.carrier.requests.length = 0;
  return { campaignId, phone };
}

async function says(phone: string, body: string) {
  texts += 1;
  const event = {
    kind: 'text_inbound' as const,
    ref: `IN${texts}`,
    from: phone,
    to: '+15005550006',
    body,
    mediaCount: 0,
    optOut: null,
  };
  await engine.report(event);
  return event;
}

async function inForce(phone: string) {
  return engine.deps.db
    .select()
    .from(suppressions)
    .where(and(eq(suppressions.phoneNumber, phone), isNull(suppressions.liftedAt)));
}

describe('somebody who texts STOP', () => {
  it('is on the do-not-call list, on every channel, when the carrier is answered', async () => {
    const { phone } = await texted();
    await says(phone, 'Stop.');
    expect(await inForce(phone)).toMatchObject([{ channel: 'all', source: 'opt_out' }]);
  });

  it('is skipped wherever else they wait', async () => {
    const { phone } = await texted();
    const other = await engine.campaign({ phones: [phone] });
    await says(phone, 'STOP');
    const [counts] = await engine.deps.db
      .select()
      .from(campaignCounts)
      .where(eq(campaignCounts.campaignId, other));
    expect(counts).toMatchObject({ pending: 0, skipped: 1 });
  });

  it('is told in the thread of the campaign they answered, once, however often the carrier tells us', async () => {
    const { phone, campaignId } = await texted();
    const event = await says(phone, 'stop');
    await engine.report(event);
    await engine.drain();
    const notes = engine.chat.posted.filter(
      ({ content }) => content.kind === 'reply_note' && content.campaignId === campaignId,
    );
    expect(notes).toHaveLength(1);
    expect(notes[0]?.content).toMatchObject({ campaignId, verdict: 'stop' });
    expect(JSON.stringify(notes[0]?.content)).not.toContain(phone);
  });

  it('hears from us again after START', async () => {
    const { phone } = await texted();
    await says(phone, 'STOP');
    await says(phone, 'START');
    expect(await inForce(phone)).toHaveLength(0);
  });
});

describe('somebody who may have meant it', () => {
  it('gets nothing until a colleague decides, and nothing after “do not contact”', async () => {
    const { phone } = await texted();
    await says(phone, 'please stop texting me');
    expect(await inForce(phone)).toHaveLength(0);
    await endEarlier(phone);
    const campaignId = await engine.campaign({ phones: [phone] });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    expect(engine.carrier.requests).toHaveLength(0);
    const note = engine.chat.posted
      .map(({ content }) => content)
      .findLast((content) => content.kind === 'reply_note');
    const contactHoldId = note?.kind === 'reply_note' ? (note.contactHoldId ?? 0) : 0;
    const decision = { workspaceId, contactHoldId, decision: 'suppress' as const, actor: ANNA };
    const elsewhere = { ...decision, workspaceId: workspaceId + 1 };
    expect(await decideContactHold(engine.deps, elsewhere)).toEqual({ changed: false });
    expect(await decideContactHold(engine.deps, decision)).toEqual({ changed: true });
    expect(await decideContactHold(engine.deps, decision)).toEqual({ changed: false });
    await engine.drain();
    expect(engine.carrier.requests).toHaveLength(0);
    expect(await inForce(phone)).toHaveLength(1);
  });

  it('is contacted as soon as a colleague says that they did not mean it', async () => {
    const { phone } = await texted();
    await says(phone, 'take me off your list');
    await endEarlier(phone);
    const campaignId = await engine.campaign({ phones: [phone] });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    const note = engine.chat.posted
      .map(({ content }) => content)
      .findLast((content) => content.kind === 'reply_note');
    const contactHoldId = note?.kind === 'reply_note' ? (note.contactHoldId ?? 0) : 0;
    await decideContactHold(engine.deps, { workspaceId, contactHoldId, decision: 'keep', actor: ANNA });
    await engine.drain();
    expect(engine.carrier.requests.map((request) => request.to)).toEqual([phone]);
  });
});

describe('the do-not-call list', () => {
  it('keeps what a colleague entered also when the person texts STOP and then START', async () => {
    const { phone } = await texted();
    await says(phone, 'STOP');
    await suppressNumber(engine.deps, {
      workspaceId: engine.workspace.id,
      phone,
      channel: 'all',
      reason: 'Told us on the phone.',
      source: 'manual',
      actor: ANNA,
    });
    await says(phone, 'START');
    expect(await inForce(phone)).toMatchObject([{ source: 'manual', reason: 'Told us on the phone.' }]);
  });

  it('tells the thread of an opt-out also when the contact has not been texted yet', async () => {
    const [phone = ''] = phones(1, 6950);
    const campaignId = await engine.campaign({ phones: [phone] });
    await engine.drain();
    await says(phone, 'STOP');
    await engine.wait(2_000);
    await engine.drain();
    const notes = engine.chat.posted
      .map(({ content }) => content)
      .filter((content) => content.kind === 'reply_note' && content.campaignId === campaignId);
    expect(notes).toMatchObject([{ verdict: 'stop' }]);
    await says('+13125550188', 'STOP');
    await engine.drain();
    expect(await inForce('+13125550188')).toHaveLength(1);
  });

  it('hears of an unclear text in a thread also when it answers nothing of ours', async () => {
    const campaignId = await engine.campaign({ phones: phones(1, 6900) });
    const [phone = ''] = phones(1, 6900);
    await says(phone, 'please stop texting me');
    await engine.drain();
    await engine.wait(2_000);
    await engine.drain();
    const note = engine.chat.posted
      .map(({ content }) => content)
      .findLast((content) => content.kind === 'reply_note');
    expect(note).toMatchObject({ campaignId, verdict: 'near_stop', contactHoldId: expect.any(Number) });
  });
});

describe('a colleague’s answer', () => {
  it('that does not go out is told in the thread', async () => {
    const { phone } = await texted();
    await says(phone, 'Tell me more');
    const [text] = await engine.deps.db.select().from(inboundTexts).where(eq(inboundTexts.fromNumber, phone));
    const usual = engine.carrier.answer;
    engine.carrier.answer = () => ({
      kind: 'rejected',
      refusal: { class: 'content', code: '21617', fix: '' },
    });
    await sendReply(engine.deps, {
      workspaceId,
      inboundTextId: text?.id ?? 0,
      body: 'Well…',
      actor: ANNA,
      requestKey: `r-${next}`,
    });
    engine.carrier.answer = usual;
    await engine.drain();
    await engine.wait(2_000);
    await engine.drain();
    const told = engine.chat.posted.map(({ content }) => content);
    expect(told).toContainEqual(
      expect.objectContaining({ level: 'problem', text: expect.stringContaining('did not go out') }),
    );
  });

  it('goes out once through the gate, however often the form is sent', async () => {
    const { phone } = await texted();
    await says(phone, 'Yes please');
    const [text] = await engine.deps.db.select().from(inboundTexts).where(eq(inboundTexts.fromNumber, phone));
    const inboundTextId = text?.id ?? 0;
    const input = { workspaceId, inboundTextId, body: 'Great!', actor: ANNA, requestKey: `view-${next}` };
    const elsewhere = { ...input, workspaceId: workspaceId + 1 };
    await expect(sendReply(engine.deps, elsewhere)).rejects.toThrow('That text is no longer known');
    await expect(suppressFromReply(engine.deps, elsewhere)).rejects.toThrow('That text is no longer known');
    const first = await sendReply(engine.deps, input);
    expect(await sendReply(engine.deps, input)).toEqual(first);
    expect(engine.carrier.requests).toMatchObject([{ to: phone, body: 'Great!' }]);
  });

  it('is refused after a STOP, with the reason', async () => {
    const { phone } = await texted();
    await says(phone, 'STOP');
    const [text] = await engine.deps.db.select().from(inboundTexts).where(eq(inboundTexts.fromNumber, phone));
    const reply = sendReply(engine.deps, {
      workspaceId,
      inboundTextId: text?.id ?? 0,
      body: 'But…',
      actor: ANNA,
      requestKey: 'x',
    });
    await expect(reply).rejects.toThrow('This number is on the do-not-call list (they opted out)');
    expect(engine.carrier.requests).toHaveLength(0);
  });
});

/** The earlier text is through, so that its number is not in flight any more. */
async function endEarlier(phone: string) {
  const [row] = await engine.deps.db.select().from(attempts).where(eq(attempts.phoneNumber, phone));
  await engine.report({
    kind: 'text_status',
    token: row?.token ?? '',
    ref: row?.providerRef ?? '',
    status: 'delivered',
    refusal: null,
    segments: 1,
    price: null,
  });
  await engine.drain();
  expect(
    (await engine.deps.db.select().from(contacts).where(eq(contacts.phoneNumber, phone)))[0]?.status,
  ).toBe('completed');
}
