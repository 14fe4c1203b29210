import { calmPeople, plain } from './campaigns-of-year.ts';
import { plan } from './happenings.ts';
import { pressStart, scheduleFor } from './starts.ts';
import { makeCampaign, statusOf, type YearWorld } from './verbs.ts';
import { DAY_MS, HOUR_MS } from './wall.ts';

/** A Tuesday in summer on which the machine is down from 13:00 to 20:00 UTC. */
const DOWN = { from: Date.UTC(2027, 7, 10, 13), until: Date.UTC(2027, 7, 10, 20) };
const ELSEWHERE = 50;

/**
 * One campaign falls due while the machine is down. It is found hours too late, so nobody may be contacted by it before
 * somebody says so the next day.
 */
export function planOutage(world: YearWorld, span: [number, number]): void {
  const { stage, journal } = world;
  if (DOWN.from < span[0] || DOWN.until > span[1]) return;
  stage.goDown(DOWN.from, DOWN.until);
  plan(world, DOWN.from - DAY_MS, 'scheduling what falls into the outage', async () => {
    const campaign = { ...plain('Late', '+15005581999'), people: calmPeople(ELSEWHERE), hours: ALWAYS };
    const beginning = {
      kind: 'scheduled',
      date: '2027-08-10',
      time: '10:00',
      zone: 'America/New_York',
    } as const;
    const made = await makeCampaign(world, { campaign });
    await scheduleFor(world, made, beginning, span[1]);
    plan(world, DOWN.from + HOUR_MS + 1, 'missing its time', async () => {
      journal.note({ kind: 'missed', campaignId: made.id, instant: DOWN.from + HOUR_MS });
    });
    plan(world, DOWN.until + 2 * HOUR_MS, 'looking at what was missed', async () => {
      const { status, hold } = await statusOf(world, made.id);
      if (status !== 'scheduled' || hold?.code !== 'late_start')
        throw new Error(`it is ${status} (${hold?.code}) and does not ask about its late start`);
      await pressStart(world, made.id);
    });
  });
}

const ALWAYS = [
  {
    start: '00:00',
    end: '24:00',
    days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
  },
];
