import type { ApiToken } from '#operations/check-token.ts';
import type { Deps } from '#operations/deps.ts';
import { listWatched } from '#operations/list-watched.ts';
import type { CampaignBoard, CampaignViewer } from './campaign-board.ts';
import type { FeedSocket } from './feed-socket.ts';
import { type Answers, connectionAck, errorMessage } from './messages.ts';
import { sendHistory, sendUpdate } from './progress-view.ts';
import type { View } from './session.ts';

/** So many campaigns are sent at once before the reader has to have taken them. */
const AT_ONCE = 100;
const NEEDS_CAMPAIGN = 'Say of which campaign, as in {"type":"request_history","campaign_id":42,"hours":24}.';

type Monitor = {
  deps: Deps;
  board: CampaignBoard;
  viewer: CampaignViewer;
  /** What the client wants alone; empty: it wants every campaign. */
  chosen: Set<number>;
};

/**
 * Every campaign of a workspace on one socket, with the same messages (campaign-api §7.22). A client that subscribes to
 * some is sent those alone, with their newest attempts, until it has unsubscribed from the last of them.
 */
export async function openMonitor(
  deps: Deps,
  board: CampaignBoard,
  { socket, token }: { socket: FeedSocket; token: ApiToken },
): Promise<View> {
  const { workspaceId } = token;
  const chosen = new Set<number>();
  const viewer: CampaignViewer = {
    socket,
    workspaceId,
    topic: `workspace:${workspaceId}`,
    wants: (campaignId) => chosen.size === 0 || chosen.has(campaignId),
    shown: new Map(),
  };
  const monitor = { deps, board, viewer, chosen };
  socket.send(connectionAck(null, deps.clock.now()));
  try {
    await board.enter(viewer);
    await forAll(monitor, async (ids) => {
      for (const row of await board.read(viewer, ids)) board.showTo(viewer, row);
    });
  } catch (cause) {
    board.leave(viewer);
    throw cause;
  }
  return { leave: () => board.leave(viewer), answers: answersOf(monitor) };
}

function answersOf(monitor: Monitor): Answers {
  const { deps, board, viewer, chosen } = monitor;
  return {
    async request_update({ campaign_id }) {
      if (campaign_id === undefined) await forAll(monitor, (ids) => sendUpdate(board, viewer, ...ids));
      else if ((await sendUpdate(board, viewer, campaign_id)) === 0) tellUnknown(monitor, campaign_id);
    },
    async request_history({ campaign_id, hours }) {
      if (campaign_id === undefined) viewer.socket.send(errorMessage(NEEDS_CAMPAIGN));
      else if ((await board.read(viewer, [campaign_id])).length === 0) tellUnknown(monitor, campaign_id);
      else await sendHistory(deps, viewer.socket, { campaignId: campaign_id, hours });
    },
    async subscribe({ campaign_id }) {
      if ((await board.read(viewer, [campaign_id])).length === 0) {
        tellUnknown(monitor, campaign_id);
        return;
      }
      chosen.add(campaign_id);
      await board.introduce(viewer, campaign_id);
    },
    async unsubscribe({ campaign_id }) {
      if (!chosen.delete(campaign_id)) {
        const problem = `This socket is not subscribed to campaign ${campaign_id}, so nothing has changed.`;
        viewer.socket.send(errorMessage(problem));
        return;
      }
      viewer.socket.send({ type: 'unsubscribed', campaign_id });
      if (chosen.size > 0) return;
      await forAll(monitor, async (ids) => {
        for (const row of await board.read(viewer, ids)) board.showTo(viewer, row);
      });
    },
  };
}

/** Does something about every campaign that the client wants, as fast as it reads. */
async function forAll(
  { deps, viewer, chosen }: Monitor,
  work: (campaignIds: number[]) => Promise<unknown>,
): Promise<void> {
  const { workspaceId, socket } = viewer;
  const all = chosen.size > 0 ? [...chosen] : await listWatched(deps, { workspaceId });
  for (let from = 0; from < all.length && !socket.isOver; from += AT_ONCE) {
    await work(all.slice(from, from + AT_ONCE));
    await socket.drained();
  }
}

function tellUnknown({ viewer }: Monitor, campaignId: number): void {
  viewer.socket.send(errorMessage(`There is no campaign ${campaignId} in this workspace.`));
}
