import { eq } from 'drizzle-orm/sql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readCard } from '#db/cards.ts';
import { attempts, campaigns, contacts } from '#db/schema.ts';
import { recover } from '#operations/recover.ts';
import { touchCard } from '#operations/wake-campaign.ts';
import type { FaultName } from '#sandbox/carrier/faults.ts';
import type { PhoneText, SlackMessage } from '#sandbox/page-protocol.ts';
import { addContacts } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { startWorld, type World } from '#support/world.ts';
import { makeCampaign, pressResume, pressStart } from '#torture/campaign.ts';

/** A product minute is a real second, and a text whose answer was lost is looked for after twelve real seconds. */
const PACE = { speed: 60, haste: 5 };
const LIMITS = { timeout: 300_000 };
const PATIENCE = { timeout: 60_000, interval: 20 };
/** Their owners take a text and never answer. */
const PHONES = Array.from({ length: 10 }, (_, index) => `+1212556${String(index).padStart(2, '0')}80`);

let world: World;
let campaignId: number;

beforeEach(async () => {
  world = await startWorld(PACE);
  campaignId = await makeCampaign(world.app.deps, { name: 'Spring', phones: PHONES, concurrentLimit: 2 });
  await addContacts(world.app.deps, campaignId, PHONES);
});
afterEach(() => world.close());

/** Its card stands in the channel, and says that it may be started, before anything goes wrong. */
async function cardOfDraft(): Promise<SlackMessage> {
  const { deps } = world.app;
  await touchCard(deps.db, deps, campaignId);
  const card = await cardSaying('Start');
  await vi.waitFor(
    async () => expect(await readCard(deps.db, campaignId)).toMatchObject({ state: 'posted', ts: card.ts }),
    PATIENCE,
  );
  return card;
}

/** A call of Slack's Web API was answered like this; 0: its answer got lost. */
async function called(method: string, status: number): Promise<void> {
  const find = () => world.slack.callsTo(method).some((call) => call.status === status);
  await world.slack.waitFor(find, `${method} answered ${status}`);
}

function cards(): SlackMessage[] {
  const { slack } = world;
  return slack.messages(slack.channels.campaigns).filter((message) => textOf(message).startsWith('Spring: '));
}

async function cardSaying(words: string): Promise<SlackMessage> {
  const find = () => cards().find((message) => textOf(message).includes(words));
  return world.slack.waitFor(find, `a card saying “${words}”`);
}

async function threadSaying(card: SlackMessage, words: string): Promise<SlackMessage> {
  const find = () => world.slack.thread(card).find((message) => textOf(message).includes(words));
  return world.slack.waitFor(find, `a reply saying “${words}”`);
}

function directMessages(): string[] {
  const { slack } = world;
  return slack.messages(slack.directMessage(slack.people.admin)).map(textOf);
}

async function toldInPrivate(words: string): Promise<string> {
  const find = () => directMessages().find((message) => message.includes(words));
  return world.slack.waitFor(find, `a direct message saying “${words}”`);
}

async function campaignRow() {
  const [row] = await world.app.deps.db.select().from(campaigns).where(eq(campaigns.id, campaignId));
  return row;
}

/** Starts it; after so many texts the carrier takes no more until `letOn`, so that what follows happens in mid-run. */
async function runHalfWay(texts = 4): Promise<void> {
  const { carrier, app } = world;
  const seen = new Set<string>();
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = carrier.subscribe((change) => {
    if (change.type !== 'upsert' || change.table !== 'texts') return;
    seen.add((change.row as PhoneText).id);
    if (seen.size < texts) return;
    stop();
    carrier.fail('too_many_requests', null);
    resolve();
  });
  await pressStart(app.deps, campaignId);
  await promise;
}

function letOn(): void {
  world.carrier.heal('too_many_requests');
}

/** The campaign is completed, everybody was texted once and is known to have got it. */
async function expectEverybodyReachedOnce(): Promise<void> {
  await vi.waitFor(async () => expect(await campaignRow()).toMatchObject({ status: 'completed' }), PATIENCE);
  expect(textedNumbers()).toEqual(PHONES);
  const people = await world.app.deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
  expect(people.map(({ status }) => status)).toEqual(PHONES.map(() => 'completed'));
}

function textedNumbers(): string[] {
  return world.carrier
    .accepted()
    .map(({ to }) => to)
    .toSorted();
}

function errorsLogged(): string[] {
  return world.log.lines?.filter((line) => line.startsWith('error')) ?? [];
}

describe('while Slack fails, a campaign runs to its end and texts everybody once', LIMITS, () => {
  it('when its answers get lost after it did what was asked', async () => {
    const { slack } = world;
    const card = await cardOfDraft();
    slack.switchOn('slack-lose-answer');
    await pressStart(world.app.deps, campaignId);
    await expectEverybodyReachedOnce();
    await called('chat.update', 0);
    await called('chat.postMessage', 0);
    slack.switchOff('slack-lose-answer');
    expect((await cardSaying('✅ Completed')).ts).toBe(card.ts);
    expect(cards()).toHaveLength(1);
  });

  it('when it answers 500 for a while', async () => {
    const { slack } = world;
    const card = await cardOfDraft();
    slack.switchOn('slack-answer-500');
    await pressStart(world.app.deps, campaignId);
    await expectEverybodyReachedOnce();
    await called('chat.update', 500);
    slack.switchOff('slack-answer-500');
    expect((await cardSaying('✅ Completed')).ts).toBe(card.ts);
  });

  it('when it limits everything, and what it refused is told afterwards', async () => {
    const { slack } = world;
    const card = await cardOfDraft();
    slack.switchOn('slack-rate-limit');
    await pressStart(world.app.deps, campaignId);
    await expectEverybodyReachedOnce();
    await called('chat.update', 429);
    await called('chat.postMessage', 429);
    slack.switchOff('slack-rate-limit');
    expect((await cardSaying('✅ Completed')).ts).toBe(card.ts);
    await threadSaying(card, 'Result of Spring');
    expect(slack.thread(card).filter((reply) => textOf(reply).includes('Result of Spring'))).toHaveLength(1);
  });

  it('when each of its events comes twice', async () => {
    const { slack } = world;
    const card = await cardOfDraft();
    slack.switchOn('slack-duplicate-events');
    await runHalfWay();
    await slack.archive(slack.channels.campaigns);
    await toldInPrivate('was archived');
    await slack.archive(slack.channels.campaigns, false);
    letOn();
    await expectEverybodyReachedOnce();
    await threadSaying(card, 'Result of Spring');
    await slack.waitFor(() => slack.deliveriesOf('channel_archive').length === 2, 'the event to come twice');
    await slack.settled();
    expect(directMessages().filter((words) => words.includes('was archived'))).toHaveLength(1);
  });

  it('when the channel is archived: its maker hears of it in private, and the card is right once it is back', async () => {
    const { slack } = world;
    const card = await cardOfDraft();
    await runHalfWay();
    await slack.archive(slack.channels.campaigns);
    expect(await toldInPrivate('The channel of its card was archived')).toContain('It goes on running.');
    letOn();
    await expectEverybodyReachedOnce();
    expect(textOf(slack.current(card))).not.toContain('✅ Completed');
    await slack.archive(slack.channels.campaigns, false);
    expect((await cardSaying('✅ Completed')).ts).toBe(card.ts);
    expect(cards()).toHaveLength(1);
  });

  it('when the bot is removed from the channel and invited again', async () => {
    const { slack } = world;
    const card = await cardOfDraft();
    await runHalfWay();
    await slack.removeBot(slack.channels.campaigns);
    await toldInPrivate('Ringmaster was removed');
    letOn();
    await expectEverybodyReachedOnce();
    await slack.inviteBot(slack.channels.campaigns);
    expect((await cardSaying('✅ Completed')).ts).toBe(card.ts);
    expect(cards()).toHaveLength(1);
  });

  it('once it is connected again: without a token nobody could stop it, so it pauses', async () => {
    const { slack, app } = world;
    await cardOfDraft();
    await runHalfWay();
    slack.switchOn('slack-revoke-token');
    const paused = { status: 'paused', hold: { code: 'slack_disconnected' } };
    await vi.waitFor(async () => expect(await campaignRow()).toMatchObject(paused), PATIENCE);
    expect(textedNumbers().length).toBeLessThan(PHONES.length);
    slack.switchOff('slack-revoke-token');
    letOn();
    await pressResume(app.deps, campaignId);
    await expectEverybodyReachedOnce();
    await cardSaying('✅ Completed');
  });
});

describe('while the carrier fails, a campaign runs to its end and texts everybody once', LIMITS, () => {
  type Case = { what: string; faults: [FaultName, number][] };
  const cases: Case[] = [
    { what: 'when answers get lost after texts were accepted', faults: [['lose_answer', 3]] },
    { what: 'when it answers 500 though it accepted', faults: [['error_after_accepting', 3]] },
    { what: 'when it asks to slow down', faults: [['too_many_requests', 4]] },
    {
      what: 'when callbacks come early, twice and in the wrong order',
      faults: [
        ['early_callbacks', 4],
        ['duplicate_callbacks', 12],
        ['reordered_callbacks', 4],
      ],
    },
  ];
  it.each(cases)('$what', async ({ faults }) => {
    await runUnder(faults);
    await expectEverybodyReachedOnce();
    await expectAllDelivered();
  });

  it('when receipts get lost and have to be fetched', async () => {
    await runUnder([['lost_callbacks', 8]]);
    await reapUntilCompleted();
    await expectEverybodyReachedOnce();
    await expectAllDelivered();
  });

  it('when neither an answer nor a callback arrives, so that texts have to be looked for', async () => {
    await runUnder([
      ['lose_answer', 2],
      ['lost_callbacks', 8],
    ]);
    await reapUntilCompleted();
    await expectEverybodyReachedOnce();
    await expectAllDelivered();
  });

  it('when somebody forges callbacks that say a text failed', async () => {
    await runUnder([['forged_callback', 12]]);
    await expectEverybodyReachedOnce();
    await expectAllDelivered();
    const refused = world.carrier.snapshot().traffic.filter(({ status }) => status === 403);
    expect(refused).toHaveLength(12);
  });
});

async function runUnder(faults: [FaultName, number][]): Promise<void> {
  for (const [name, count] of faults) world.carrier.fail(name, count);
  await pressStart(world.app.deps, campaignId);
}

/** The reaper of every minute, more often. */
async function reapUntilCompleted(): Promise<void> {
  const isCompleted = async () => {
    await recover(world.app.deps);
    expect(await campaignRow()).toMatchObject({ status: 'completed' });
  };
  await vi.waitFor(isCompleted, { ...PATIENCE, interval: 250 });
}

/** Every attempt that reached the carrier got its receipt, and whatever was to go wrong has. */
async function expectAllDelivered(): Promise<void> {
  const { app, carrier } = world;
  const rows = await app.deps.db.select().from(attempts).where(eq(attempts.campaignId, campaignId));
  const placed = rows.filter(({ providerRef }) => providerRef !== null);
  expect(placed.map(({ outcome }) => outcome)).toEqual(PHONES.map(() => 'delivered'));
  expect(carrier.snapshot().faults.filter(({ isOn }) => isOn)).toEqual([]);
  expect(errorsLogged()).toEqual([]);
}
