import { type ListedCall, spokenTurns } from '#db/call-list.ts';
import type { Deps } from './deps.ts';
import { type CallName, showCallRecord } from './show-call-record.ts';

/** One thing said on a call, as it was heard. `startSeconds` counts from when the call was answered, where that is known. */
export type Utterance = {
  /** Its place in the conversation, from one. */
  place: number;
  speaker: 'assistant' | 'contact';
  text: string;
  at: Date;
  startSeconds: number | null;
};

/** What was said on a call so far, in order: of what was cut off, only what came before the cut. Throws `call_not_found`. */
export async function showTranscript(
  deps: Pick<Deps, 'db' | 'telephony'>,
  asked: { workspaceId: number; call: CallName },
): Promise<{ record: ListedCall; utterances: Utterance[] }> {
  const record = await showCallRecord(deps, asked);
  const { id, answeredAt } = record.call;
  const turns = await spokenTurns(deps.db, id);
  const utterances = turns.map(({ seq, role, text, heardText, createdAt }) => ({
    place: seq + 1,
    speaker: role === 'assistant' ? ('assistant' as const) : ('contact' as const),
    text: heardText ?? text,
    at: createdAt,
    startSeconds: answeredAt && Math.max(0, (createdAt.getTime() - answeredAt.getTime()) / 1_000),
  }));
  return { record, utterances };
}
