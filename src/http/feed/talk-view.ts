import type { ApiToken } from '#operations/check-token.ts';
import type { Deps } from '#operations/deps.ts';
import { findCall } from '#operations/find-call.ts';
import { CLOSE, type Ending, type FeedSocket } from './feed-socket.ts';
import type { View } from './session.ts';
import type { TalkBoard, TalkViewer } from './talk-board.ts';
import { callStatus, connectionEstablished } from './talk-messages.ts';

const NOT_FOUND: Ending = {
  code: CLOSE.notFound,
  reason: 'There is no such call in this workspace. GET /api/v1/calls lists those there are.',
};

/**
 * What is said on one call, named by our id or the provider's: how it stands and what was said so far, then every word as it
 * is kept. The socket stays open when the call ends.
 */
export async function openTalk(
  deps: Deps,
  board: TalkBoard,
  { socket, token, wanted }: { socket: FeedSocket; token: ApiToken; wanted: string },
): Promise<View | Ending> {
  const callId = await findCall(deps, { workspaceId: token.workspaceId, wanted });
  if (callId === null) return NOT_FOUND;
  const viewer: TalkViewer = { socket, callId, shown: null };
  const leave = () => board.leave(viewer);
  try {
    await board.enter(viewer);
    const talk = await board.read(callId);
    if (talk) {
      socket.send(connectionEstablished(talk, deps.clock.now()));
      board.showTo(viewer, talk);
      return { leave, answers: { request_status: () => sendStatus(deps, board, viewer) } };
    }
  } catch (cause) {
    leave();
    throw cause;
  }
  leave();
  return NOT_FOUND;
}

async function sendStatus(deps: Deps, board: TalkBoard, { socket, callId }: TalkViewer): Promise<void> {
  const talk = await board.read(callId);
  if (talk) socket.send(callStatus(talk, deps.clock.now()));
}
