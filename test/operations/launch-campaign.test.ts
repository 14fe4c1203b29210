import { eq } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { campaigns } from '#db/schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { launchCampaign } from '#operations/launch-campaign.ts';
import { scheduleCampaign } from '#operations/schedule-campaign.ts';
import { ANNA, createEngine, phones } from '#support/engine.ts';

const { deps, carrier, campaign, drain } = await createEngine();
const TOKEN = { kind: 'api_token', tokenId: 1 } as const;
const AT = new Date('2026-11-25T14:00:00.000Z');
const MORNING = { schedule_type: 'scheduled', scheduled_at: AT.toISOString() };

const statusOf = async (id: number) => {
  const [row] = await deps.db.select().from(campaigns).where(eq(campaigns.id, id));
  return row?.status;
};

/** Does something once while the checks before a start are under way: they ask the provider. */
function meanwhile(work: () => Promise<unknown>) {
  const { ownsNumber } = carrier;
  carrier.ownsNumber = async () => {
    carrier.ownsNumber = ownsNumber;
    await work();
    return true;
  };
}

describe('a launch', () => {
  test('that comes twice at once starts the campaign once', async () => {
    const campaignId = await campaign({ phones: phones(1) });
    const both = await Promise.allSettled([
      launchCampaign(deps, { campaignId, actor: TOKEN }),
      launchCampaign(deps, { campaignId, actor: TOKEN }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = both.find((one) => one.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'already_done' });
    await drain();
    expect(carrier.requests).toHaveLength(1);
  });

  test('does not overtake a schedule that somebody saves meanwhile', async () => {
    const campaignId = await campaign({ phones: phones(1, 10) });
    meanwhile(() => scheduleCampaign(deps, { campaignId, actor: ANNA, schedule: MORNING }));
    const launched = await launchCampaign(deps, { campaignId, actor: TOKEN });
    expect([launched.scheduledAt, await statusOf(campaignId)]).toEqual([AT, 'scheduled']);
  });

  test('resumes what somebody has paused meanwhile only if it may', async () => {
    const campaignId = await campaign({ phones: phones(1, 20) });
    await launchCampaign(deps, { campaignId, actor: TOKEN });
    await changeStatus(deps, { campaignId, move: 'pause', actor: ANNA });
    meanwhile(() => changeStatus(deps, { campaignId, move: 'cancel', actor: ANNA }));
    await expect(launchCampaign(deps, { campaignId, actor: TOKEN })).rejects.toMatchObject({
      code: 'all_contacts_processed',
    });
    expect(await statusOf(campaignId)).toBe('cancelled');
  });

  test('of a campaign that keeps being changed gives up in words', async () => {
    const campaignId = await campaign({ phones: phones(1, 30) });
    const { ownsNumber } = carrier;
    let version = 0;
    carrier.ownsNumber = async () => {
      version += 1;
      await deps.db
        .update(campaigns)
        .set({ version: 100 + version })
        .where(eq(campaigns.id, campaignId));
      return true;
    };
    await expect(launchCampaign(deps, { campaignId, actor: TOKEN })).rejects.toMatchObject({
      code: 'changed_meanwhile',
    });
    carrier.ownsNumber = ownsNumber;
    expect(await statusOf(campaignId)).toBe('draft');
  });
});
