import { beforeAll, describe, expect, test } from 'vitest';
import { announce } from '#operations/announce.ts';
import { changeStatus } from '#operations/change-status.ts';
import { checkSuppression } from '#operations/check-suppression.ts';
import { createEventRecorder } from '#operations/event-recorder.ts';
import type { SlackMessage } from '#sandbox/page-protocol.ts';
import { phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, workspaceId, told, shown, modal, replied, campaign, carrier } = stage;
const { admin, teammate, guest } = people;
const HERE = channels.campaigns;
const NUMBERS = phones(6, 300);
let card: SlackMessage;
let inbound = 0;

/** Somebody answers the campaign's text; the note in its thread. */
async function answers(from: string, body: string, words = body): Promise<SlackMessage> {
  inbound += 1;
  const record = createEventRecorder(deps);
  await record([
    {
      provider: 'scripted',
      dedupeKey: `in-${inbound}`,
      raw: {},
      event: {
        kind: 'text_inbound',
        ref: `MMin${inbound}`,
        from,
        to: '+15005550006',
        body,
        mediaCount: 0,
        optOut: null,
      },
    },
  ]);
  return replied(card, words);
}
const isSuppressed = async (phone: string) =>
  (await checkSuppression(deps, { workspaceId, phone })).entries.length > 0;

beforeAll(async () => {
  const id = await campaign('Answered', { phones: NUMBERS, channelId: HERE });
  card = await shown(HERE, 'Answered');
  await changeStatus(deps, { campaignId: id, move: 'start', actor: { kind: 'slack_user', userId: admin } });
  await slack.waitFor(() => carrier.requests.length === NUMBERS.length, 'all texts');
});

describe('a reply', () => {
  test('is shown in the thread with a masked number and answered from there, once', async () => {
    const note = await answers(NUMBERS[0] ?? '', 'Can we move it to Friday? <!channel>');
    expect(textOf(note)).toContain('+1 212 •••-••00');
    expect(textOf(note)).not.toContain(NUMBERS[0]);
    await slack.click(note, 'Reply', teammate);
    const form = await modal(teammate, 'Your answer');
    expect(textOf(form)).toContain('(+1 212 •••-••00) wrote: Can we move it to Friday? <!channel>');
    await slack.submit(form, { body: 'Friday at ten is fine.' });
    await slack.waitFor(
      () => carrier.requests.some(({ body }) => body === 'Friday at ten is fine.'),
      'the answer',
    );
    expect(slack.openView(teammate)).toBeUndefined();
    const told = textOf(await replied(card, 'Friday at ten is fine.'));
    expect(told).toMatch(/answered .*\(\+1 212 •••-••00\): Friday at ten is fine\./);
    expect(carrier.requests.filter(({ body }) => body === 'Friday at ten is fine.')).toHaveLength(1);
  });

  test('may be silenced for good, and a second press changes nothing', async () => {
    const phone = NUMBERS[1] ?? '';
    const note = await answers(phone, 'who gave you my number');
    await slack.click(note, 'Do not contact', teammate);
    await slack.waitFor(
      () => textOf(slack.current(note)).includes(`Decided by <@${teammate}>.`),
      'the decision in the note',
    );
    expect(await isSuppressed(phone)).toBe(true);
    expect(slack.current(note).blocks.some(({ type }) => type === 'actions')).toBe(false);
    expect(textOf(slack.current(note))).toContain('who gave you my number');
  });

  test('to somebody on the list is refused under the field', async () => {
    const note = await answers(NUMBERS[1] ?? '', 'hello again');
    await slack.click(note, 'Reply');
    const form = await modal(admin, 'Reply by text');
    await slack.submit(form, { body: 'Hello' });
    expect(slack.openView(admin)?.errors.body).toContain('This number is on the do-not-call list');
    await slack.closeView(form);
    await slack.click(note, 'Do not contact');
    await told(admin, 'They are on the do-not-call list already. Nothing was changed.');
  });

  test('is not answered by a guest', async () => {
    const note = await answers(NUMBERS[0] ?? '', 'one more thing');
    await slack.click(note, 'Reply', guest);
    await told(guest, 'You may not change campaigns');
    expect(slack.openView(guest)).toBeUndefined();
  });
});

describe('an opt-out', () => {
  test('needs nobody', async () => {
    const note = await answers(NUMBERS[2] ?? '', 'STOP', 'Opt-out by');
    expect(await isSuppressed(NUMBERS[2] ?? '')).toBe(true);
    expect(textOf(note)).toContain('They are on the do-not-call list now');
    expect(note.blocks.some(({ type }) => type === 'actions')).toBe(false);
  });

  test('that is not certain waits for one decision', async () => {
    const phone = NUMBERS[3] ?? '';
    const note = await answers(phone, 'stop texting me please', 'Possible opt-out by');
    expect(await isSuppressed(phone)).toBe(false);
    await slack.click(note, 'Not an opt-out, carry on', teammate);
    await slack.waitFor(
      () => textOf(slack.current(note)).includes('Not an opt-out: what waits for this person goes on.'),
      'the decision',
    );
    expect(await isSuppressed(phone)).toBe(false);
  });

  test('decided by a colleague already changes nothing and says so', async () => {
    const phone = NUMBERS[4] ?? '';
    const note = await answers(phone, 'please stop messaging me', 'please stop messaging me');
    await deps.db.execute(
      `update contact_holds set decision = 'keep', decided_at = now(), decided_by = 'slack:U1' where phone_number = '${phone}'`,
    );
    await slack.click(note, 'Do not contact');
    await told(admin, 'Somebody has decided about this person already. Nothing was changed.');
    expect(await isSuppressed(phone)).toBe(false);
  });
});

test('a text of unknown fate is decided in the thread', async () => {
  const [attempt] = await deps.db.execute<{ id: number; campaign_id: number }>(
    `update attempts set state = 'needs_review', outcome = null, ended_at = null
     where id = (select max(id) from attempts where purpose = 'campaign') returning id::int, campaign_id`,
  );
  await deps.db.transaction((tx) =>
    announce(tx, deps, {
      workspaceId,
      campaignId: attempt?.campaign_id ?? 0,
      channelId: HERE,
      key: 'review-test',
      content: {
        kind: 'review_note',
        attemptId: attempt?.id ?? 0,
        contactName: 'Ann',
        maskedPhone: '+1 212 •••-••05',
        askedAt: deps.clock.now(),
        cause: 'the carrier’s answer was lost',
      },
    }),
  );
  const note = await replied(card, 'We cannot tell whether');
  await slack.click(note, 'Assume done');
  await slack.waitFor(() => textOf(slack.current(note)).includes('Taken as received.'), 'the decision');
  const [row] = await deps.db.execute<{ state: string }>(
    `select state from attempts where id = ${attempt?.id}`,
  );
  expect(row?.state).toBe('ended');
});
