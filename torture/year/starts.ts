import { Refusal } from '#domain/refusal.ts';
import { scheduleCampaign } from '#operations/schedule-campaign.ts';
import { undoStart } from '#operations/undo-start.ts';
import type { Dice } from '#torture/dice.ts';
import type { Beginning } from './campaigns-of-year.ts';
import { plan } from './happenings.ts';
import type { YearCampaign } from './journal.ts';
import { occurrencesOf, type Rhythm } from './occurrences.ts';
import { ANNA, approve, press, statusOf, type YearWorld } from './verbs.ts';
import { firstShowing, HOUR_MS } from './wall.ts';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
/** For so long a start may be taken back, and nobody is contacted. */
const UNDO_MS = 10_000;

/** Has a campaign begin as it is meant to. */
export async function startOf(
  world: YearWorld,
  campaign: YearCampaign,
  beginning: Beginning,
  given: { endMs: number; dice: Dice },
): Promise<void> {
  const { name, id } = campaign;
  if (beginning.kind === 'pressed') {
    const isUndone = given.dice.chance(0.25);
    if (isUndone) plan(world, beginning.at, `starting ${name} for a moment`, () => startAndUndo(world, id));
    const at = beginning.at + (isUndone ? HOUR_MS : 0);
    return plan(world, at, `starting ${name}`, () => pressStart(world, id));
  }
  await scheduleFor(world, campaign, beginning, given.endMs);
}

/** Schedules a campaign, and has its schedule approved where that is asked for. */
export async function scheduleFor(
  world: YearWorld,
  { id: campaignId }: YearCampaign,
  beginning: Exclude<Beginning, { kind: 'pressed' }>,
  endMs: number,
): Promise<void> {
  const { schedule, instants } = scheduleOf(beginning, endMs);
  await scheduleCampaign(world.stage.deps, { campaignId, actor: ANNA, schedule });
  if (world.isApprovalNeeded) await approve(world, campaignId);
  world.journal.note({ kind: 'due', campaignId, instants });
}

/** Somebody presses Start; where a second person must agree, nothing begins before they did. */
export async function pressStart(world: YearWorld, campaignId: number): Promise<void> {
  const { stage, journal } = world;
  // A start that was taken back leaves the approval standing.
  if (world.isApprovalNeeded && (await statusOf(world, campaignId)).approvalId === null) {
    const refused = await press(world, campaignId, 'start').then(
      () => false,
      (error: unknown) => error instanceof Refusal,
    );
    if (!refused) throw new Error('it started although nobody had approved it');
    await approve(world, campaignId);
  }
  const from = stage.clock.now().getTime() + UNDO_MS;
  journal.note({ kind: 'due', campaignId, instants: [from] });
  await press(world, campaignId, 'start');
}

/** Nobody is contacted by a start that is taken back in time: no run is noted, so the judge knows of none. */
async function startAndUndo(world: YearWorld, campaignId: number): Promise<void> {
  const { stage } = world;
  if (world.isApprovalNeeded) await approve(world, campaignId);
  await press(world, campaignId, 'start');
  plan(world, stage.clock.now().getTime() + UNDO_MS - 1_000, 'taking a start back', async () => {
    await undoStart(stage.deps, { campaignId, actor: ANNA });
  });
}

/** The schedule as the API spells it, and its instants as a calendar has them. */
function scheduleOf(beginning: Exclude<Beginning, { kind: 'pressed' }>, endMs: number) {
  if (beginning.kind === 'scheduled') {
    const { date, time, zone } = beginning;
    const schedule = { schedule_type: 'scheduled', scheduled_at: `${date}T${time}:00`, timezone: zone };
    return { schedule, instants: [firstShowing(zone, date, time)] };
  }
  const { rhythm } = beginning;
  return { schedule: recurringSchedule(rhythm), instants: occurrencesOf(rhythm, endMs) };
}

function recurringSchedule(rhythm: Rhythm) {
  const { frequency, interval, days, dayOfMonth, time, zone, firstDate, endDate } = rhythm;
  return {
    schedule_type: 'recurring',
    scheduled_at: `${firstDate}T00:00:00`,
    timezone: zone,
    recurring_config: {
      frequency,
      interval,
      ...(frequency === 'weekly' && { days_of_week: days.map((day) => DAYS.indexOf(day) + 1) }),
      ...(frequency === 'monthly' && { day_of_month: dayOfMonth }),
      time,
      time_zone: zone,
      ...(endDate !== null && { end_date: endDate }),
    },
  };
}
