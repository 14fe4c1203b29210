import type { ApiToken } from '#operations/check-token.ts';
import type { Deps } from '#operations/deps.ts';
import { metricsHistory } from '#operations/metrics-history.ts';
import type { CampaignBoard, CampaignViewer } from './campaign-board.ts';
import { CLOSE, type Ending, type FeedSocket, frameOf } from './feed-socket.ts';
import { type Answers, historyMessage, progressUpdate, writeProgress } from './messages.ts';
import type { View } from './session.ts';

const NOT_FOUND: Ending = {
  code: CLOSE.notFound,
  reason: 'There is no such campaign in this workspace. GET /api/v1/campaigns lists those there are.',
};

/** One campaign on one socket: how it stands, then every change of it (campaign-api §4.2). */
export async function openProgress(
  deps: Deps,
  board: CampaignBoard,
  { socket, token, campaignId }: { socket: FeedSocket; token: ApiToken; campaignId: number | null },
): Promise<View | Ending> {
  if (campaignId === null || (await board.read(token, [campaignId])).length === 0) return NOT_FOUND;
  const viewer: CampaignViewer = {
    socket,
    workspaceId: token.workspaceId,
    topic: `campaign:${campaignId}`,
    wants: () => viewer.shown.size > 0,
    shown: new Map(),
  };
  const leave = () => board.leave(viewer);
  try {
    await board.enter(viewer);
    if (await board.introduce(viewer, campaignId))
      return { leave, answers: answersOf(deps, board, viewer, campaignId) };
  } catch (cause) {
    leave();
    throw cause;
  }
  leave();
  return NOT_FOUND;
}

function answersOf(deps: Deps, board: CampaignBoard, viewer: CampaignViewer, campaignId: number): Answers {
  return {
    async request_update() {
      await sendUpdate(board, viewer, campaignId);
    },
    request_history: ({ hours }) => sendHistory(deps, viewer.socket, { campaignId, hours }),
  };
}

/** Answers with how a campaign came to where it is, by the hour. */
export async function sendHistory(
  deps: Deps,
  socket: FeedSocket,
  { campaignId, hours }: { campaignId: number; hours: number },
): Promise<void> {
  socket.send(historyMessage(campaignId, await metricsHistory(deps, { campaignId, hours })));
}

/** Answers with how campaigns stand now, changed or not (campaign-api §7.22). */
export async function sendUpdate(
  board: CampaignBoard,
  viewer: CampaignViewer,
  ...campaignIds: number[]
): Promise<number> {
  const rows = await board.read(viewer, campaignIds);
  for (const row of rows) {
    const shown = writeProgress(row);
    viewer.shown.set(row.campaignId, shown);
    viewer.socket.sendFrame(frameOf(progressUpdate(shown)));
  }
  return rows.length;
}
