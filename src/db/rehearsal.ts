import { and, asc, eq, gt } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { IS_LISTED } from './contacts.ts';
import { contacts } from './schema.ts';

/** How many contacts are read at once. */
const REHEARSAL_PAGE = 2_000;

/**
 * Contacts of a campaign with what decides when they are reached, by their ids, from behind one of them: those who wait,
 * or with `everybody` all whom the next run takes up anew.
 */
export async function readRehearsed(
  executor: Executor,
  { campaignId, afterId, everybody }: { campaignId: number; afterId: number; everybody: boolean },
) {
  return executor
    .select({
      id: contacts.id,
      phoneNumber: contacts.phoneNumber,
      variableValues: contacts.variableValues,
      ownZones: contacts.ownZones,
      ownRegion: contacts.ownRegion,
      nextAttemptAt: contacts.nextAttemptAt,
      nextChannel: contacts.nextChannel,
      firstStatus: contacts.firstStatus,
      attempts: contacts.attempts,
      channelAttempts: contacts.channelAttempts,
    })
    .from(contacts)
    .where(
      and(
        eq(contacts.campaignId, campaignId),
        gt(contacts.id, afterId),
        everybody ? IS_LISTED : eq(contacts.status, 'pending'),
      ),
    )
    .orderBy(asc(contacts.id))
    .limit(REHEARSAL_PAGE);
}
export type RehearsedRow = Awaited<ReturnType<typeof readRehearsed>>[number];
