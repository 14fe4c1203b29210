import type { WorkspaceRow } from '#db/workspaces.ts';
import type { Hold } from '#domain/hold.ts';
import type { StandstillCheck } from './standstill.ts';

const DAY_MS = 86_400_000;

/**
 * Keeps everybody waiting while the national do-not-call list is older than the workspace allows: with a list of at most
 * 31 days a call to somebody on it is excused (telephony.md §6, 47 CFR 64.1200(c)(2)(i)(D)). The next file ends the wait.
 */
export const nationalListIsStale: StandstillCheck = async (deps, _, { workspace }) => {
  const hold = nationalListHold(workspace, deps.clock.now());
  return hold && { kind: 'wait', hold, until: null };
};

/** The hold of a workspace whose list is too old or was never loaded; null while it is fresh, or nobody watches over it. */
export function nationalListHold(
  {
    nationalListDays: days,
    nationalListAt: listAt,
  }: Pick<WorkspaceRow, 'nationalListDays' | 'nationalListAt'>,
  now: Date,
): Hold | null {
  if (days === null) return null;
  const isFresh = listAt !== null && now.getTime() - listAt.getTime() <= days * DAY_MS;
  return isFresh ? null : { code: 'national_list_stale', days, listAt: listAt?.toISOString() ?? null };
}
