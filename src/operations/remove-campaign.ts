import {
  deletedCampaignIds,
  emptyContacts,
  hasAttemptsSince,
  hasCallsAwaited,
  hasCallsLeft,
  hastenRecordings,
  readDeleted,
  removeCampaignRow,
  removeContacts,
  removePapers,
} from '#db/deleted-campaigns.ts';
import { enqueue } from '#db/queue.ts';
import { OPTIONAL_LIMITS } from '#domain/limits.ts';
import type { Deps } from './deps.ts';

/** So many contacts at once: a transaction of a moment, so that nobody waits for its locks. */
const BATCH = 2_000;

const DAY_MS = 86_400_000;

/**
 * So long it is kept when a deleted campaign contacted whom: other campaigns may leave out whoever was contacted within as
 * many days. The limits on attempts to one number reach back 30 days (France), and so does the search for what a text from
 * somebody answers (campaign-api §7.18).
 */
const LEDGER_MS = (OPTIONAL_LIMITS.excludeContactedDays.max + 1) * DAY_MS;

/** Longer than a call waits at a carrier, lasts, and has its recording reported. */
const CALLS_MS = 2 * DAY_MS;

/**
 * Removes what a deleted campaign knew of people at once, and its rows as soon as what it did no longer counts, nobody is on
 * the phone with it, and no recording of it is left at the provider. Running it twice changes nothing.
 */
export async function removeCampaign(deps: Deps, { campaignId }: { campaignId: number }): Promise<void> {
  const now = deps.clock.now();
  const deleted = await readDeleted(deps.db, campaignId);
  if (!deleted) return;
  const callsSince = new Date(now.getTime() - CALLS_MS);
  await deps.db.transaction((tx) => removePapers(tx, campaignId));
  // Later nothing comes any more, and a million contacts need not be gone through every day for a year.
  const isFresh = deleted.deletedAt.getTime() > now.getTime() - 2 * CALLS_MS;
  if (isFresh || (await hasCallsLeft(deps.db, campaignId))) await empty(deps, { campaignId, callsSince });
  const left = await hastenRecordings(deps.db, campaignId, now);
  if (left > 0) await enqueue(deps.db, deps.clock, 'delete_recordings', {}, { key: 'delete_recordings' });
  const since = new Date(now.getTime() - LEDGER_MS);
  if (left > 0 || (await hasAttemptsSince(deps.db, campaignId, since))) return;
  if (await hasCallsAwaited(deps.db, { campaignId, callsSince })) return;
  while (await deps.db.transaction((tx) => removeContacts(tx, campaignId, BATCH)));
  await deps.db.transaction((tx) => removeCampaignRow(tx, deleted));
}

async function empty(deps: Deps, of: { campaignId: number; callsSince: Date }): Promise<void> {
  for (let afterId: number | null = 0; afterId !== null; ) {
    const from: number = afterId;
    afterId = await deps.db.transaction((tx) => emptyContacts(tx, { ...of, afterId: from, limit: BATCH }));
  }
}

/** Has every deleted campaign of which something is left looked at again; asked for once a day. */
export async function removeDeletedCampaigns(deps: Pick<Deps, 'db' | 'clock'>): Promise<void> {
  for (const campaignId of await deletedCampaignIds(deps.db))
    await enqueue(
      deps.db,
      deps.clock,
      'remove_campaign',
      { campaignId },
      { key: `remove:${campaignId}`, keep: 'earliest' },
    );
}
