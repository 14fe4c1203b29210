import { recordCampaignEvent } from '#db/campaigns.ts';
import { enqueue } from '#db/queue.ts';
import { insertSuppressionImport, type SuppressionImportRow } from '#db/suppression-imports.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import type { Deps } from './deps.ts';

export type SuppressionImportRequest = Pick<
  SuppressionImportRow,
  'workspaceId' | 'kind' | 'onlyCampaignId' | 'fileId' | 'fileName'
> & {
  actor: Actor;
  /** The same click or submission sent twice loads the file once. */
  requestKey: string;
  /** Where its progress and its end are told: the direct messages of whoever asked, or nowhere. */
  channelId: string | null;
};

/** Has a file loaded into the do-not-call list. */
export async function requestSuppressionImport(
  deps: Pick<Deps, 'db' | 'clock'>,
  { actor, ...request }: SuppressionImportRequest,
): Promise<{ importId: number }> {
  const createdAt = deps.clock.now();
  const requestedBy = actorText(actor);
  return deps.db.transaction(async (tx) => {
    const { id, isNew } = await insertSuppressionImport(tx, {
      ...request,
      status: 'pending',
      requestedBy,
      createdAt,
    });
    if (!isNew) return { importId: id };
    await recordCampaignEvent(tx, {
      workspaceId: request.workspaceId,
      campaignId: request.onlyCampaignId,
      actor: requestedBy,
      kind: 'suppression_import_requested',
      details: { importId: id, kind: request.kind, fileName: request.fileName },
      createdAt,
    });
    await enqueue(
      tx,
      deps.clock,
      'import_suppressions',
      { importId: id },
      { key: `import-suppressions:${id}` },
    );
    return { importId: id };
  });
}
