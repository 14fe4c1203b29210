import { countEvents, readEvents } from '#db/audit.ts';
import { describeEvent } from '#domain/audit.ts';
import type { Deps } from './deps.ts';

/** One deed as people read it: who, when, in which campaign, what. */
export type AuditLine = {
  actor: string;
  at: Date;
  campaign: { id: number; name: string } | null;
  did: string;
};

/** A page of what was done in a workspace or in one campaign of it, newest first, and how many deeds there are. */
export async function showAudit(
  deps: Pick<Deps, 'db'>,
  {
    limit,
    offset,
    ...scope
  }: { workspaceId: number; campaignId: number | null; limit: number; offset: number },
): Promise<{ lines: AuditLine[]; total: number }> {
  const rows = await readEvents(deps.db, scope, { limit, offset });
  const lines = rows.map((row) => ({
    actor: row.actor,
    at: row.createdAt,
    campaign:
      row.campaignId === null
        ? deletedOf(row.details)
        : { id: row.campaignId, name: row.campaignName ?? 'deleted' },
    did: describeEvent(row),
  }));
  return { lines, total: await countEvents(deps.db, scope) };
}

/** The campaign as the log keeps it when nothing else of it is left. */
function deletedOf({ campaign }: Record<string, unknown>): AuditLine['campaign'] {
  const { id, name } = (campaign ?? {}) as { id?: unknown; name?: unknown };
  return typeof id === 'number' && typeof name === 'string' ? { id, name } : null;
}
