import { lastTurnsOfCalls } from '#db/call-transcripts.ts';
import { callsOnTheLine, type KnownCall } from '#db/live-calls.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import type { Deps } from './deps.ts';
import { lineOf, type SpokenLine } from './transcript-content.ts';

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
  /** The last thing said, for somebody who may listen. */
  lastLine: SpokenLine | null;
};

/** The calls of a campaign that ring or are held now, those answered before those that ring, at most a hundred. */
export async function listLiveCalls(
  deps: Pick<Deps, 'db'>,
  { workspaceId, campaignId }: { workspaceId: number; campaignId: number },
): Promise<LiveCall[]> {
  const found = await callsOnTheLine(deps.db, workspaceId, campaignId, SHOWN);
  const turns = await lastTurnsOfCalls(
    deps.db,
    found.map(({ call }) => call.id),
  );
  const lines = new Map(turns.map((turn) => [turn.callId, lineOf(turn)]));
  return found.map((known) => liveCallOf(known, lines.get(known.call.id) ?? null));
}

function liveCallOf({ call, assistant }: KnownCall, lastLine: SpokenLine | null): LiveCall {
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
    lastLine,
  };
}
