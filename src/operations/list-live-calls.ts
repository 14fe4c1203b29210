import { callsOnTheLine, type KnownCall } from '#db/live-calls.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import type { Deps } from './deps.ts';

const SHOWN = 100;

/** A call that rings or is held at this moment. `answeredAt` is null while it rings. */
export type LiveCall = {
  callId: number;
  campaignId: number | null;
  direction: 'outbound' | 'inbound';
  assistantName: string;
  contactName: string | null;
  maskedPhone: string;
  answeredAt: Date | null;
  createdAt: Date;
  isListenedTo: boolean;
};

/** The calls of a campaign that ring or are held now, those answered before those that ring, at most a hundred. */
export async function listLiveCalls(
  deps: Pick<Deps, 'db'>,
  { workspaceId, campaignId }: { workspaceId: number; campaignId: number },
): Promise<LiveCall[]> {
  const found = await callsOnTheLine(deps.db, workspaceId, campaignId, SHOWN);
  return found.map(liveCallOf);
}

function liveCallOf({ call, assistant }: KnownCall): LiveCall {
  return {
    callId: call.id,
    campaignId: call.campaignId,
    direction: call.direction,
    assistantName: assistant?.name ?? call.script.assistantName,
    contactName: call.script.contactName,
    maskedPhone: maskPhone(call.contactNumber),
    answeredAt: call.answeredAt,
    createdAt: call.createdAt,
    isListenedTo: call.listenPostId !== null,
  };
}
