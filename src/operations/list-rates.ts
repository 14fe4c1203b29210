import { readOwnRates } from '#db/rates.ts';
import { type RateTable, ratesWith } from '#domain/rates.ts';
import type { Deps } from './deps.ts';

/** A row that somebody of the workspace has set. */
export type SetRate = Awaited<ReturnType<typeof readOwnRates>>[number];

/** What a workspace reckons with: the table that counts, and the rows of it that it has set itself. */
export async function listRates(
  { db }: Pick<Deps, 'db'>,
  { workspaceId }: { workspaceId: number },
): Promise<{ rates: RateTable; own: SetRate[] }> {
  const own = await readOwnRates(db, workspaceId);
  return { rates: ratesWith(own), own };
}
