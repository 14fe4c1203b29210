import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { showCampaign } from '#operations/show-campaign.ts';
import type { SlackMessage } from '#sandbox/page-protocol.ts';
import { EVENT_TYPES } from '#slack/events/types.ts';
import { phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const stage = await setStage({ slack: { fileShareLagMs: 400 } });
const { slack, people, channels, deps, told, shown, replied, modal, campaign, statusOf, carrier, edge } =
  stage;
const { admin, teammate, guest } = people;
const HERE = channels.campaigns;
const CSV = 'Phone,Name\n+12125550101,Ann\n';

/** Waits until everything that Slack delivered so far was handled. */
async function handled(): Promise<void> {
  await slack.settled();
  await expect
    .poll(
      async () => (await deps.db.execute('select 1 from slack_deliveries where handled_at is null')).length,
    )
    .toBe(0);
}
/** As a change of the campaign would, has its card drawn again. */
async function touch(name: string): Promise<void> {
  const [found] = await deps.db.execute<{ id: number }>(
    `update campaigns set version = version + 1 where name = '${name}' returning id`,
  );
  await deps.db.execute(
    `select graphile_worker.add_job('refresh_card', json_build_object('campaignId', ${found?.id}))`,
  );
}
const offersUnder = (message: SlackMessage) =>
  slack.thread(message).filter((reply) => textOf(reply).includes('as a list of contacts?'));

describe('a file in a channel', () => {
  test('is offered under its message, and not read', async () => {
    await campaign('A draft to add to', { channelId: HERE });
    await campaign('A draft of somebody else’s channel', { channelId: channels.general });
    const message = await slack.dropFile(teammate, HERE, 'clients.csv', CSV);
    const offer = await replied(message, 'Use clients.csv as a list of contacts?');
    expect(textOf(offer)).toContain('A draft to add to');
    expect(textOf(offer)).not.toContain('somebody else’s');
    expect(slack.deliveriesOf('file_shared')).not.toEqual([]);
    expect(slack.standIn.snapshot().traffic.some(({ title }) => title.includes('download'))).toBe(false);
  });

  test('is offered once though its event comes twice', async () => {
    slack.switchOn('slack-duplicate-events');
    const message = await slack.dropFile(teammate, HERE, 'twice.csv', CSV);
    await replied(message, 'Use twice.csv');
    await handled();
    slack.switchOff('slack-duplicate-events');
    expect(offersUnder(message)).toHaveLength(1);
  });

  test.each([
    ['report.xlsx', 'PK', '“report.xlsx”: This is an Excel workbook. Save it as CSV UTF-8'],
    ['list.numbers', 'PK', 'This is a spreadsheet document. Export it as CSV'],
  ])('%s is answered with the fix', async (name, bytes, words) => {
    const message = await slack.dropFile(teammate, HERE, name, bytes);
    await replied(message, words);
  });

  test.each(['photo.png', 'notes.txt', 'contract.pdf'])('%s is nobody’s business', async (name) => {
    const message = await slack.dropFile(teammate, HERE, name, 'whatever');
    await handled();
    expect(slack.thread(message)).toEqual([]);
  });

  test('that the bot uploaded itself is left alone', async () => {
    const before = slack.messages(HERE).length;
    await deps.chat.uploadFile(
      { channelId: HERE, threadTs: null },
      { name: 'mine.csv', title: 'Mine', comment: 'Here.', content: Buffer.from(CSV) },
    );
    const mine = await shown(HERE, 'Here.');
    await handled();
    expect(slack.thread(mine)).toEqual([]);
    expect(slack.messages(HERE).length).toBe(before + 1);
  });

  test('in a channel shared with another company is left alone', async () => {
    const message = await slack.dropFile(admin, channels.partner, 'partner.csv', CSV);
    await handled();
    expect(slack.thread(message)).toEqual([]);
  });

  test('can be added to a draft', async () => {
    const id = await campaign('Takes the dropped file', { channelId: HERE });
    const message = await slack.dropFile(teammate, HERE, 'more.csv', CSV);
    const offer = await replied(message, 'Use more.csv');
    await slack.click(offer, 'Takes the dropped file', teammate);
    const columns = await modal(teammate, 'Columns of the file');
    await slack.submit(columns, {});
    await expect.poll(async () => (await showCampaign(deps, { campaignId: id })).counts.pending).toBe(1);
    await replied(message, '1 contact loaded into');
  });

  test('is not turned into a campaign by a guest', async () => {
    const message = await slack.dropFile(teammate, HERE, 'guarded.csv', CSV);
    const offer = await replied(message, 'Use guarded.csv');
    await slack.click(offer, 'New campaign from this file', guest);
    await told(guest, 'You may not change campaigns');
    expect(slack.openView(guest)).toBeUndefined();
  });
});

describe('words to the bot', () => {
  test('with a file offer it in that thread, whatever its name', async () => {
    const parent = await slack.say(admin, HERE, 'our clients');
    const message = await slack.dropFile(admin, HERE, 'clients.txt', CSV, {
      comment: '<@U00RINGMASTER> use this',
      threadTs: parent.ts,
    });
    expect(message.threadTs).toBe(parent.ts);
    await replied(parent, 'Use clients.txt as a list of contacts?');
  });

  test('with a file by a guest, or among another company’s people, offer nothing', async () => {
    const comment = '<@U00RINGMASTER> use this';
    const theirs = await slack.dropFile(guest, HERE, 'theirs.txt', CSV, { comment });
    await told(guest, 'You may not change campaigns');
    const shared = await slack.dropFile(admin, channels.partner, 'shared.txt', CSV, { comment });
    await told(admin, 'shared with another company');
    expect([...offersUnder(theirs), ...offersUnder(shared)]).toEqual([]);
  });

  test('are obeyed like a command, in the thread', async () => {
    const id = await campaign('Spoken of', { phones: phones(1, 600) });
    await slack.say(admin, HERE, `<@U00RINGMASTER> why ${id}`);
    await told(admin, '“Spoken of” is a draft');
  });

  test('that would open a form are answered with a button that does', async () => {
    await campaign('Started by voice', { phones: phones(1, 610) });
    const message = await slack.say(admin, HERE, '<@U00RINGMASTER> start Started by voice');
    const answer = await told(admin, 'To start Started by voice, press the button.');
    expect(answer.threadTs).toBe(message.ts);
    await slack.click(answer, 'campaign.start');
    const view = await modal(admin, 'Before it starts');
    await slack.closeView(view);
  });

  test('by a guest are refused', async () => {
    await slack.say(guest, HERE, '<@U00RINGMASTER> list');
    await told(guest, 'You may not look at campaigns here');
  });
});

describe('the home tab', () => {
  test('shows what runs and what is being prepared, and does what its buttons say', async () => {
    carrier.answer = () => ({ kind: 'throttled', retryAfterMs: 60_000, code: '20429' });
    const id = await campaign('On the home tab', { phones: phones(5, 620) });
    await deps.db.execute(`update campaigns set status = 'running' where id = ${id}`);
    await slack.openHome(admin);
    const home = await slack.waitFor(() => slack.home(admin), 'the home tab');
    expect(textOf(home)).toContain('On the home tab');
    expect(textOf(home)).toContain('▶️ Running');
    await slack.clickInView(home, 'Pause');
    await expect.poll(() => statusOf(id)).toBe('paused');
    await slack.waitFor(() => {
      const now = slack.home(admin);
      return now && textOf(now).includes('⏸️ Paused');
    }, 'the home tab drawn again');
  });

  test('begins a campaign', async () => {
    await slack.openHome(teammate);
    const home = await slack.waitFor(() => slack.home(teammate), 'the home tab');
    await slack.clickInView(home, 'New campaign');
    const form = await modal(teammate, 'New text campaign');
    await slack.closeView(form);
  });

  test('shows a guest nothing but why', async () => {
    await slack.openHome(guest);
    const home = await slack.waitFor(() => slack.home(guest), 'the home tab');
    expect(textOf(home)).toContain('You may not look at campaigns here');
    expect(textOf(home)).not.toContain('On the home tab');
  });
});

describe('a channel', () => {
  test('that the bot is invited to gets one short hello', async () => {
    await slack.inviteBot(channels.general);
    await shown(channels.general, 'Hello. Drop a CSV file of contacts here');
    await handled();
    expect(
      slack.messages(channels.general).filter((message) => textOf(message).includes('Hello.')),
    ).toHaveLength(1);
  });

  test('shared with another company gets no hello, and nobody there may press anything', async () => {
    await slack.removeBot(channels.partner);
    await slack.inviteBot(channels.partner);
    await handled();
    expect(slack.messages(channels.partner).map(textOf).join()).not.toContain('Hello.');
    const buttons = [{ label: 'Why?', action: 'campaign.why', value: '1.1' }];
    await deps.chat.post(
      { channelId: channels.partner, threadTs: null },
      { kind: 'note', level: 'info', text: 'Left over.', buttons },
    );
    const leftOver = await shown(channels.partner, 'Left over.');
    await slack.click(leftOver, 'Why?', people.stranger);
    await told(people.stranger, 'You may not look at campaigns here');
    await slack.click(leftOver, 'Why?', admin);
    await told(admin, 'This channel is shared with another company');
  });

  test('that gets another id keeps its cards', async () => {
    const id = await campaign('Moves along', { phones: phones(1, 630), channelId: channels.general });
    await shown(channels.general, 'Moves along');
    const changed = slack.changeChannelId(channels.general);
    await handled();
    expect((await showCampaign(deps, { campaignId: id })).channelId).toBe(changed);
  });

  test('that is archived loses its cards, whoever made them hears of it, and its return revives them', async () => {
    await campaign('In the launch room', { phones: phones(1, 640), channelId: channels.launchRoom });
    await shown(channels.launchRoom, 'In the launch room');
    await slack.archive(channels.launchRoom);
    await shown(slack.directMessage(admin), 'The channel of its card was archived');
    await slack.archive(channels.launchRoom, false);
    await handled();
    await deps.db.execute(
      `update campaigns set name = 'Back in the launch room' where name = 'In the launch room'`,
    );
    await touch('Back in the launch room');
    await shown(channels.launchRoom, 'Back in the launch room');
    expect(slack.messages(channels.launchRoom)).toHaveLength(1);
  });

  test('that the bot is removed from loses its cards, and a new one can be had elsewhere', async () => {
    const id = await campaign('Thrown out', { phones: phones(1, 650), channelId: HERE });
    await shown(HERE, 'Thrown out');
    await slack.removeBot(HERE);
    await shown(slack.directMessage(admin), 'Ringmaster was removed from the channel of its card');
    await slack.inviteBot(HERE);
    await handled();
    stage.forget(admin);
    await slack.slash(admin, HERE, `/campaign show ${id}`);
    await slack.click(await told(admin, 'Post the card here'), 'Post the card here');
    await slack.waitFor(
      () =>
        slack.messages(HERE).filter((message) => textOf(message).includes(`Campaign ${id}, created by`))
          .length === 2,
      'a second card',
    );
  });
});

test('a card that somebody deletes is posted again', async () => {
  await campaign('Deleted card', { phones: phones(1, 660), channelId: HERE });
  const card = await shown(HERE, 'Deleted card');
  await slack.deleteMessage(card);
  await touch('Deleted card');
  await slack.waitFor(
    () =>
      slack
        .messages(HERE)
        .some((message) => textOf(message).includes('Deleted card') && message.ts !== card.ts),
    'the card again',
  );
});

test('what cannot be handled now is tried again', async () => {
  slack.switchOn('slack-answer-500', { methods: ['files.info'], count: 1 });
  const message = await slack.dropFile(teammate, HERE, 'late.csv', CSV);
  await replied(message, 'Use late.csv');
});

test('the manifest subscribes to the events we listen to and to no others', async () => {
  const manifest = await readFile('manifest.yml', 'utf8');
  const subscribed = /bot_events:\n((?: +- \w+\n)+)/.exec(manifest)?.[1] ?? '';
  expect(
    subscribed
      .split(/[\s-]+/)
      .filter(Boolean)
      .sort(),
  ).toEqual([...EVENT_TYPES].sort());
});

test('an event that nobody listens to is acknowledged and forgotten', async () => {
  await expect(
    edge.handleDelivery({
      id: 0,
      kind: 'event',
      payload: { type: 'event_callback', team_id: 'T00SANDBOX', event: { type: 'emoji_changed' } },
    }),
  ).resolves.toBeUndefined();
});

test('a token that is revoked pauses what runs', async () => {
  const id = await campaign('Cut off', { phones: phones(5, 670) });
  await deps.db.execute(`update campaigns set status = 'running' where id = ${id}`);
  slack.switchOn('slack-revoke-token');
  await expect.poll(() => statusOf(id)).toBe('paused');
  expect((await showCampaign(deps, { campaignId: id })).hold).toMatchObject({ code: 'slack_disconnected' });
  slack.switchOff('slack-revoke-token');
  await slack.slash(admin, HERE, '/campaign help');
  const [workspace] = await deps.db.execute('select is_connected from workspaces');
  expect(workspace).toEqual({ is_connected: true });
});
