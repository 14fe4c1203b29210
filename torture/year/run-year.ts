import { createDice, type Dice } from '#torture/dice.ts';
import { calmCampaigns, mixedCampaigns, type PlannedCampaign } from './campaigns-of-year.ts';
import { planCare } from './care.ts';
import {
  planConsents,
  planListings,
  planOverrides,
  planPauses,
  planPolicies,
  planStops,
} from './happenings.ts';
import type { Entry, Fact } from './journal.ts';
import { findBrokenPromises } from './judge.ts';
import { findForgotten, findUnsteady } from './liveness.ts';
import { planOutage } from './outage.ts';
import { makePeople } from './people.ts';
import { quietChat } from './quiet-chat.ts';
import { openYearStage } from './stage.ts';
import { startOf } from './starts.ts';
import { makeCampaign, type YearWorld } from './verbs.ts';
import { DAY_MS } from './wall.ts';
import { waysByDice } from './ways.ts';

export type YearOptions = {
  databaseUrl: string;
  seed: string;
  people: number;
  campaigns: number;
  /** How many people are in each of them. */
  each: number;
  /** First and last day on which anything begins, `YYYY-MM-DD`. */
  firstDate: string;
  lastDate: string;
  /** How long what began may go on after the last day; a month by default. */
  settleDays?: number;
};

export type YearReport = {
  broken: string[];
  troubles: string[];
  contacted: number;
  turns: number;
  /** How often each task ran. */
  ran: Map<string, number>;
  seconds: number;
};

/** What is due on the first day is made before it. */
const LEAD_MS = 3 * DAY_MS;

/** A year of campaigns, through the product's own verbs on a clock that jumps, and what the judge says of it. */
export async function runYear(options: YearOptions): Promise<YearReport> {
  const startedAt = performance.now();
  const startMs = Date.parse(`${options.firstDate}T00:00:00Z`);
  const endMs = Date.parse(`${options.lastDate}T00:00:00Z`);
  const settledMs = endMs + (options.settleDays ?? 30) * DAY_MS;
  const ways = waysByDice(createDice(`${options.seed} carrier`));
  const stage = await openYearStage({ ...options, startMs: startMs - LEAD_MS, chat: quietChat(), ways });
  const entries: Entry[] = [];
  const note = (fact: Fact) => void entries.push({ at: stage.clock.now().getTime(), ...fact });
  stage.carrier.onContacted = (contacted) =>
    void entries.push({ at: contacted.at, kind: 'contacted', contacted });
  const world: YearWorld = { stage, journal: { entries, note }, campaigns: [], isApprovalNeeded: false };
  const dice = createDice(options.seed);
  try {
    const people = makePeople(options.people, dice);
    const mixed = { count: options.campaigns, people, each: options.each, from: startMs, until: endMs };
    for (const planned of mixedCampaigns(mixed, dice))
      planCampaign(world, planned, { endMs: settledMs, dice });
    const calm = calmCampaigns(options.firstDate);
    for (const planned of calm) planCampaign(world, planned, { endMs: settledMs, dice });
    const span: [number, number] = [startMs, endMs];
    planPolicies(world);
    planOverrides(world);
    planOutage(world, span);
    planConsents(
      world,
      people,
      calm.flatMap(({ campaign }) => campaign.people),
      dice,
      span,
    );
    planStops(world, people, dice, span);
    planListings(world, people, dice, span);
    planPauses(world, dice, span);
    planCare(world, dice, [startMs, settledMs]);
    await stage.runUntil(settledMs);
    const broken = [
      ...findBrokenPromises(entries),
      ...(await findForgotten(world, settledMs)),
      ...findUnsteady(entries, endMs),
    ];
    return {
      broken,
      troubles: [...stage.troubles].map(([what, times]) => `${times} times: ${what}`),
      contacted: stage.carrier.contacted.length,
      turns: stage.turns,
      ran: stage.ran,
      seconds: (performance.now() - startedAt) / 1_000,
    };
  } finally {
    await stage.close();
  }
}

function planCampaign(
  world: YearWorld,
  planned: PlannedCampaign,
  given: { endMs: number; dice: Dice },
): void {
  const { stage } = world;
  const { name } = planned.campaign;
  stage.plan({
    at: planned.madeAt,
    what: `making ${name}`,
    act: async () => {
      const made = await makeCampaign(world, planned);
      await startOf(world, made, planned.beginning, given);
    },
  });
}
