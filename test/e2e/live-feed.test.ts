import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from '#app.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { createToken } from '#operations/create-token.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { TEAM_ID } from '#sandbox/slack/seed.ts';
import { addContacts } from '#support/engine.ts';
import { connect, says } from '#support/feed.ts';
import { freePort } from '#support/free-port.ts';
import { startWorld, type World } from '#support/world.ts';

let world: World;
let web: App;
beforeAll(async () => {
  world = await startWorld();
  web = await startApp({ ...world.config, port: await freePort(), roles: ['web'] }, { log: world.log });
});
afterAll(async () => {
  await web.stop();
  await world.close();
  expect(world.log.lines?.filter((line) => line.startsWith('error'))).toEqual([]);
});

test('a socket of one process shows, to its end, a campaign that another process runs', async () => {
  const { deps } = world.app;
  const actor = { kind: 'slack_user', userId: world.slack.people.admin } as const;
  const { id: workspaceId } = await ensureWorkspace(deps, { slackTeamId: TEAM_ID });
  const { campaignId } = await createCampaign(deps, {
    workspaceId,
    actor,
    creationKey: 'live-feed',
    channelId: world.slack.channels.campaigns,
    name: 'Live',
    campaignType: 'sms',
    smsMessageTemplate: 'Hello {{name}}.',
    settings: { rateLimitPerMinute: 6000 },
  });
  await addContacts(
    deps,
    campaignId,
    ['80', '81', '80'].map((ending, place) => `+1212555${10 + place}${ending}`),
  );
  const { secret } = await createToken(deps, {
    workspaceId,
    actor,
    name: 'dashboard',
    scopes: ['read'],
    expiresAt: null,
  });
  const base = web.url.replace('http:', 'ws:');
  const client = connect(`${base}/ws/campaigns/${campaignId}/progress`, {
    protocols: ['ringmaster', `bearer.${secret}`],
  });
  const monitor = connect(`${base}/ws/campaigns/monitor?token=${secret}`);
  await client.message(says({ type: 'initial_progress', data: { status: 'draft' } }));
  const openSockets = async ({ url }: App) =>
    /^ringmaster_open_sockets (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
  expect([await openSockets(web), await openSockets(world.app)]).toEqual(['2', '0']);
  await changeStatus(deps, { campaignId, move: 'start', actor });
  const end = { type: 'progress_update', data: { status: 'completed', progress: { completed: 3 } } };
  await client.message(says(end), 0);
  await monitor.message(says(end), 0);

  await web.stop();
  expect((await client.closed).code).toBe(1001);
  expect((await monitor.closed).code).toBe(1001);
});
