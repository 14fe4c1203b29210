import type { Executor } from '#db/client.ts';
import { nextLookAt } from '#db/looks.ts';
import { enqueue } from '#db/queue.ts';
import type { TaskOptions } from '#ports/tasks.ts';
import type { Deps } from './deps.ts';

/**
 * Has the campaign's dispatch look again at `at` (now by default). One waiting task per campaign: the newest time wins, or
 * with `earliest` the one that waits already.
 */
export async function wakeCampaign(
  executor: Executor,
  deps: Pick<Deps, 'clock'>,
  campaignId: number,
  at?: Date,
  keep: TaskOptions['keep'] = 'latest',
): Promise<void> {
  await enqueue(
    executor,
    deps.clock,
    'dispatch_campaign',
    { campaignId },
    { key: `dispatch:${campaignId}`, at, keep },
  );
}

/** Has the campaign's next run started, or skipped, at `at`; a run that is set to another time takes the place of this. */
export async function wakeForRun(
  executor: Executor,
  deps: Pick<Deps, 'clock'>,
  campaignId: number,
  at: Date,
): Promise<void> {
  await enqueue(executor, deps.clock, 'start_due', { campaignId }, { key: `due:${campaignId}`, at });
}

/** Has the campaign's card drawn again soon; a burst of changes is one edit. */
export async function touchCard(
  executor: Executor,
  deps: Pick<Deps, 'clock'>,
  campaignId: number,
): Promise<void> {
  await enqueue(
    executor,
    deps.clock,
    'refresh_card',
    { campaignId },
    { key: `card:${campaignId}`, keep: 'earliest' },
  );
}

/** Has the campaign's calls that nobody may want any more taken back. */
export async function takeBackLater(
  executor: Executor,
  deps: Pick<Deps, 'clock'>,
  campaignId: number,
): Promise<void> {
  await enqueue(executor, deps.clock, 'take_back_calls', { campaignId }, { key: `cancel:${campaignId}` });
}

/** Has what a run is expected to cost worked out and kept. */
export async function estimateLater(
  executor: Executor,
  deps: Pick<Deps, 'clock'>,
  campaignId: number,
): Promise<void> {
  await enqueue(executor, deps.clock, 'estimate_run', { campaignId }, { key: `estimate:${campaignId}` });
}

/** Has the next look made at an instant, or earlier where another look is due before. */
export async function lookLater(executor: Executor, deps: Pick<Deps, 'clock'>, at: Date): Promise<void> {
  const first = await nextLookAt(executor);
  const next = first && first < at ? first : at;
  await enqueue(executor, deps.clock, 'look_at_attempts', {}, { key: 'look', at: next });
}
