import { type CallRow, overdueInboundCalls } from '#db/calls.ts';
import { sweepAfterMs } from '#domain/look-times.ts';
import { LookupFailed } from '#ports/telephony.ts';
import type { Deps } from './deps.ts';
import { endInboundCall } from './end-inbound-call.ts';
import { mergeCalls } from './merge-calls.ts';

const PATIENCE_MS = 86_400_000;
/** No assistant may talk for longer than this. */
const LONGEST_SECONDS = 3_600;

/**
 * Asks the provider about calls that people made to us and that must long be over, because numbers may be set up without
 * reports of calls to them. What it says ends them like a report would; what it cannot tell for a day is taken as over.
 */
export async function sweepInboundCalls(deps: Deps): Promise<void> {
  const before = new Date(deps.clock.now().getTime() - sweepAfterMs(LONGEST_SECONDS));
  for (const call of await overdueInboundCalls(deps.db, before)) {
    try {
      await fetchInboundCall(deps, call);
    } catch (cause) {
      const isLookup = cause instanceof LookupFailed;
      deps.log.warn({ callId: call.id, cause: isLookup ? cause.message : cause }, NOT_ASKED);
    }
  }
}

const NOT_ASKED = 'the provider could not be asked about a call to us';

async function fetchInboundCall(deps: Deps, call: CallRow): Promise<void> {
  const { providerRef, token } = call;
  const isForgotten = deps.clock.now().getTime() - call.createdAt.getTime() > PATIENCE_MS;
  if (isForgotten || providerRef === null)
    return deps.db.transaction((tx) => endInboundCall(deps, tx, { ...call, answeredAt: null }));
  const event = await deps.telephony.fetchCall(providerRef);
  await deps.db.transaction((tx) =>
    mergeCalls(deps, tx, [{ eventId: null, event: { ...event, token } }], []),
  );
}
