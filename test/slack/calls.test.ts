import { eq } from 'drizzle-orm/sql';
import { beforeAll, describe, expect, test } from 'vitest';
import { assistants, calls, callTurns } from '#db/call-schema.ts';
import { announce } from '#operations/announce.ts';
import { createAssistant } from '#operations/create-assistant.ts';
import type { JsonObject, SlackMessage } from '#sandbox/page-protocol.ts';
import { phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { callNote } from './contents.ts';
import { openLines } from './line.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, workspaceId, told, shown, modal, replied, carrier } = stage;
const { admin, teammate, approver, guest } = people;
const { draft, ring, pickUp, callOf, end, record } = openLines(stage);
const HERE = channels.campaigns;
const NUMBERS = phones(6, 500);
const [first = '', second = '', third = '', fourth = '', fifth = '', sixth = ''] = NUMBERS;
const say = (words: string, userId: string = admin, channelId: string = HERE) => {
  stage.forget(userId);
  return slack.slash(userId, channelId, `/campaign ${words}`.trim());
};
const closeAll = async (userId: string) => {
  for (let view = slack.openView(userId); view; view = slack.openView(userId)) await slack.closeView(view);
};
const asViewers = async (work: () => Promise<void>) => {
  await deps.db.execute(`update workspaces set default_role = 'viewer'`);
  await work().finally(() => deps.db.execute(`update workspaces set default_role = 'launcher'`));
};
const EVIL = '<!channel> *call* me at <https://evil.example|home>';

let campaignId = 0;
let card: SlackMessage;
let firstCall = 0;

beforeAll(async () => {
  const { assistantId } = await createAssistant(deps, {
    workspaceId,
    actor: { kind: 'system' },
    creationKey: 'maya',
    name: 'Maya',
    voice: 'joanna',
    transferTargets: [{ label: 'Admin', phoneNumber: '+12125557000', slackUserId: admin }],
  });
  campaignId = await draft('Orders', NUMBERS, { assistantId });
  card = await shown(HERE, 'Orders');
  await ring(campaignId, NUMBERS);
  firstCall = await pickUp(first, [
    { role: 'assistant', text: 'Hello, this is Maya.' },
    { role: 'contact', text: `${EVIL}, I drive` },
  ]);
});

describe('the calls on the line', () => {
  test('stand on the card and open from it, with what was said last', async () => {
    await slack.waitFor(() => textOf(slack.current(card)).includes('*On the line now* 1'), 'the lines');
    await slack.click(card, 'Live calls');
    const view = await modal(admin, 'Live calls');
    const text = textOf(view);
    expect(text).toContain('*P1 (+1 212 •••-••00)*: was called, talks with Maya since');
    expect(text).toContain('*P2 (+1 212 •••-••01)*: was called by Maya, rings since');
    expect(text).toContain(`${EVIL}, I drive`);
    expect(mrkdwnOf(view.view)).not.toContain('<!channel>');
    expect(text).not.toContain(first);
    await closeAll(admin);
  });

  test('are listed by the command, for the running campaigns', async () => {
    await say('calls');
    await slack.click(await told(admin, '*/campaign calls*: which campaign do you mean?'), 'Orders');
    await modal(admin, 'Live calls');
    await closeAll(admin);
    await say('calls Orders', teammate);
    const view = await modal(teammate, 'Live calls');
    await deps.db.insert(callTurns).values({
      callId: firstCall,
      seq: 3,
      role: 'contact',
      text: 'Call me tomorrow.',
      createdAt: deps.clock.now(),
    });
    await slack.clickInView(view, 'Refresh');
    await modal(teammate, 'Call me tomorrow.');
    await closeAll(teammate);
  });

  test('are shown to a viewer without a word of what was said, to be hung up and nothing else', async () => {
    await asViewers(async () => {
      await say('calls Orders', teammate);
      const view = await modal(teammate, 'Live calls');
      expect(textOf(view)).not.toContain('Call me tomorrow.');
      expect(textOf(view)).not.toContain('Listen in');
      expect(textOf(view)).toContain('Hang up');
    });
    await closeAll(teammate);
  });

  test.each(['calls Orders', 'contact +12125550500', 'redial Orders'])(
    'are no business of a guest: “%s”',
    async (words) => {
      await say(words, guest);
      await told(guest, 'You may not');
      expect(slack.openView(guest)).toBeUndefined();
    },
  );
});

describe.each([
  ['a guest', guest],
  ['somebody of another company', people.stranger],
])('a press by %s', (_, userId) => {
  test.each([
    'call.hang_up',
    'call.take_over',
    'call.listen',
    'call.show',
    'call.recording',
    'campaign.redial',
    'assistant.retire',
  ])('on %s changes nothing and is refused', async (name) => {
    const { length } = carrier.changes;
    const told = () => slack.calls.filter(({ args }) => JSON.stringify(args).includes('You may not')).length;
    const before = told();
    const value = name === 'campaign.redial' ? `${campaignId}.all` : String(firstCall);
    const body = pressBy(userId, name, value);
    await stage.resend(new URLSearchParams({ payload: JSON.stringify(body) }).toString());
    await slack.waitFor(() => told() > before, 'the refusal');
    expect(carrier.changes).toHaveLength(length);
    expect(slack.thread(card).map(textOf).join()).not.toContain('On the line now: Maya');
  });
});

describe('listening in', () => {
  test('puts the conversation into the thread, once, for all in the channel', async () => {
    await say('calls Orders');
    const view = await modal(admin, 'Live calls');
    await slack.clickInView(view, 'Listen in');
    await modal(admin, 'What is said appears in the campaign’s thread, as it is heard.');
    const live = await replied(card, 'On the line now: Maya with P1');
    expect(textOf(live)).toContain('Maya: Hello, this is Maya.');
    expect(live.text).not.toContain('<!channel>');
    await slack.clickInView(view, 'Listen in');
    await modal(admin, 'appears in the campaign’s thread already.');
    const shownLive = slack
      .thread(card)
      .filter((message) => textOf(message).includes('On the line now: Maya'));
    expect(shownLive).toHaveLength(1);
    await closeAll(admin);
  });

  test('is refused to a viewer, by the button of somebody else’s message', async () => {
    const note = await noted(firstCall, true);
    await asViewers(async () => {
      stage.forget(approver);
      await slack.click(note, 'Listen in', approver);
      await told(approver, 'You may not hear or read what people said on the phone.');
      stage.forget(approver);
      await slack.click(note, 'Show call', approver);
      await told(approver, 'You may not hear or read what people said on the phone.');
    });
  });
});

describe('stepping in', () => {
  test('rings the phone of whoever takes over, and tells who has none', async () => {
    const live = await replied(card, 'On the line now: Maya with P1');
    stage.forget(teammate);
    await slack.click(live, 'Take over', teammate);
    await told(teammate, 'Maya has no phone number of yours');
    stage.forget(admin);
    await slack.click(live, 'Take over');
    await told(admin, 'Your phone (Admin) is ringing now');
    expect(carrier.changes.filter(({ kind }) => kind === 'redirect')).toHaveLength(1);
  });

  test('hangs up from the list, which then tells what was done', async () => {
    const { providerRef: ref } = await callOf(first);
    await say('calls Orders', teammate);
    const view = await modal(teammate, 'Live calls');
    await slack.clickInView(view, 'Hang up');
    await modal(teammate, 'The call was hung up.');
    expect(carrier.changes.at(-1)).toEqual({ kind: 'hang_up', ref });
    await replied(card, `<@${teammate}> hung up the call with P1`);
    await closeAll(teammate);
  });

  test('may be done by a viewer: stopping takes less than starting', async () => {
    await asViewers(async () => {
      await say('calls Orders', approver);
      const view = await modal(approver, 'Live calls');
      const before = carrier.changes.length;
      await slack.clickInView(view, 'Hang up');
      await modal(approver, 'The call was hung up.');
      expect(carrier.changes).toHaveLength(before + 1);
    });
    await closeAll(approver);
  });

  test('pressed twice by one click is done once', async () => {
    const press = slack
      .deliveriesOf('block_actions')
      .findLast(({ payload }) => JSON.stringify(payload.actions).includes('call.hang_up'));
    const before = carrier.changes.length;
    const body = new URLSearchParams({ payload: JSON.stringify(press?.payload) }).toString();
    await Promise.all([stage.resend(body), stage.resend(body)]);
    await slack.settled();
    await say('list');
    await told(admin, 'Orders');
    expect(carrier.changes).toHaveLength(before);
  });

  test('comes too late for a call that has ended, and says so', async () => {
    const live = await replied(card, 'On the line now: Maya with P1');
    await end(first, 'completed', 94);
    await replied(card, 'The call has ended: Maya with P1');
    expect(textOf(slack.current(live))).toContain('Show call');
    const late = slack
      .deliveriesOf('block_actions')
      .findLast(({ payload }) => JSON.stringify(payload.actions).includes('call.take_over'));
    stage.forget(admin);
    const again = { ...(late?.payload as object), trigger_id: 'later.1' };
    await stage.resend(new URLSearchParams({ payload: JSON.stringify(again) }).toString());
    await told(admin, 'The call has ended already, so nothing was done.');
  });
});

describe('a call afterwards', () => {
  test('is shown with everything that was said, and its recording comes to whoever asks, alone', async () => {
    await record(firstCall);
    await deps.db
      .update(calls)
      .set({ summary: `Drives. ${EVIL}`, answers: { when: 'tomorrow' } })
      .where(eq(calls.id, firstCall));
    stage.forget(teammate);
    await slack.click(await replied(card, 'The call has ended: Maya with P1'), 'Show call', teammate);
    const view = await modal(teammate, 'Send me the recording');
    const text = textOf(view);
    expect(text).toContain('was called by Maya in *Orders*: answered');
    expect(text).toContain('*when* tomorrow');
    expect(text).toContain('Call me tomorrow.');
    expect(mrkdwnOf(view.view)).not.toContain('<!channel>');
    carrier.fetchRecording = async () => ({ stream: audio(), contentType: 'audio/mpeg' }) as never;
    await slack.clickInView(view, 'Send me the recording');
    await modal(teammate, 'It is in your direct messages with me.');
    const sent = slack.messages(slack.directMessage(teammate)).at(-1);
    expect(JSON.stringify(sent?.files)).toContain('.mp3');
    await closeAll(teammate);
  });

  test('that was long is read page by page', async () => {
    const rows = Array.from({ length: 60 }, (_, n) => ({
      callId: firstCall,
      seq: 100 + n,
      role: 'contact' as const,
      text: `line ${n} ${'and so on '.repeat(40)}`,
      createdAt: deps.clock.now(),
    }));
    await deps.db.insert(callTurns).values(rows);
    await say(`contact ${first}`);
    await slack.click(await told(admin, 'Orders'), 'Show call');
    const view = await modal(admin, 'Page 1 of');
    expect(textOf(view)).not.toContain('line 59 ');
    for (let page = 2; !textOf(slack.openView(admin) ?? view).includes('line 59 '); page += 1) {
      expect(page).toBeLessThan(20);
      await slack.clickInView(view, 'Later');
      await modal(admin, `Page ${page} of`);
    }
    await slack.clickInView(view, 'Earlier');
    await slack.waitFor(() => !textOf(slack.openView(admin) ?? view).includes('line 59 '), 'the page before');
    await closeAll(admin);
  });
});

describe('/campaign contact', () => {
  test('tells where somebody stands everywhere, with every call', async () => {
    await say(`contact ${first}`, teammate);
    const answer = textOf(await told(teammate, 'In “Orders”'));
    expect(answer).toContain(`*${first}*`);
    expect(answer).toContain('Call 1, today at 14:00, New York time: answered');
    expect(answer).toContain('was called by Maya in *Orders*: answered');
    expect(answer).toContain('recorded');
    expect(answer).toContain('&lt;!channel&gt;');
    await say('contact (212) 555-0500', teammate);
    await told(teammate, `*${first}*`);
  });

  test('shows a viewer where they stand, with a masked number and nothing that was said', async () => {
    await asViewers(async () => {
      await say(`contact ${first}`, approver);
      const answer = textOf(await told(approver, 'What was said on calls is for editor, launcher, admin'));
      expect(answer).toContain('*+1 212 •••-••00*');
      expect(answer).not.toContain(first);
      expect(answer).not.toContain('Drives.');
      expect(answer).not.toContain('Show call');
    });
  });

  test('turns the pages of many calls, for whoever looked and for nobody else', async () => {
    const [call] = await deps.db.select().from(calls).where(eq(calls.id, firstCall));
    if (!call) throw new Error('the call is gone');
    for (let n = 0; n < 9; n += 1) {
      const { id: _, ...copy } = call;
      const own = { token: `copy-${n}`, providerRef: `CAcopy${n}`, attemptId: null, listenPostId: null };
      await deps.db.insert(calls).values({ ...copy, ...own });
    }
    await say(`contact ${first}`);
    const page = await told(admin, 'Calls 1 to 6 of 10 calls');
    expect(JSON.stringify(page.blocks)).not.toContain(`"value":"${first}`);
    await slack.click(page, 'Older');
    await slack.waitFor(() => textOf(slack.current(page)).includes('Calls 7 to 10 of 10'), 'the older ones');
    const press = slack
      .deliveriesOf('block_actions')
      .findLast(({ payload }) => JSON.stringify(payload.actions).includes('contact.page'));
    const payload = (press?.payload ?? {}) as JsonObject;
    stage.forget(teammate);
    const stolen = {
      ...payload,
      user: { ...(payload.user as JsonObject), id: teammate },
      response_url: undefined,
      trigger_id: 'stolen.1',
    };
    await stage.resend(new URLSearchParams({ payload: JSON.stringify(stolen) }).toString());
    await slack.waitFor(
      () => slack.messages(slack.directMessage(teammate)).some((m) => textOf(m).includes('no longer known')),
      'the refusal',
    );
  });

  test.each([
    ['contact', 'Say the phone number: /campaign contact +14155550123'],
    [
      'contact 12',
      'That number cannot be used. Short numbers such as 911 or 72345 cannot be reached by a campaign. Give the full number. Nothing was done.',
    ],
    ['contact +12125550999', 'is in no campaign of this workspace'],
  ])('answers “%s” with a sentence', async (words, answer) => {
    await say(words);
    await told(admin, answer);
  });
});

describe('a redial', () => {
  test('of a campaign that still runs is refused in words', async () => {
    await say('redial Orders');
    await told(admin, 'so it cannot be run again');
  });

  test('is prepared from the result card after a question, and started from what it shows', async () => {
    await end(second, 'no_answer');
    await end(third, 'completed');
    await end(fourth, 'no_answer');
    await end(fifth, 'busy');
    await end(sixth, 'busy');
    const result = await replied(card, 'Result of Orders');
    expect(textOf(result)).toContain('*Calls placed* 6');
    await asViewers(async () => {
      stage.forget(approver);
      await slack.click(result, 'Redial no-answers', approver);
      await told(approver, 'You may not start campaigns.');
    });
    stage.forget(admin);
    await slack.click(result, 'Redial no-answers');
    const again = await told(admin, 'Orders: 📝 Draft');
    expect(textOf(again)).toContain('Start');
    expect(await stage.statusOf(campaignId)).toBe('draft');
    await slack.click(result, `${campaignId}.all`);
    await told(admin, 'so it cannot be run again');
  });

  test('typed asks first, and offers only what there is', async () => {
    await deps.db.execute(`update campaigns set status = 'completed' where id = ${campaignId}`);
    await deps.db.execute(`update contacts set status = 'busy' where phone_number = '${fifth}'`);
    await deps.db.execute(`update campaign_counts set busy = 1 where campaign_id = ${campaignId}`);
    await say('redial Orders voicemail');
    await told(admin, 'nobody is left whose last call ended like that');
    await say('redial Orders');
    const asked = await told(admin, 'Whom shall *Orders*');
    expect(await stage.statusOf(campaignId)).toBe('completed');
    expect(textOf(asked)).toContain('Prepare a redial?');
  });

  test('of texts is none', async () => {
    const id = await stage.campaign('Only texts', { phones: phones(1, 590) });
    await deps.db.execute(`update campaigns set status = 'completed' where id = ${id}`);
    await say('redial Only texts');
    await told(admin, 'so there is nothing to redial');
  });
});

test('a call worth attention is told in the thread, with the way to what was said', async () => {
  const [phone = ''] = phones(1, 580);
  const id = await draft('Callbacks', [phone]);
  const root = await shown(HERE, 'Callbacks');
  await ring(id, [phone]);
  const callId = await pickUp(phone, [
    { role: 'assistant', text: 'Hello.' },
    { role: 'contact', text: 'Call me tomorrow at three.' },
  ]);
  const callbackAt = new Date(deps.clock.now().getTime() + 86_400_000);
  await deps.db.update(calls).set({ callbackAt }).where(eq(calls.id, callId));
  await end(phone, 'completed', 20);
  const note = await replied(root, 'Wants to be called again: P1 (+1 212 •••-••80)');
  expect(textOf(note)).not.toContain(phone);
  await slack.click(note, 'Show call', teammate);
  expect(textOf(await modal(teammate, 'Call me tomorrow at three.'))).toContain('*Call again* ');
  await closeAll(teammate);
});

test('a retired assistant’s calls keep their story', async () => {
  await deps.db.update(assistants).set({ isActive: false }).where(eq(assistants.name, 'Maya'));
  await say(`contact ${first}`);
  await told(admin, 'was called by Maya');
});

/** A note about a call, as the end of a conversation or a call to us posts it. */
async function noted(callId: number, isLive: boolean): Promise<SlackMessage> {
  const contactName = `Noted ${callId}`;
  await deps.db.transaction((tx) =>
    announce(tx, deps, {
      workspaceId,
      campaignId,
      channelId: HERE,
      key: `noted-${callId}`,
      content: { ...callNote, callId, campaignId, contactName, isLive },
    }),
  );
  return replied(card, contactName);
}

let presses = 0;

/** A press as Slack would send it from a place without a channel, by anybody. */
function pressBy(userId: string, name: string, value: string): object {
  presses += 1;
  return {
    type: 'block_actions',
    user: { id: userId },
    team: { id: slack.standIn.context.workspace.team.id },
    trigger_id: `forged.${presses}`,
    container: { type: 'view' },
    actions: [{ type: 'button', action_id: name, block_id: 'b', value, action_ts: '1.0' }],
  };
}

async function* audio() {
  yield Buffer.from('ID3 the whole conversation');
}

/** What Slack would interpret as markup in a view. */
function mrkdwnOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  const own = 'type' in value && value.type === 'mrkdwn' && 'text' in value ? String(value.text) : '';
  return [own, ...Object.values(value).map(mrkdwnOf)].join('\n');
}
