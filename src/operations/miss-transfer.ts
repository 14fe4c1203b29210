import { changeCall, type DeskCall } from '#db/call-desk.ts';
import { insertNoteTurn } from '#db/call-transcripts.ts';
import type { Transaction } from '#db/client.ts';
import { deskWords } from '#domain/desk-words.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import type { CallStep } from '#ports/call-flow.ts';
import { announce } from './announce.ts';
import { HANG_UP, sayStep } from './call-steps.ts';
import type { Deps } from './deps.ts';
import { touchTranscript } from './touch-transcript.ts';

/**
 * Nobody took a call that was to be put through. The thread is told that the person asked for somebody, in the caller's
 * transaction, and only then do they hear that it was.
 */
export async function missTransfer(
  deps: Deps,
  tx: Transaction,
  { call, campaign }: DeskCall,
): Promise<CallStep[]> {
  const { script } = call;
  await insertNoteTurn(tx, {
    callId: call.id,
    text: 'Nobody took the call they were to be put through to; they were told so.',
    createdAt: deps.clock.now(),
  });
  // Nobody was reached, so the call is none that was put through.
  await changeCall(tx, call.id, { transferKey: null });
  await touchTranscript(tx, deps, call.id);
  await announce(tx, deps, {
    workspaceId: call.workspaceId,
    campaignId: call.campaignId,
    channelId: campaign?.channelId ?? null,
    key: `transfer-missed:${call.id}`,
    content: {
      kind: 'note',
      level: 'warning',
      text:
        `${script.contactName ?? 'Somebody'} (${maskPhone(call.contactNumber)}) asked for a person on the phone, and nobody took the call. ` +
        'They heard that you know of it. Call them back.',
      buttons: [],
    },
  });
  return [sayStep(script, deskWords(script.language).nobodyFree(script.companyName)), ...HANG_UP];
}
