import { listCampaignRecords } from '#db/campaign-records.ts';
import type { ChatPlace } from '#ports/chat.ts';
import type { FileOffer, Note } from '#ports/chat-content.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';

const MOST_DRAFTS = 100;

export type OfferedFile = {
  workspaceId: number;
  fileId: string;
  fileName: string;
  place: ChatPlace;
  /** Why it cannot be a list of contacts, with the fix; null when it may be one. */
  problem: string | null;
};

/**
 * Offers a file that lies in a channel as a list of contacts, under its message and once per place, however often the chat
 * tells of it. Nothing of it is read. Only drafts of this channel are named: everybody in it reads the offer.
 */
export async function offerFile(deps: Pick<Deps, 'db' | 'clock'>, file: OfferedFile): Promise<void> {
  const { workspaceId, place } = file;
  const drafts = await listCampaignRecords(
    deps.db,
    { workspaceId, status: 'draft' },
    { limit: MOST_DRAFTS, offset: 0 },
  );
  const offer: FileOffer = {
    kind: 'file_offer',
    fileId: file.fileId,
    fileName: file.fileName,
    drafts: drafts.records
      .filter(({ campaign }) => campaign.channelId === place.channelId)
      .map(({ campaign }) => ({ campaignId: campaign.id, name: campaign.name })),
  };
  const refusal: Note = {
    kind: 'note',
    level: 'warning',
    text: `“${file.fileName}”: ${file.problem}`,
    buttons: [],
  };
  await deps.db.transaction((tx) =>
    announce(tx, deps, {
      workspaceId,
      campaignId: null,
      channelId: place.channelId,
      key: `file:${file.fileId}:${place.channelId}:${place.threadTs ?? ''}`,
      content: file.problem === null ? offer : refusal,
      place: place.threadTs === null ? 'channel' : { threadTs: place.threadTs },
    }),
  );
}
