import { sql } from 'drizzle-orm/sql';
import { updateCampaign } from '#operations/update-campaign.ts';
import type { Dice } from '#torture/dice.ts';
import { CARE_EVERY_MS } from './campaigns-of-year.ts';
import { plan } from './happenings.ts';
import type { YearCampaign } from './journal.ts';
import { pressStart } from './starts.ts';
import { ANNA, approve, press, statusOf, type YearWorld } from './verbs.ts';

/** Somebody looks in twice a day and answers whatever holds and asks: approves, raises a budget, goes on, or ends it. */
export function planCare(world: YearWorld, dice: Dice, span: [number, number]): void {
  for (let at = span[0]; at < span[1]; at += CARE_EVERY_MS) {
    plan(world, at + 23, 'looking after what holds', async () => {
      for (const id of await asking(world)) {
        const campaign = world.campaigns.find((one) => one.id === id);
        if (campaign) await lookAfter(world, campaign, dice);
      }
    });
  }
}

/** The campaigns that hold and ask. */
async function asking({ stage }: YearWorld): Promise<number[]> {
  const rows = await stage.deps.db.execute<{ id: number }>(sql`
    select id from campaigns where status = 'paused' or hold ->> 'code' = any(array['needs_approval', 'late_start', 'start_refused'])
    order by id`);
  return rows.map(({ id }) => id);
}

async function lookAfter(world: YearWorld, campaign: YearCampaign, dice: Dice): Promise<void> {
  const { journal } = world;
  const { id: campaignId } = campaign;
  const { status, hold } = await statusOf(world, campaignId);
  if (status === 'running' && hold?.code === 'needs_approval') return approve(world, campaignId);
  if (status === 'scheduled' && (hold?.code === 'late_start' || hold?.code === 'start_refused'))
    return pressStart(world, campaignId);
  if (status !== 'paused') return;
  const isSpent = hold?.code === 'budget_reached';
  if (dice.chance(isSpent ? 0.5 : 0.15)) {
    journal.note({ kind: 'cancelled', campaignId });
    return press(world, campaignId, 'cancel');
  }
  if (isSpent) await raiseBudget(world, campaign);
  if (world.isApprovalNeeded) await approveAnew(world, campaignId);
  journal.note({ kind: 'resumed', campaignId });
  await press(world, campaignId, 'resume');
}

async function raiseBudget({ stage, journal }: YearWorld, campaign: YearCampaign): Promise<void> {
  const budgetMicros = (campaign.budgetMicros ?? 0) * 4;
  campaign.budgetMicros = budgetMicros;
  const changes = { settings: { budgetLimitMicros: budgetMicros } };
  await updateCampaign(stage.deps, { campaignId: campaign.id, actor: ANNA, changes });
  journal.note({ kind: 'budget_raised', campaignId: campaign.id, budgetMicros });
  journal.note({ kind: 'edited', campaignId: campaign.id });
}

async function approveAnew(world: YearWorld, campaignId: number): Promise<void> {
  const { approvalId } = await statusOf(world, campaignId);
  if (approvalId === null) await approve(world, campaignId);
}
