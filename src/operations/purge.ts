import { purgeOld } from '#db/purge.ts';
import type { Deps } from './deps.ts';

const DAY_MS = 86_400_000;

/**
 * Forgets, once a day, what nobody needs any more: what Slack delivered after two days, what carriers reported after
 * thirty, abandoned forms after thirty, posted messages and rejected rows after ninety. The ledger, the do-not-call list
 * and answers stay.
 */
export async function purge(deps: Pick<Deps, 'db' | 'clock'>): Promise<void> {
  const before = (days: number) => new Date(deps.clock.now().getTime() - days * DAY_MS);
  await purgeOld(deps.db, {
    deliveries: before(2),
    reports: before(30),
    forms: before(30),
    messages: before(90),
    rejects: before(90),
    failedTasks: deps.clock.toReal(before(7)),
  });
}
