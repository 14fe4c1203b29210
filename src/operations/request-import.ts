import { type CampaignRow, recordCampaignEvent } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { insertImport } from '#db/import-requests.ts';
import { saveColumnMapping } from '#db/imports.ts';
import { enqueue } from '#db/queue.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { type ColumnMapping, mappingProblems } from '#domain/contact-import/mapping.ts';
import { canImport, wrongStatus } from '#domain/lifecycle.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { lockOrRefuse } from './lock-or-refuse.ts';
import { voidApproval, voidAttestation } from './void-approval.ts';
import { touchCard } from './wake-campaign.ts';

export type RequestImportInput = {
  campaignId: number;
  fileId: string;
  fileName: string;
  mapping: ColumnMapping[];
  /** Of the file's header, so that the mapping is offered again for the same header. */
  fingerprint?: string | null;
  mode: 'append' | 'replace';
  actor: Actor;
  /** The same submission sent twice is one import. */
  requestKey: string;
  /** Where it is told; a thread of null means the campaign's own thread. */
  place: { channelId: string; threadTs: string | null } | null;
};

/**
 * Asks for a file to be loaded into a campaign, with the mapping somebody confirmed; it is loaded after the commit.
 * Throws `wrong_status` when the campaign takes no contacts now, `file_unusable` when the mapping cannot be used.
 */
export async function requestImport(deps: Deps, input: RequestImportInput): Promise<{ importId: number }> {
  const [problem] = mappingProblems(input.mapping);
  if (problem) throw new Refusal('file_unusable', { problem });
  const now = deps.clock.now();
  const requestedBy = actorText(input.actor);
  return deps.db.transaction(async (tx) => {
    const locked = await lockOrRefuse(tx, input.campaignId);
    if (!canImport(locked.campaign.status)) throw wrongStatus('import', locked.campaign.status);
    const { id: importId, isNew } = await insertImport(tx, {
      workspaceId: locked.workspace.id,
      campaignId: input.campaignId,
      status: 'pending',
      mode: input.mode,
      fileId: input.fileId,
      fileName: input.fileName,
      // Without the samples: they are people's names and numbers, and only the form needed them.
      mapping: input.mapping.map((column) => ({ ...column, samples: [] })),
      requestKey: `${locked.workspace.id}:${input.requestKey}`,
      channelId: input.place?.channelId ?? locked.campaign.channelId,
      threadTs: input.place?.threadTs ?? null,
      requestedBy,
      createdAt: now,
    });
    if (!isNew) return { importId };
    if (input.fingerprint) {
      await saveColumnMapping(tx, {
        workspaceId: locked.workspace.id,
        fingerprint: input.fingerprint,
        mapping: input.mapping.map(({ header, target, variable }) => ({ header, target, variable })),
        updatedBy: requestedBy,
        updatedAt: now,
      });
    }
    await noteRequest(deps, tx, locked.campaign, input, importId);
    await enqueue(tx, deps.clock, 'import_contacts', { importId }, { key: `import:${importId}` });
    await touchCard(tx, deps, input.campaignId);
    return { importId };
  });
}

/** Whom it is for is about to change: what was agreed to and answered for were other people. */
async function noteRequest(
  deps: Deps,
  tx: Transaction,
  campaign: CampaignRow,
  { actor, fileName, mode }: RequestImportInput,
  importId: number,
): Promise<void> {
  await recordCampaignEvent(tx, {
    workspaceId: campaign.workspaceId,
    campaignId: campaign.id,
    actor: actorText(actor),
    kind: 'import_requested',
    details: { importId, fileName, mode },
    createdAt: deps.clock.now(),
  });
  await voidApproval(deps, tx, { campaign, actor, did: `has “${fileName}” loaded into this campaign` });
  await voidAttestation(tx, campaign);
}
