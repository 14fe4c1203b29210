import { setTimeout as sleep } from 'node:timers/promises';
import { changeStatus } from '#operations/change-status.ts';
import { REALISTIC } from '#sandbox/carrier/options.ts';
import { buildBundle } from '#torture/bundle.ts';
import type { BenchRow } from './contact-rows.ts';
import { withDatabase } from './database.ts';
import { percentile, round } from './figures.ts';
import { type BenchStage, DANA, openStage } from './stage.ts';

const CAMPAIGNS = 10;
const CONTACTS = 400;
/** The default of a campaign: a text every six seconds, and its receipt some seconds later. */
const RATE_PER_MINUTE = 10;
const CONCURRENT_LIMIT = 5;
const SETTLING_MS = 20_000;
const WATCHED_MS = 120_000;
const SAMPLE_MS = 100;
const BAR_SECONDS = 8;
/** Between two samples a card may have shown what no sample saw. */
const UNREAD_SHARE = 0.02;
/** Slack's own (Tier 3), of one app in one workspace. */
const EDITS_PER_MINUTE = 50;

/**
 * Ten campaigns at once under Slack's own limits: how old what a card shows is. The age of a card is the time since the
 * first change that it does not show yet; a card that shows how things stand has the age 0.
 */
export async function cardStaleness(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  return withDatabase(async (database) => {
    const stage = await openStage(database, { script, tierMultiplier: 1, latency: REALISTIC });
    try {
      for (let n = 1; n <= CAMPAIGNS; n += 1) await startOne(stage, n);
      const { ages, unread, edits } = await watch(stage);
      const refused = stage.calls.filter(({ status }) => status === 429).length;
      const p95 = round(percentile(ages, 0.95));
      return [
        {
          id: 'card-staleness',
          value: p95,
          unit: 's p95',
          bar: `<= ${BAR_SECONDS}`,
          pass: p95 <= BAR_SECONDS && refused === 0 && unread < UNREAD_SHARE * ages.length,
          detail: [
            `${CAMPAIGNS} cards, median ${round(percentile(ages, 0.5))} s, worst ${round(Math.max(...ages))} s`,
            `${round(edits, 0)} edits a minute of Slack's ${EDITS_PER_MINUTE}, ${refused} calls refused`,
            `cards that change all the time are at best ${round((0.95 * 60 * CAMPAIGNS) / EDITS_PER_MINUTE)} s p95`,
          ].join('; '),
        },
      ];
    } finally {
      await stage.close();
    }
  });
}

async function startOne(stage: BenchStage, n: number): Promise<void> {
  const campaignId = await stage.campaign({
    name: `Campaign ${n}.`,
    contacts: CONTACTS,
    ratePerMinute: RATE_PER_MINUTE,
    concurrentLimit: CONCURRENT_LIMIT,
  });
  await changeStatus(stage.deps, { campaignId, move: 'start', actor: DANA });
}

/** How a campaign stood from an instant on. */
type Standing = { figures: string; since: number };

/** `unread`: samples in which a card showed what never was, as far as the samples before can tell. */
async function watch(stage: BenchStage): Promise<{ ages: number[]; unread: number; edits: number }> {
  const histories = new Map<string, Standing[]>();
  const ages: number[] = [];
  let unread = 0;
  const beginAt = performance.now() + SETTLING_MS;
  const endAt = beginAt + WATCHED_MS;
  let callsBefore = 0;
  while (performance.now() < endAt) {
    await note(stage, histories);
    const shown = shownFigures(stage);
    if (performance.now() < beginAt) callsBefore = stage.calls.length;
    else {
      for (const [name, history] of histories) {
        const age = ageOf(history, shown.get(name));
        if (age === null) unread += 1;
        else ages.push(age);
      }
    }
    await sleep(SAMPLE_MS);
  }
  const calls = stage.calls.slice(callsBefore).filter(({ method }) => method === 'chat.update');
  return { ages, unread, edits: calls.length / (WATCHED_MS / 60_000) };
}

async function note(stage: BenchStage, histories: Map<string, Standing[]>): Promise<void> {
  const rows = await stage.sql<{ name: string; completed: number; processing: number; pending: number }[]>`
    select c.name, n.completed, n.in_progress as processing, n.pending
    from campaigns c join campaign_counts n on n.campaign_id = c.id`;
  for (const { name, completed, processing, pending } of rows) {
    const history = histories.get(name) ?? [];
    const figures = `${completed} ${processing} ${pending}`;
    if (history.at(-1)?.figures !== figures) history.push({ figures, since: performance.now() });
    histories.set(name, history);
  }
}

/** Seconds since the first change after what is shown; null when that is not in the history. */
function ageOf(history: Standing[], shown: string | undefined): number | null {
  const index = history.findLastIndex(({ figures }) => figures === shown);
  if (index < 0) return null;
  const next = history[index + 1];
  return next ? (performance.now() - next.since) / 1_000 : 0;
}

function shownFigures(stage: BenchStage): Map<string, string> {
  const cards = [...stage.slack.context.workspace.messages.values()].filter(({ threadTs }) => !threadTs);
  return new Map(
    cards.flatMap((card) => {
      const words = JSON.stringify(card.blocks);
      const name = /Campaign \d+\./.exec(words)?.[0];
      const figure = (label: string) => new RegExp(`\\*${label}\\* ([\\d,]+)`).exec(words)?.[1];
      return name
        ? [[name, `${figure('Completed')} ${figure('In progress')} ${figure('Waiting')}`] as const]
        : [];
    }),
  );
}
