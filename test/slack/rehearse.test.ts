import { sql } from 'drizzle-orm/sql';
import { expect, test } from 'vitest';
import { changeWorkspace } from '#db/workspaces.ts';
import { phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const { slack, people, channels, deps, workspaceId, told, forget, campaign, statusOf, carrier } =
  await setStage();
const { admin, guest } = people;
const HERE = channels.campaigns;

const rehearse = (words: string, userId: string = admin) => {
  forget(userId);
  return slack.slash(userId, HERE, `/campaign rehearse ${words}`.trim());
};

test('a rehearsal prints the plan, and nobody is contacted', async () => {
  const id = await campaign('Dress', { phones: [...phones(12), '+13125550123', '+18005550123'] });
  await rehearse('Dress');
  const plan = textOf(await told(admin, 'Rehearsal of Dress'));
  expect(plan).toContain('Started now, it would make 13 texts to 13 of 14 contacts, for $0.');
  expect(plan).toContain('It would be finished');
  expect(plan).toContain('1 contact: Their time zone cannot be known');
  expect(plan).toContain('Nobody was contacted.');
  expect(plan).toMatch(/Tue 11-24 1\d:00 +13/);
  expect(plan).toMatch(/New York +Chicago/);
  expect(carrier.requests).toEqual([]);
  expect(await statusOf(id)).toBe('draft');
  const attempts = await deps.db.execute(sql`select id from attempts where campaign_id = ${id}`);
  expect(attempts).toHaveLength(0);
});

test('it says where the budget and the first attempts would stop it', async () => {
  const id = await campaign('Poor', { phones: phones(10, 200) });
  await deps.db.execute(sql`
    update campaigns set budget_limit_micros = 60000, canary_size = 2 where id = ${id}`);
  await rehearse(String(id));
  const plan = textOf(await told(admin, 'Rehearsal of Poor'));
  expect(plan).toContain('it would make 4 texts to 4 of 10 contacts');
  expect(plan).toContain('After the first 2 it holds');
  expect(plan).toContain('The budget is used up');
  expect(plan).toContain('with 6 contacts still waiting');
});

test('a campaign of very many is told what tells its cost and duration instead', async () => {
  const id = await campaign('Vast', { phones: phones(1, 290) });
  await deps.db.execute(sql`update campaign_counts set skipped = 200000 where campaign_id = ${id}`);
  await rehearse('Vast');
  const answer = textOf(await told(admin, 'a rehearsal takes up to 200,000'));
  expect(answer).toContain('The campaign has 200,001 contacts');
});

test('whom nobody has consent for is left out of the plan', async () => {
  await changeWorkspace(deps.db, workspaceId, { requiresTextConsent: true });
  await campaign('Unasked', { phones: phones(3, 300) });
  await rehearse('Unasked');
  expect(textOf(await told(admin, 'Rehearsal of Unasked'))).toContain(
    'nobody of 3 contacts would be contacted',
  );
  await changeWorkspace(deps.db, workspaceId, { requiresTextConsent: false });
});

test('a plan is no promise where nobody would be contacted as things stand', async () => {
  await campaign('Held back', { phones: phones(3, 350) });
  await rehearse('Held back');
  expect(textOf(await told(admin, 'Rehearsal of Held back'))).not.toContain('As things stand');
  await changeWorkspace(deps.db, workspaceId, {
    requiresApproval: true,
    requiresAttestation: true,
    nationalListDays: 31,
  });
  await rehearse('Held back');
  const plan = textOf(await told(admin, 'Rehearsal of Held back'));
  expect(plan).toContain('As things stand it would contact nobody');
  expect(plan).toContain('this one is not approved as it is now');
  expect(plan).toContain('nobody has, so nobody is contacted');
  expect(plan).toContain('The national do-not-call list');
  expect(plan).toContain('it would make 3 texts to 3 of 3 contacts');
  await changeWorkspace(deps.db, workspaceId, {
    requiresApproval: false,
    requiresAttestation: false,
    nationalListDays: null,
  });
});

test('what could not run at all says what is missing', async () => {
  await campaign('Hollow');
  await rehearse('Hollow');
  await told(admin, 'no contacts');
  await campaign('Wordless', { template: null, phones: phones(1, 400) });
  await rehearse('Wordless');
  await told(admin, 'message');
});

test('a guest may not look into it', async () => {
  await rehearse('Dress', guest);
  await told(guest, 'You may not look at campaigns here');
});
