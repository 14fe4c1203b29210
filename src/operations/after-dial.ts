import type { CallDesk, CallStep } from '#ports/call-flow.ts';
import { HANG_UP } from './call-steps.ts';
import type { Deps } from './deps.ts';
import { takeDeskCall } from './desk-call.ts';
import { endInboundCall } from './end-inbound-call.ts';
import { missTransfer } from './miss-transfer.ts';

type Asked = Parameters<CallDesk['afterDial']>[0];

/** The person was put through and that is over, or nobody took the call: then they are told so, and so is the thread. */
export async function afterDial(deps: Deps, asked: Asked): Promise<CallStep[]> {
  return deps.db.transaction(async (tx) => {
    const desk = await takeDeskCall(deps, tx, asked);
    if (!desk) return HANG_UP;
    await endInboundCall(deps, tx, desk.call);
    return asked.wasAnswered || desk.call.endedAt !== null ? HANG_UP : missTransfer(deps, tx, desk);
  });
}
