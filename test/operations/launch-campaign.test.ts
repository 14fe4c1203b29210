import { eq } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { campaigns, contacts } from '#db/schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { attestCampaign } from '#operations/attest-campaign.ts';
import { changeStatus } from '#operations/change-status.ts';
import { launchCampaign } from '#operations/launch-campaign.ts';
import { receiveUpload } from '#operations/receive-upload.ts';
import { requestUploadImport } from '#operations/request-upload-import.ts';
import { scheduleCampaign } from '#operations/schedule-campaign.ts';
import { ANNA, createEngine, phones } from '#support/engine.ts';

const { deps, carrier, campaign, drain, workspace } = await createEngine();
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

/** Asks for a file of one person to be loaded, as a client of the API does. */
async function load(campaignId: number, phone: string) {
  const file = {
    workspaceId: workspace.id,
    fileName: 'more.csv',
    stream: [Buffer.from(`phone\n${phone}\n`)],
  };
  const upload = await receiveUpload(deps, { ...file, stream: fromList(file.stream) });
  const asked = { campaignId, upload, columnMappings: {}, mode: 'append', actor: TOKEN } as const;
  await requestUploadImport(deps, { ...asked, requestKey: `load-${phone}` });
}

async function* fromList(pieces: Uint8Array[]) {
  yield* pieces;
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

  test('does not overtake a file that somebody has loaded meanwhile', async () => {
    const campaignId = await campaign({ phones: phones(1, 40) });
    meanwhile(() => load(campaignId, '+12125550041'));
    await expect(launchCampaign(deps, { campaignId, actor: TOKEN })).rejects.toMatchObject({
      code: 'import_running',
    });
    await drain();
    expect(await deps.db.$count(contacts, eq(contacts.campaignId, campaignId))).toBe(2);
    expect(await statusOf(campaignId)).toBe('draft');
  });

  test('reaches nobody whom a file has brought meanwhile, and for whom nobody answers', async () => {
    await changeWorkspace(deps.db, workspace.id, { requiresAttestation: true });
    const campaignId = await campaign({ phones: phones(1, 50) });
    await attestCampaign(deps, { campaignId, actor: TOKEN });
    meanwhile(async () => {
      await load(campaignId, '+12125550051');
      await drain();
    });
    await expect(launchCampaign(deps, { campaignId, actor: TOKEN })).rejects.toMatchObject({
      code: 'attestation_missing',
    });
    expect(await statusOf(campaignId)).toBe('draft');
    await changeWorkspace(deps.db, workspace.id, { requiresAttestation: false });
  });
});
