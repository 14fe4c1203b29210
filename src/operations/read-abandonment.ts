import { countAbandoned, countPickedUp } from '#db/abandoned.ts';
import type { Executor } from '#db/client.ts';
import { type Abandonment, abandonedSince } from '#domain/abandonment.ts';

/** How many of a campaign's answered calls were abandoned within the time that the law looks at. */
export async function readAbandonment(
  executor: Executor,
  campaignId: number,
  now: Date,
): Promise<Abandonment> {
  const since = abandonedSince(now);
  const abandoned = await countAbandoned(executor, campaignId, since);
  const answered = abandoned === 0 ? 0 : await countPickedUp(executor, campaignId, since);
  return { abandoned, answered: Math.max(answered, abandoned) };
}
