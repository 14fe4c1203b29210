import { expect, test } from 'vitest';
import { changeStatus } from '#operations/change-status.ts';
import { phones } from '#support/engine.ts';
import { setStage } from './stage.ts';

const { slack, people, channels, deps, told, shown, campaign } = await setStage();
const { admin, guest } = people;
const HERE = channels.campaigns;

test('/campaign evidence hands the file to the person who asks, and to nobody else', async () => {
  const id = await campaign('Evident', { phones: phones(2, 7_200), channelId: HERE });
  await shown(HERE, 'Evident');
  await changeStatus(deps, { campaignId: id, move: 'start', actor: { kind: 'slack_user', userId: admin } });
  await slack.slash(admin, HERE, `/campaign evidence ${id}`);
  await told(admin, 'comes to you as a CSV file in your direct messages');
  const message = await shown(slack.directMessage(admin), 'What each attempt of Evident rested on.');
  expect(message.files.map(({ name }) => name)).toEqual(['evident-evidence.csv']);
  const there = slack.messages(HERE).flatMap(({ files }) => files.map(({ name }) => name));
  expect(there).not.toContain('evident-evidence.csv');
});

test('a guest gets none', async () => {
  const id = await campaign('Guarded', { phones: phones(1, 7_300), channelId: HERE });
  await slack.slash(guest, HERE, `/campaign evidence ${id}`);
  await told(guest, 'You may not');
});
