import { asc } from 'drizzle-orm/sql';
import { calls } from '#db/call-schema.ts';
import type { Executor } from '#db/client.ts';
import { campaignFigures, campaignHours } from '#db/figure-schema.ts';
import { attempts, campaignCounts, contacts } from '#db/schema.ts';
import { type Counts, NOBODY } from '#domain/metrics.ts';

const NOT_PLACED = ['canceled', 'withdrawn', 'not_placed', 'throttled', 'rejected'];
const FAILED = ['failed', 'no_answer', 'busy', 'voicemail'];
const HOUR_MS = 3_600_000;

/** What triggers keep, without rows that say nothing. */
export async function keptFigures(executor: Executor) {
  const counts = await executor.select().from(campaignCounts).orderBy(asc(campaignCounts.campaignId));
  const figures = await executor.select().from(campaignFigures);
  const hours = await executor.select().from(campaignHours);
  return {
    counts: Object.fromEntries(counts.map(({ campaignId, ...row }) => [campaignId, row])),
    figures: withoutZeros(
      figures.map(({ campaignId, runNumber, ...row }) => [`${campaignId}:${runNumber}`, row]),
    ),
    hours: withoutZeros(
      hours.map(({ campaignId, hour, ...row }) => [`${campaignId}:${hour.toISOString()}`, row]),
    ),
  };
}

/** The same from the rows themselves, one by one, by other means than the database's. */
export async function countedAnew(executor: Executor) {
  const people = await executor.select().from(contacts);
  const known = await executor.select({ id: campaignCounts.campaignId }).from(campaignCounts);
  const counts: Record<string, Counts> = Object.fromEntries(known.map(({ id }) => [id, { ...NOBODY }]));
  for (const { campaignId, status } of people) slotOf(counts, campaignId, { ...NOBODY })[status] += 1;
  const tried = await executor.select().from(attempts);
  const spoken = await executor.select().from(calls);
  return { counts, figures: figuresOf(tried, spoken), hours: hoursOf(people) };
}

function hoursOf(people: (typeof contacts.$inferSelect)[]) {
  const hours: Record<string, { completed: number; failed: number }> = {};
  for (const { campaignId, status, lastAttemptAt, createdAt } of people) {
    if (status !== 'completed' && !FAILED.includes(status)) continue;
    const hour = new Date(Math.floor((lastAttemptAt ?? createdAt).getTime() / HOUR_MS) * HOUR_MS);
    const slot = slotOf(hours, `${campaignId}:${hour.toISOString()}`, { completed: 0, failed: 0 });
    slot[status === 'completed' ? 'completed' : 'failed'] += 1;
  }
  return hours;
}

function figuresOf(tried: (typeof attempts.$inferSelect)[], spoken: (typeof calls.$inferSelect)[]) {
  const figures: Record<string, Figures> = {};
  const secondsOf = new Map(spoken.map((call) => [call.attemptId, call.durationSeconds ?? 0]));
  for (const attempt of tried) {
    const isPlaced = attempt.channel === 'call' && attempt.providerRef !== null;
    if (!isPlaced || NOT_PLACED.includes(attempt.outcome ?? '')) continue;
    const own = slotOf(figures, `${attempt.campaignId}:${attempt.runNumber}`, { ...NO_FIGURES });
    const isAnswered = attempt.outcome === 'answered';
    own.callsPlaced += 1;
    own.callsAnswered += Number(isAnswered);
    own.voicemails += Number(attempt.outcome === 'voicemail');
    own.answeredSeconds += isAnswered ? (secondsOf.get(attempt.id) ?? 0) : 0;
  }
  return figures;
}

type Figures = typeof NO_FIGURES;
const NO_FIGURES = { callsPlaced: 0, callsAnswered: 0, answeredSeconds: 0, voicemails: 0 };

/** The row of a key, made of `empty` where there is none yet. */
function slotOf<Row>(rows: Record<string, Row>, key: string | number, empty: Row): Row {
  const row = rows[key] ?? empty;
  rows[key] = row;
  return row;
}

function withoutZeros<Row extends Record<string, number>>(rows: [string, Row][]): Record<string, Row> {
  return Object.fromEntries(rows.filter(([, row]) => Object.values(row).some((value) => value !== 0)));
}
