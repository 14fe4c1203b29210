import type { Change, Changes } from '#ports/changes.ts';
import type { DatabaseClient } from './client.ts';

/** The channel that `migrations/0010_feed.sql` writes to. */
const CHANNEL = 'ringmaster_feed';
const CAMPAIGN = /^campaign:(\d+):(\d+)$/;
const CALL = /^call:(\d+)$/;

/** Changes as PostgreSQL tells of them, on one connection of their own. */
export function createChanges({ sql }: Pick<DatabaseClient, 'sql'>): Changes {
  return {
    async listen({ heard, connected }) {
      const told = (payload: string) => {
        const change = readChange(payload);
        if (change) heard(change);
      };
      const { unlisten } = await sql.listen(CHANNEL, told, connected);
      return unlisten;
    },
  };
}

function readChange(payload: string): Change | null {
  const [, campaignId, workspaceId] = CAMPAIGN.exec(payload) ?? [];
  if (campaignId)
    return { kind: 'campaign', campaignId: Number(campaignId), workspaceId: Number(workspaceId) };
  const [, callId] = CALL.exec(payload) ?? [];
  return callId ? { kind: 'call', callId: Number(callId) } : null;
}
