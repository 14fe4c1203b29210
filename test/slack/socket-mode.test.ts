import { expect, test } from 'vitest';
import { setStage } from './stage.ts';
import { tellStory } from './story.ts';

const stage = await setStage({ delivery: 'socket' });

test('the same happens over a socket, for a bot without a public address', () =>
  tellStory(stage, { name: 'By socket', firstNumber: 800 }));

test('a socket that Slack recycles is opened again, and commands work after it', async () => {
  stage.slack.refreshSockets();
  await expect
    .poll(
      async () => {
        await stage.slack
          .slash(stage.people.admin, stage.channels.campaigns, '/campaign help')
          .catch(() => undefined);
        return stage.slack.ephemerals(stage.people.admin).length;
      },
      { interval: 500 },
    )
    .toBeGreaterThan(0);
});

test('over a socket nothing is taken by HTTP', async () => {
  const answer = await stage.edge.routes.request('/slack/events', { method: 'POST', body: '{}' });
  expect(answer.status).toBe(404);
});
