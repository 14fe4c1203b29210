import type { StandstillCheck } from './standstill.ts';

const DAY_MS = 86_400_000;

/**
 * Keeps everybody waiting while the national do-not-call list is older than the workspace allows: with a list of at most
 * 31 days a call to somebody on it is excused (telephony.md §6, 47 CFR 64.1200(c)(2)(i)(D)). The next file ends the wait.
 */
export const nationalListIsStale: StandstillCheck = async (deps, _, { workspace }) => {
  const { nationalListDays: days, nationalListAt: listAt } = workspace;
  if (days === null) return null;
  const isFresh = listAt !== null && deps.clock.now().getTime() - listAt.getTime() <= days * DAY_MS;
  if (isFresh) return null;
  return {
    kind: 'wait',
    hold: { code: 'national_list_stale', days, listAt: listAt?.toISOString() ?? null },
    until: null,
  };
};
