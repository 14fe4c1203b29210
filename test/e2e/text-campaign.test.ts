import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackMessage, SlackView } from '#sandbox/page-protocol.ts';
import { textOf } from '#support/slack.ts';
import { startWorld, type World } from '#support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world.close();
  expect(world.log.lines?.filter((line) => line.startsWith('error'))).toEqual([]);
});

/** The last two digits say how each answers: 80 never, 81 gladly, 82 with STOP, 83 with something like it. */
const PEOPLE = {
  ada: '+12125551080',
  grace: '+12125551180',
  linus: '+12125551281',
  stopper: '+12125551382',
  nearly: '+12125551483',
};

function fileOf(...rows: string[]) {
  return ['Phone Number,Full Name,Company', ...rows].join('\r\n');
}

async function formSaying(words: string): Promise<SlackView> {
  const { slack } = world;
  return slack.waitFor(() => {
    const view = slack.openView(slack.people.admin);
    return view && textOf(view).includes(words) ? view : null;
  }, `a form saying “${words}”`);
}

async function threadSaying(root: SlackMessage, words: string): Promise<SlackMessage> {
  const find = () => world.slack.thread(root).find((message) => textOf(message).includes(words));
  return world.slack.waitFor(find, `a reply saying “${words}”`);
}

async function cardSaying(name: string, words: string): Promise<SlackMessage> {
  const { slack } = world;
  const find = () =>
    slack
      .messages(slack.channels.campaigns)
      .find((message) => textOf(message).startsWith(`${name}: `) && textOf(message).includes(words));
  return slack.waitFor(find, `the card of ${name} saying “${words}”`);
}

/** Drops a file, makes a campaign of it and writes its message; returns the card of the draft. */
async function draftFromFile(fileName: string, file: string, message: string): Promise<SlackMessage> {
  const { slack } = world;
  const { admin } = slack.people;
  const name = fileName.replace('.csv', '');
  const dropped = await slack.dropFile(admin, slack.channels.campaigns, fileName, file);
  const offer = await slack.waitFor(() => slack.thread(dropped)[0], 'an offer under the file');
  await slack.click(offer, 'New campaign from this file');
  await slack.submit(await formSaying('Columns of the file'));
  await slack.submit(await formSaying('what to send'), { message });
  await slack.submit(await formSaying('when and how fast'), { 'Starts per minute': '600' });
  await threadSaying(dropped, 'loaded into');
  return cardSaying(name, 'Start');
}

/** Settles when the carrier has taken so many texts from now on; it takes no more until `too_many_requests` is healed. */
function takesOnly(count: number): Promise<void> {
  const { carrier } = world;
  const { promise, resolve } = Promise.withResolvers<void>();
  const before = carrier.accepted().length;
  const stop = carrier.subscribe(() => {
    if (carrier.accepted().length < before + count) return;
    stop();
    carrier.fail('too_many_requests', null);
    resolve();
  });
  return promise;
}

async function launch(card: SlackMessage): Promise<void> {
  await world.slack.click(world.slack.current(card), 'Start');
  await world.slack.submit(await formSaying('Before it starts'));
}

async function say(command: string): Promise<string> {
  const { slack } = world;
  const { admin } = slack.people;
  const before = new Set(slack.ephemerals(admin).map((message) => message.id));
  await slack.slash(admin, slack.channels.campaigns, `/campaign ${command}`);
  const answer = await slack.waitFor(
    () => slack.ephemerals(admin).find((message) => !before.has(message.id)),
    `an answer to ${command}`,
  );
  return textOf(answer);
}

describe('a text campaign, from a dropped file to its finished thread', { timeout: 300_000 }, () => {
  it('loads the good rows, returns the bad ones, texts everybody once, and hears what they answer', async () => {
    const rows = [
      `${PEOPLE.ada},ada lovelace,Acme`,
      '(212) 555-1180,Grace,Navy',
      `${PEOPLE.linus},Linus,Acme`,
      `${PEOPLE.stopper},Stan,Acme`,
      `${PEOPLE.nearly},Nell,Acme`,
      '911,Emergency,None',
      `${PEOPLE.ada},Twice,Acme`,
    ];
    const card = await draftFromFile(
      'spring.csv',
      fileOf(...rows),
      'Hello {{name|title_case}} from {{company}}',
    );
    await launch(card);
    await cardSaying('spring', '✅ Completed');

    const texts = world.carrier.accepted().map((text) => ({ to: text.to, body: text.body }));
    expect(texts.toSorted((a, b) => a.to.localeCompare(b.to))).toEqual([
      { to: PEOPLE.ada, body: 'Hello Ada Lovelace from Acme' },
      { to: PEOPLE.grace, body: 'Hello Grace from Navy' },
      { to: PEOPLE.linus, body: 'Hello Linus from Acme' },
      { to: PEOPLE.stopper, body: 'Hello Stan from Acme' },
      { to: PEOPLE.nearly, body: 'Hello Nell from Acme' },
    ]);
    await threadSaying(card, 'Result of spring');
    const file = await threadSaying(card, 'The results, contact by contact');
    expect(file.files.map(({ name }) => name)).toEqual(['spring-results.csv']);
  });

  it('shows answers in the thread with masked numbers, and acts on an opt-out before anybody reads it', async () => {
    const card = await cardSaying('spring', '✅ Completed');
    const stop = await threadSaying(card, 'STOP');
    await threadSaying(card, 'Yes please');
    const near = await threadSaying(card, 'stop texting me please');
    for (const number of Object.values(PEOPLE)) {
      expect(world.slack.thread(card).map(textOf).join('\n')).not.toContain(number.slice(2));
    }
    expect(textOf(stop)).not.toContain('Reply');
    expect(await say(`dnc check ${PEOPLE.stopper}`)).toContain('opt-out');
    expect(await say(`dnc check ${PEOPLE.nearly}`)).toMatch(/not on the do-not-call list/i);
    expect(textOf(near)).toContain('Do not contact');
  });

  it('answers the person who wrote, once, from the number they wrote to', async () => {
    const { slack, carrier } = world;
    const card = await cardSaying('spring', '✅ Completed');
    const reply = await threadSaying(card, 'Yes please');
    await slack.click(slack.current(reply), 'Reply');
    const form = await formSaying('Reply');
    await slack.submit(form, { 'Your answer': 'We will call you at three.' });
    const sent = await slack.waitFor(
      () => carrier.accepted().find((text) => text.body === 'We will call you at three.'),
      'the answer at the carrier',
    );
    expect(sent.to).toBe(PEOPLE.linus);
  });

  it('pauses and resumes where it stopped', async () => {
    const { slack, carrier } = world;
    const rows = Array.from({ length: 20 }, (_, i) => `+1212556${String(i).padStart(2, '0')}80,P${i},Acme`);
    const card = await draftFromFile('summer.csv', fileOf(...rows), 'Hi {{name}}');
    const before = carrier.accepted().length;
    const isUnderWay = takesOnly(5);
    await launch(card);
    await isUnderWay;
    await slack.click(await cardSaying('summer', '▶️ Running'), 'Pause');
    await cardSaying('summer', 'Paused');
    expect(carrier.accepted().length - before).toBeLessThan(20);
    carrier.heal('too_many_requests');
    expect(await say('why summer')).toContain('is paused');
    await slack.click(await cardSaying('summer', 'Paused'), 'Resume');
    await cardSaying('summer', '✅ Completed');
    const numbers = carrier
      .accepted()
      .slice(before)
      .map((text) => text.to);
    expect(numbers).toHaveLength(20);
    expect(new Set(numbers).size).toBe(20);
  });

  it('is in the figures that operators watch, without anybody’s number', async () => {
    const text = await (await fetch(`${world.app.url}/metrics`)).text();
    expect(text).toMatch(/^ringmaster_attempts_total\{channel="sms",outcome="delivered"\} \d+$/m);
    expect(text).toMatch(
      /^ringmaster_provider_request_seconds_count\{request="send_text",result="accepted"\} \d+$/m,
    );
    expect(text).toMatch(
      /^ringmaster_http_request_seconds_count\{method="POST",route="\/slack\/events",status="200"\} /m,
    );
    expect(text).toMatch(/^ringmaster_running_campaigns 0$/m);
    expect(text).not.toMatch(/1212555|1212556/);
  });
});
