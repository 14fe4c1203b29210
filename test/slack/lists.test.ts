import { eq } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { consents } from '#db/policy-schema.ts';
import { contacts, suppressions, workspaces } from '#db/schema.ts';
import { checkSuppression } from '#operations/check-suppression.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import type { SlackView } from '#sandbox/page-protocol.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, workspaceId, told, shown, modal, campaign, replied } = stage;
const { admin, teammate } = people;
const HERE = channels.campaigns;
const say = (words: string, userId: string = admin) => {
  stage.forget(userId);
  return slack.slash(userId, HERE, `/campaign ${words}`);
};
const listed = async (phone: string) => (await checkSuppression(deps, { workspaceId, phone })).entries;
const errorsOf = (view: SlackView) => slack.openView(view.userId)?.errors ?? {};
const close = async (userId: string) => {
  for (let view = slack.openView(userId); view; view = slack.openView(userId)) await slack.closeView(view);
};

describe('the do-not-call list', () => {
  test('takes a number for calls, for one campaign, with a reason, and says what it keeps them from', async () => {
    const id = await campaign('Autumn');
    await say('dnc add +12125550301 calls because they wrote to us');
    await told(admin, '+12125550301 is on the do-not-call list now: no campaign of this workspace calls it.');
    await say('dnc add +12125550302 texts in Autumn');
    await told(admin, '+12125550302 is on the do-not-call list now: the campaign “Autumn” never texts it.');
    await say('dnc check +12125550301');
    expect(textOf(await told(admin, 'Calls, since'))).toContain('they wrote to us');
    expect(await listed('+12125550302')).toMatchObject([{ channel: 'sms', onlyCampaignId: id }]);
    await say('dnc remove +12125550302 calls');
    await told(admin, 'is not on the do-not-call list with such an entry. Nothing was changed.');
    await say('dnc remove +12125550302 in Autumn');
    await told(admin, 'is off the do-not-call list of “Autumn”');
    await say('dnc add +12125550309');
    await told(admin, '+12125550309 is on the do-not-call list now');
    await say('dnc add +12125550309 texts in Autumn');
    await told(admin, '+12125550309 is on the do-not-call list now');
    await say('dnc remove +12125550309 in Autumn');
    const removed = textOf(await told(admin, '+12125550309 is off the do-not-call list of “Autumn”'));
    expect(removed).toContain('It still stands there');
    expect(removed).toContain('Calls and texts, since');
    await say('dnc add +12125550303 in Nowhere');
    await told(admin, 'There is no campaign “Nowhere”');
    expect(await listed('+12125550303')).toEqual([]);
  });

  test('takes a range, tells it of every number in it, and gives it back', async () => {
    await say('dnc add +1646555* because premium');
    await told(
      admin,
      '+1646555* is on the do-not-call list now: no campaign of this workspace calls or texts',
    );
    await say('dnc check +16465550111');
    await told(admin, 'The range +1646555');
    await say('dnc add 646*');
    await told(admin, 'A range begins with + and the country code');
    await say('dnc remove +1646555*');
    await told(admin, '+1646555* is off the do-not-call list');
    await say('dnc check +16465550111');
    await told(admin, '+16465550111 is not on the do-not-call list.');
  });

  test('names the campaigns when several are meant, and does nothing', async () => {
    const [one, two] = [await campaign('Winter north'), await campaign('Winter south')];
    await say('dnc add +12125550304 in Winter');
    const answer = textOf(await told(admin, 'fits several campaigns, so nothing was done'));
    expect(answer).toContain(String(one));
    expect(answer).toContain(String(two));
    expect(await listed('+12125550304')).toEqual([]);
  });

  test('is shown a page at a time, and whole numbers only to those who may export them', async () => {
    for (let index = 0; index < 12; index += 1)
      await suppressNumber(deps, {
        workspaceId,
        phone: `+121255503${String(40 + index)}`,
        channel: 'all',
        reason: `row ${index}`,
        source: 'manual',
        actor: { kind: 'system' },
      });
    await say('dnc list');
    const list = await told(admin, 'On the do-not-call list');
    expect(textOf(list)).toContain('+12125550351');
    expect(textOf(list)).not.toContain('+12125550340');
    await slack.click(list, 'Older');
    await slack.waitFor(() => textOf(slack.current(list)).includes('+12125550340'), 'the older entries');
    await deps.db.update(workspaces).set({ defaultRole: 'viewer' });
    await say('dnc list', teammate);
    expect(textOf(await told(teammate, 'On the do-not-call list'))).not.toContain('+12125550351');
    await say('dnc export', teammate);
    await told(teammate, 'You may not export results');
    await deps.db.update(workspaces).set({ defaultRole: 'launcher' });
  });

  test('is handed to whoever asks, in their direct messages and nowhere else', async () => {
    await say('dnc export', teammate);
    await told(teammate, 'comes to you as a CSV file in your direct messages');
    const message = await shown(
      slack.directMessage(teammate),
      'The do-not-call list. The numbers in it are whole',
    );
    expect(message.files.map(({ name }) => name)).toEqual(['do-not-call.csv']);
    expect(slack.messages(HERE).map(textOf).join()).not.toContain('The numbers in it are whole');
  });
});

describe('a file for the do-not-call list', () => {
  test('is loaded from a form, and its end is told to whoever asked', async () => {
    await say('dnc import');
    const form = await modal(admin, 'Which list it is');
    const file = await slack.chooseFile(admin, 'stop.csv', 'phone\n2125550401\n2125550402\nnobody\n');
    await slack.submit(form, { file: [file], kind: 'own' });
    await modal(admin, 'is being loaded into the do-not-call list');
    await close(admin);
    const end = textOf(await shown(slack.directMessage(admin), '2 numbers added to the do-not-call list'));
    expect(end).toContain('1 row holds no phone number');
    expect(await listed('+12125550402')).toMatchObject([{ source: 'import', actor: `slack:${admin}` }]);
  });

  test('that is the national list takes an admin, and ends the wait for a fresh one', async () => {
    await deps.db.update(workspaces).set({ nationalListDays: 31 });
    await say('dnc list');
    await told(admin, 'The national list was never loaded; with one older than 31 days nobody is contacted.');
    const load = async (userId: string) => {
      await say('dnc import', userId);
      const form = await modal(userId, 'Which list it is');
      const file = await slack.chooseFile(userId, 'national.txt', '212,5550411\n646,5550412\n');
      await slack.submit(form, { file: [file], kind: 'national' });
      return form;
    };
    const refused = await load(teammate);
    expect(JSON.stringify(errorsOf(refused))).toContain('You may not change the workspace’s settings');
    await close(teammate);
    await load(admin);
    await close(admin);
    await shown(slack.directMessage(admin), 'The national list counts as fresh');
    expect(await listed('+16465550412')).toHaveLength(1);
    const [workspace] = await deps.db.select().from(workspaces).where(eq(workspaces.id, workspaceId));
    expect(workspace?.nationalListAt).not.toBeNull();
  });

  test('may be dropped into a channel where it is too large for a form', async () => {
    const id = await campaign('Only here');
    const dropped = await slack.dropFile(admin, HERE, 'dropped.csv', 'number\n2125550421\n');
    const offer = await replied(dropped, 'as a list of contacts?');
    await slack.click(offer, 'Do-not-call list', admin);
    const form = await modal(admin, 'dropped.csv');
    await slack.submit(form, { kind: 'own', scope: String(id) });
    await close(admin);
    await shown(slack.directMessage(admin), 'From now on campaign');
    expect(await listed('+12125550421')).toMatchObject([{ onlyCampaignId: id }]);
  });
});

describe('consent', () => {
  test('is recorded with its day, its way and its words, shown, and withdrawn', async () => {
    await say('consent +12125550501');
    const empty = await told(admin, 'No consent of +12125550501 is in force');
    await slack.click(empty, 'Record consent');
    const form = await modal(admin, 'Day on which they gave it');
    expect(textOf(form)).not.toContain('5550501');
    await slack.submit(form, { channel: 'sms', given: '2030-01-01', method: 'web form' });
    expect(errorsOf(form)).toMatchObject({ given: expect.stringContaining('still to come') });
    await slack.submit(form, {
      channel: 'sms',
      given: '2026-02-15',
      method: 'web form',
      wording: 'I agree to *texts*.',
    });
    await modal(admin, 'is on record');
    await close(admin);
    const [row] = await deps.db.select().from(consents).where(eq(consents.phoneNumber, '+12125550501'));
    expect(row).toMatchObject({
      channel: 'sms',
      method: 'web form',
      wording: 'I agree to *texts*.',
      givenAt: new Date('2026-02-15T00:00:00Z'),
      actor: `slack:${admin}`,
    });
    await say('consent +12125550501');
    const story = await told(admin, '+12125550501 consented');
    expect(textOf(story)).toContain('Texts, given');
    await slack.click(story, 'Withdraw consent');
    await slack.waitFor(() => textOf(slack.current(story)).includes('– withdrawn'), 'the withdrawal');
    const [ended] = await deps.db.select().from(consents).where(eq(consents.phoneNumber, '+12125550501'));
    expect(ended).toMatchObject({ withdrawnBy: `slack:${admin}` });
  });

  test('asks for the number where none is said', async () => {
    await say('consent');
    await told(admin, 'Say the phone number: /campaign consent +14155550123');
  });
});

describe('a file with places and consents', () => {
  const FILE =
    'phone,name,zip,state,opt_in_date,opt_in_source\n' +
    '2125550701,Ann,33101,FL,2026-02-15,web form\n2125550702,Bob,90210,CA,no,\n2125550703,Cid,zz,??,,\n';

  test('is understood by its headers and values, and what came of each row is told', async () => {
    const id = await campaign('Placed', { channelId: HERE, phones: ['+12125550799'] });
    await say('import Placed');
    const form = await modal(admin, 'Import contacts');
    const file = await slack.chooseFile(admin, 'placed.csv', FILE);
    await slack.submit(form, { file: [file] });
    const columns = await modal(admin, 'The campaign has contacts already');
    const chosen = JSON.stringify(columns);
    for (const target of ['postcode', 'state', 'consent_at', 'consent_method'])
      expect(chosen).toMatch(new RegExp(`"initial_option":[^}]*}[^}]*"value":"${target}"`));
    await slack.submit(columns, {});
    const told = await slack.waitFor(
      () =>
        slack
          .messages(HERE)
          .flatMap((card) => slack.thread(card))
          .find((reply) => textOf(reply).includes('3 contacts loaded')),
      'the end of the import',
    );
    expect(textOf(told)).toContain('1 row: Consent noted, as the row says.');
    expect(textOf(told)).toContain('1 row: Loaded without consent: the row says no.');
    expect(textOf(told)).toContain('1 row: Loaded, but where they are cannot be read');
    const rows = await deps.db
      .select()
      .from(contacts)
      .where(eq(contacts.campaignId, id))
      .orderBy(contacts.phoneNumber);
    expect(rows.map(({ ownRegion, ownZones }) => [ownRegion, ownZones?.length ?? null])).toEqual([
      ['US-FL', 1],
      ['US-CA', 1],
      [null, 0],
      [null, null],
    ]);
    expect(await deps.db.$count(consents, eq(consents.phoneNumber, '+12125550701'))).toBe(1);
  });

  test('whose consent has a wording but no day is not loaded before that is chosen', async () => {
    await campaign('Unsaid', { channelId: HERE });
    await say('import Unsaid');
    const form = await modal(admin, 'Import contacts');
    const file = await slack.chooseFile(admin, 'unsaid.csv', FILE);
    await slack.submit(form, { file: [file] });
    const columns = await modal(admin, 'Columns of the file');
    await slack.submit(columns, { 'column.4': 'variable' });
    expect(JSON.stringify(errorsOf(columns))).toContain(
      'Choose the column that says whether or when they consented',
    );
    await close(admin);
  });
});

describe('the data of one person', () => {
  const PHONE = '+12125550601';

  test('is for admins alone', async () => {
    await say(`privacy ${PHONE}`, teammate);
    await told(teammate, 'You may not change the workspace’s settings');
  });

  test('is exported to whoever asked, in private', async () => {
    await campaign('Personal', { phones: [PHONE] });
    await say(`privacy ${PHONE}`);
    const kept = await told(admin, 'Kept about +1 212 •••-••01');
    expect(textOf(kept)).toContain('1 contact, 0 attempts');
    await slack.click(kept, 'Export');
    await told(admin, 'Everything kept about them is in your direct messages');
    const message = await shown(slack.directMessage(admin), 'Everything kept about +1 212');
    expect(message.files.map(({ name }) => name)).toEqual(['person.json']);
  });

  test('is erased after a typed word, and that is told when it is done', async () => {
    await say(`privacy ${PHONE}`);
    const kept = await told(admin, 'Kept about');
    await slack.click(kept, 'Erase…');
    const form = await modal(admin, 'is erased for good');
    expect(textOf(form)).not.toContain(PHONE);
    await slack.submit(form, { word: 'yes' });
    expect(errorsOf(form)).toMatchObject({ word: expect.stringContaining('Type “erase”') });
    expect(await deps.db.$count(contacts, eq(contacts.phoneNumber, PHONE))).toBe(1);
    await slack.submit(form, { word: 'Erase' });
    await modal(admin, 'They are being erased');
    await close(admin);
    await shown(slack.directMessage(admin), '+1 212 •••-••01 is erased: 1 contact, no attempt and no call');
    expect(await deps.db.$count(contacts, eq(contacts.phoneNumber, PHONE))).toBe(0);
    expect(await deps.db.select().from(suppressions).where(eq(suppressions.phoneNumber, PHONE))).toHaveLength(
      1,
    );
  });
});
