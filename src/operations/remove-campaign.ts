import {
  deletedCampaignIds,
  emptyContacts,
  hasAttemptsSince,
  hastenRecordings,
  readDeleted,
  removeCampaignRow,
  removeContacts,
  removePapers,
} from '#db/deleted-campaigns.ts';
import { enqueue } from '#db/queue.ts';
import type { Deps } from './deps.ts';

/** So many contacts at once: a transaction of a moment, so that nobody waits for its locks. */
const BATCH = 2_000;

/**
 * So long the attempts of a deleted campaign are kept: the longest limit on attempts to one number reaches back 30 days
 * (France), and so does the search for what a text from somebody answers (campaign-api §7.18).
 */
const LEDGER_MS = 31 * 86_400_000;

/**
 * Removes what a deleted campaign knew of people at once, and its rows as soon as what it did no longer counts and no
 * recording of it is left at the provider. Running it twice changes nothing.
 */
export async function removeCampaign(deps: Deps, { campaignId }: { campaignId: number }): Promise<void> {
  const now = deps.clock.now();
  const deleted = await readDeleted(deps.db, campaignId);
  if (!deleted) return;
  await deps.db.transaction((tx) => removePapers(tx, campaignId));
  for (let afterId: number | null = 0; afterId !== null; ) {
    const from: number = afterId;
    afterId = await deps.db.transaction((tx) =>
      emptyContacts(tx, { campaignId, afterId: from, limit: BATCH }),
    );
  }
  const left = await hastenRecordings(deps.db, campaignId, now);
  if (left > 0) await enqueue(deps.db, deps.clock, 'delete_recordings', {}, { key: 'delete_recordings' });
  const since = new Date(now.getTime() - LEDGER_MS);
  if (left > 0 || (await hasAttemptsSince(deps.db, campaignId, since))) return;
  while (await deps.db.transaction((tx) => removeContacts(tx, campaignId, BATCH)));
  await deps.db.transaction((tx) => removeCampaignRow(tx, deleted));
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
