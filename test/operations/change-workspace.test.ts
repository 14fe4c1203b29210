import { sql } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { readCampaign } from '#db/campaigns.ts';
import { campaigns, workspaces } from '#db/schema.ts';
import { readWorkspace } from '#db/workspaces.ts';
import { STATE_COLUMNS } from '#domain/approval.ts';
import { WORKSPACE_SETTING_NAMES } from '#domain/workspace-settings.ts';
import { changeStatus } from '#operations/change-status.ts';
import { changeWorkspaceSettings } from '#operations/change-workspace.ts';
import { showWorkspace } from '#operations/show-workspace.ts';
import { ANNA, createEngine, phones } from '#support/engine.ts';

const engine = await createEngine();
const { deps, workspace } = engine;
const workspaceId = workspace.id;
const SYSTEM = { kind: 'system' } as const;
const change = (changes: Parameters<typeof changeWorkspaceSettings>[1]['changes'], actor: Actor = SYSTEM) =>
  changeWorkspaceSettings(deps, { workspaceId, actor, changes });
type Actor = Parameters<typeof changeWorkspaceSettings>[1]['actor'];

/** Columns of a workspace that nobody sets: what Slack says of it, and what the product keeps for itself. */
const NOT_SET = ['id', 'slackTeamId', 'name', 'botUserId', 'isConnected', 'dialingAfterId', 'createdAt'];
/** Set by loading the list. */
const LOADED = ['nationalListAt'];

describe('settings of a workspace', () => {
  test('are all there: every column that is a policy can be set', () => {
    const columns = Object.keys(workspaces).filter((name) => !name.startsWith('_') && name !== 'enableRLS');
    expect([...WORKSPACE_SETTING_NAMES, ...NOT_SET, ...LOADED].sort()).toEqual(columns.sort());
  });

  test('are kept with what they were and are, and with who changed them', async () => {
    expect(
      await change({ requiresApproval: true, frequencyLimit: '', timeZone: 'America/New_York' }),
    ).toEqual({
      changed: ['frequencyLimit', 'requiresApproval'],
    });
    const [event] = await deps.db.execute<{ actor: string; details: unknown }>(
      sql`select actor, details from campaign_events where kind = 'workspace_changed' order by id desc limit 1`,
    );
    expect(event).toEqual({
      actor: 'system',
      details: {
        changes: {
          requiresApproval: { before: false, after: true },
          frequencyLimit: { before: 3, after: null },
        },
      },
    });
    expect(await showWorkspace(deps, { workspaceId })).toMatchObject({
      requiresApproval: true,
      frequencyLimit: null,
    });
    expect(await change({ requiresApproval: true })).toEqual({ changed: [] });
    expect(await change({ requiresApproval: false, frequencyLimit: 3 })).toMatchObject({
      changed: ['frequencyLimit', 'requiresApproval'],
    });
  });

  test('are refused whole when one is wrong, and to anybody but admins', async () => {
    await expect(change({ companyName: 'New name', timeZone: 'x' })).rejects.toMatchObject({
      code: 'settings_invalid',
    });
    await expect(change({ companyName: 'New name' }, ANNA)).rejects.toMatchObject({ code: 'not_allowed' });
    expect((await readWorkspace(deps.db, workspaceId))?.companyName).toBeNull();
  });

  test('hold for campaigns under way at once', async () => {
    const campaignId = await engine.campaign({ phones: phones(1) });
    await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
    await change({ requiresApproval: true });
    await engine.drain();
    expect((await readCampaign(deps.db, campaignId))?.campaign.hold).toEqual({ code: 'needs_approval' });
    expect(engine.carrier.requests).toHaveLength(0);
    await change({ requiresApproval: false });
    await engine.drain();
    expect(engine.carrier.requests).toHaveLength(1);
  });
});

test('what an approval leaves out are columns that there are', () => {
  const columns = Object.keys(campaigns);
  expect(STATE_COLUMNS.filter((name) => !columns.includes(name))).toEqual([]);
});

test('a rule that is made looser lets those in whom it had left out', async () => {
  await change({ requiresTextConsent: true, unknownPlace: 'skip' });
  const [first = '', second = ''] = phones(2, 700);
  const campaignId = await engine.campaign({ phones: [first, second, '+59812345678', '+15555550100'] });
  await deps.db.execute(sql`
    insert into consents (workspace_id, phone_number, channel, given_at, method, actor, created_at)
    select ${workspaceId}, n, 'all', ${deps.clock.now().toISOString()}::timestamptz, 'paper', 'U_ANNA',
      ${deps.clock.now().toISOString()}::timestamptz from unnest(array[${first}, '+15555550100']) n`);
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  const reasons = async () =>
    (
      await deps.db.execute<{ reason: string | null }>(
        sql`select skip_reason as reason from contacts where campaign_id = ${campaignId} order by id`,
      )
    ).map(({ reason }) => reason);
  expect(await reasons()).toEqual([null, 'no_consent', 'no_consent', 'no_time_zone']);
  await change({ requiresTextConsent: false, unknownPlace: 'intersect' });
  await engine.drain();
  expect(await reasons()).toEqual([null, null, null, null]);
  await changeStatus(deps, { campaignId, move: 'cancel', actor: ANNA });
});
