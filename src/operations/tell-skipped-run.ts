import type { CampaignRow } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { describeRun } from '#domain/schedule-words.ts';
import type { Deps } from './deps.ts';
import { recordDeed, tellThread } from './tell-thread.ts';

const SYSTEM = { kind: 'system' } as const;

/**
 * Tells the thread of a recurring campaign that what fell due while a run still went on is skipped, and what is due next
 * (campaign-api §7.14). `missed`: how many earlier runs nobody started either.
 */
export async function tellSkippedRun(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  campaign: CampaignRow,
  { dueAt, missed, nextRunAt }: { dueAt: Date; missed: number; nextRunAt: Date | null },
): Promise<void> {
  await recordDeed(deps, tx, campaign, {
    actor: SYSTEM,
    kind: 'campaign_run_skipped',
    details: { skippedAt: dueAt, missed, nextRunAt },
  });
  const sentences = [
    `The run that was due ${wordsOfRun(campaign, dueAt)} was skipped, because run ${campaign.runNumber} was not over yet.`,
    missedWords(missed),
    nextWords({ ...campaign, nextRunAt }),
  ];
  await tellThread(deps, tx, campaign, {
    key: `run-skipped:${dueAt.getTime()}`,
    level: 'warning',
    text: sentences.filter(Boolean).join(' '),
    actor: SYSTEM,
  });
}

/** Earlier runs that nobody started and nobody will, as a sentence; empty when there are none. */
export function missedWords(missed: number): string {
  if (missed === 0) return '';
  return missed === 1
    ? '1 earlier run was missed and is not made up for.'
    : `${missed} earlier runs were missed and are not made up for.`;
}

/** The run that is due next, as a sentence. */
export function nextWords(campaign: CampaignRow): string {
  return campaign.nextRunAt
    ? `The next run is due ${wordsOfRun(campaign, campaign.nextRunAt)}.`
    : 'It was the last one of its schedule.';
}

/** When a run is due, on the clock of its schedule. */
export function wordsOfRun({ scheduleZone, timeZone }: CampaignRow, at: Date): string {
  return describeRun(at, scheduleZone ?? timeZone);
}
