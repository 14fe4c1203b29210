import { beforeEach, describe, expect, it } from 'vitest';
import { changeStatus } from '#operations/change-status.ts';
import { changeWorkspaceSettings } from '#operations/change-workspace.ts';
import { overrideLaw } from '#operations/override-law.ts';
import { revokeLawOverride } from '#operations/revoke-law-override.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { ANNA, type CampaignOptions, createEngine, NOON, phones } from '#support/engine.ts';

const engine = await createEngine();
const { deps, carrier, clock } = engine;
const workspaceId = engine.workspace.id;
const accepting = carrier.answer;

const SYSTEM = { kind: 'system' } as const;

let used = 0;
/** Numbers nobody has contacted yet. */
function fresh(count: number): string[] {
  used += count;
  return phones(count, used - count);
}

beforeEach(() => {
  clock.set(NOON);
  carrier.answer = accepting;
  carrier.requests.length = 0;
});

/** A campaign of twelve is asked for ten and two; `happens` while the first ten are under way. */
async function interrupted(happens: (campaignId: number) => Promise<unknown>, options: CampaignOptions = {}) {
  const campaignId = await engine.campaign({ phones: fresh(12), ...options });
  let isFirst = true;
  carrier.answer = async (request) => {
    if (isFirst) {
      isFirst = false;
      clock.move(1_000);
      await happens(campaignId);
    }
    return accepting(request);
  };
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  return campaignId;
}

const bodies = () => carrier.requests.map(({ body }) => body.split(' ')[0]);

describe('what changes between the claim and the request', () => {
  it('is in the texts that are sent after a pause', async () => {
    await interrupted(
      async (campaignId) => {
        await changeStatus(deps, { campaignId, move: 'pause', actor: ANNA });
        await updateCampaign(deps, {
          campaignId,
          actor: ANNA,
          changes: { smsMessageTemplate: 'Right {{name}}' },
        });
        await changeStatus(deps, { campaignId, move: 'resume', actor: ANNA });
      },
      { template: 'Wrong {{name}}' },
    );
    expect(bodies()).toEqual([...Array(10).fill('Wrong'), ...Array(2).fill('Right')]);
  });

  it('is the law again when an override is revoked', async () => {
    const hours = [{ start: '08:00', end: '23:00', days: [...DAYS] }];
    await overrideLaw(deps, {
      workspaceId,
      actor: SYSTEM,
      ruleKey: 'US',
      hours,
      reason: 'Our lawyers said so.',
    });
    clock.set(new Date('2026-11-25T02:30:00Z'));
    const allowedHours = { start: '08:00', end: '23:00', days: [...DAYS] };
    await interrupted(() => revokeLawOverride(deps, { workspaceId, actor: SYSTEM, ruleKey: 'US' }), {
      settings: { allowedHours },
    });
    expect(carrier.requests).toHaveLength(10);
  });

  it('is the hours that the workspace keeps to', async () => {
    const ownHours = [{ start: '08:00', end: '12:00', days: [...DAYS] }];
    await interrupted(() =>
      changeWorkspaceSettings(deps, { workspaceId, actor: SYSTEM, changes: { ownHours } }),
    );
    expect(carrier.requests).toHaveLength(10);
    await changeWorkspaceSettings(deps, { workspaceId, actor: SYSTEM, changes: { ownHours: null } });
  });
});

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
