import type { Transaction } from '#db/client.ts';
import { insertSuppressionBatch, keepLoadStep, type SuppressionImportRow } from '#db/suppression-imports.ts';
import { campaignsCalling } from '#db/unwanted-calls.ts';
import type { ListedNumber } from '#domain/contact-import/number-list.ts';
import type { Deps } from './deps.ts';
import { enterPrefix } from './suppress-prefix.ts';
import { takeBackLater } from './wake-campaign.ts';

/** The lease on the file was lost: somebody else goes on with it. */
export class LoadSuperseded extends Error {
  override name = 'LoadSuperseded';
}

/** How long a loader may be silent, in real milliseconds. */
export const LOAD_LEASE_REAL_MS = 60_000;

/** What every entry of the file says about where it came from. */
const REASONS: Record<SuppressionImportRow['kind'], (fileName: string) => string> = {
  own: (fileName) => `From the file “${fileName}”.`,
  national: (fileName) => `On the national do-not-call list, from the file “${fileName}”.`,
};

/**
 * Puts one batch of rows on the list and counts it, in one transaction. Returns the file's row as it is then; throws
 * `LoadSuperseded` when the lease is lost.
 */
export async function loadBatch(
  deps: Pick<Deps, 'db' | 'clock'>,
  row: SuppressionImportRow,
  batch: readonly ListedNumber[],
): Promise<SuppressionImportRow> {
  const heldUntil = row.leaseUntil;
  if (heldUntil === null) throw new LoadSuperseded();
  const numbers = [...new Set(batch.flatMap((one) => (one.kind === 'number' ? [one.phoneNumber] : [])))];
  const prefixes = [...new Set(batch.flatMap((one) => (one.kind === 'range' ? [one.prefix] : [])))].sort();
  const invalid = batch.filter(({ kind }) => kind === 'invalid').length;
  return deps.db.transaction(async (tx) => {
    const added = (await addNumbers(deps, tx, row, numbers)) + (await addRanges(deps, tx, row, prefixes));
    const kept = await keepLoadStep(tx, {
      id: row.id,
      heldUntil,
      leaseUntil: deps.clock.realDelay(LOAD_LEASE_REAL_MS),
      rows: batch.length,
      added,
      known: batch.length - invalid - added,
      invalid,
    });
    if (!kept) throw new LoadSuperseded();
    return kept;
  });
}

async function addNumbers(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  row: SuppressionImportRow,
  numbers: readonly string[],
): Promise<number> {
  if (numbers.length === 0) return 0;
  const { workspaceId, onlyCampaignId } = row;
  const origin = {
    workspaceId,
    onlyCampaignId,
    reason: REASONS[row.kind](row.fileName),
    actor: row.requestedBy,
    createdAt: deps.clock.now(),
  };
  for (const campaignId of await campaignsCalling(tx, workspaceId, numbers))
    await takeBackLater(tx, deps, campaignId);
  return insertSuppressionBatch(tx, origin, numbers);
}

async function addRanges(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  row: SuppressionImportRow,
  prefixes: readonly string[],
): Promise<number> {
  let added = 0;
  for (const prefix of prefixes) {
    const isNew = await enterPrefix(deps, tx, {
      workspaceId: row.workspaceId,
      prefix,
      channel: 'all',
      onlyCampaignId: row.onlyCampaignId,
      reason: REASONS[row.kind](row.fileName),
      source: 'import',
      actor: row.requestedBy,
      createdAt: deps.clock.now(),
    });
    if (isNew) added += 1;
  }
  return added;
}
