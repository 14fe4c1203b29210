import type { CallTurnRow, Transcript } from '#db/call-transcripts.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import type { LiveTranscript } from '#ports/chat-content.ts';

/** So many lines of a conversation the thread shows; the whole of it stands with the call. */
export const LINES_SHOWN = 30;

export type SpokenLine = LiveTranscript['lines'][number];

/** One turn as it was heard: of what was cut off, only what came before the cut. Null for what nobody said or noted. */
export function lineOf({ role, text, heardText, isInterrupted }: CallTurnRow): SpokenLine | null {
  return role === 'tool' ? null : { who: role, text: heardText ?? text, isCut: isInterrupted };
}

/** A conversation as the thread shows it. `campaignId` is the campaign of the thread. */
export function transcriptContent(
  { call, assistantName, turns, total }: Transcript,
  campaignId: number,
): LiveTranscript {
  return {
    kind: 'live_transcript',
    callId: call.id,
    campaignId,
    assistantName: assistantName ?? call.script.assistantName,
    contactName: call.script.contactName,
    maskedPhone: maskPhone(call.contactNumber),
    isLive: call.endedAt === null,
    lines: turns.flatMap((turn) => lineOf(turn) ?? []),
    omitted: total - turns.length,
  };
}
