import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type App, startApp } from '#app.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { createToken } from '#operations/create-token.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { addContacts } from '#support/engine.ts';
import { freePort } from '#support/free-port.ts';
import { startReceiver } from '#support/receiver.ts';
import { startWorld, type World } from '#support/world.ts';

const receiver = await startReceiver();
let world: World;
let second: App;

beforeAll(async () => {
  world = await startWorld({ haste: 10 });
  second = await startApp({ ...world.config, port: await freePort() }, { log: world.log });
});
afterAll(async () => {
  await second.stop();
  await world.close();
  expect(world.log.lines?.filter((line) => line.startsWith('error'))).toEqual([]);
});

/** The last two digits say how each answers: 80 never, 81 gladly, 82 with STOP. */
const QUIET = Array.from({ length: 12 }, (_, n) => `+1212555${String(10 + n)}80`);
const GLAD = '+12125553081';
const STOPPER = '+12125553182';

type Message = { id: number; type: string; campaign_id: number; data: Record<string, unknown> };

it('two processes tell a receiver that fails now and then everything that happens, signed, and nothing twice that it took', async () => {
  const { deps } = world.app;
  const actor = { kind: 'system' } as const;
  const { id: workspaceId } = await ensureWorkspace(deps, {
    slackTeamId: world.slack.standIn.context.workspace.team.id,
  });
  const { secret: token } = await createToken(deps, {
    workspaceId,
    actor,
    name: 'CRM',
    scopes: ['read', 'write'],
    expiresAt: null,
  });
  const ask = async (method: string, path: string, json?: object) => {
    const answer = await fetch(`${second.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(json && { body: JSON.stringify(json) }),
    });
    return answer.json();
  };
  const made = await ask('POST', '/webhooks', {
    url: receiver.url,
    events: ['campaign_status_changed', 'campaign_completed', 'contact_updated', 'reply_received', 'opt_out'],
  });
  const taken: Message[] = [];
  const failed = new Set<number>();
  receiver.answer = ({ body, headers }, response) => {
    const message: Message = JSON.parse(body);
    if (message.id % 3 === 0 && !failed.has(message.id)) {
      failed.add(message.id);
      return void response.writeHead(503).end();
    }
    const { t, v1 } = Object.fromEntries(
      String(headers['ringmaster-signature'])
        .split(',')
        .map((part) => part.split('=')),
    );
    expect(v1).toBe(createHmac('sha256', made.secret).update(`${t}.${body}`).digest('hex'));
    taken.push(message);
    response.writeHead(204).end();
  };
  const { campaignId } = await createCampaign(deps, {
    workspaceId,
    actor,
    creationKey: 'told',
    channelId: null,
    name: 'Told',
    campaignType: 'sms',
    smsMessageTemplate: 'Hello {{name}}',
    settings: { rateLimitPerMinute: 6000, concurrentLimit: 50 },
  });
  await addContacts(deps, campaignId, [...QUIET, GLAD, STOPPER]);
  await changeStatus(deps, { campaignId, move: 'start', actor });
  const ofType = (type: string) => taken.filter((one) => one.type === type);
  const isAllTold = () =>
    ofType('contact_updated').length >= QUIET.length + 2 &&
    ofType('campaign_status_changed').length >= 2 &&
    ofType('campaign_completed').length >= 1 &&
    ofType('reply_received').length >= 2 &&
    ofType('opt_out').length >= 1;
  const told = () => taken.map(({ type, data }) => `${type} ${data.status ?? data.verdict ?? ''}`).sort();
  await vi.waitFor(() => expect(isAllTold() || told()).toBe(true), { timeout: 60_000, interval: 200 });
  expect(failed.size).toBeGreaterThan(3);
  expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length);
  expect(taken.every((one) => one.campaign_id === campaignId)).toBe(true);
  expect(
    ofType('contact_updated')
      .map(({ data }) => data.phone_number)
      .sort(),
  ).toEqual([...QUIET, GLAD, STOPPER].sort());
  expect(ofType('opt_out')).toMatchObject([{ data: { phone_number: STOPPER, channel: 'all' } }]);
  expect(ofType('reply_received').map(({ data }) => data.verdict)).toContain('stop');
  expect(ofType('campaign_completed')).toMatchObject([{ data: { progress: { total_contacts: 14 } } }]);
  const log = await ask('GET', `/webhooks/${made.id}/deliveries?state=delivered`);
  expect(log.pagination.total_items).toBe(taken.length);
}, 120_000);
