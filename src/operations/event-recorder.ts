import { insertProviderEvents, markMergedByKey, type NewProviderEvent } from '#db/provider-events.ts';
import { enqueue } from '#db/queue.ts';
import type { TextInboundEvent } from '#ports/telephony.ts';
import type { Deps } from './deps.ts';
import { inBatches } from './in-batches.ts';
import { takeInboundText } from './take-inbound-text.ts';

/** Stores reports of the provider; resolves once they are committed, so that only then the provider is answered. */
export type RecordProviderEvents = (events: NewProviderEvent[]) => Promise<void>;

/** Makes the recorder: one transaction is under way at a time. A report that was stored before changes nothing. */
export function createEventRecorder(deps: Deps): RecordProviderEvents {
  return inBatches((events: NewProviderEvent[]) => store(deps, events));
}

/**
 * Texts from people are acted on in this very transaction: when the provider is answered, an opt-out is in force.
 * Reports on our own texts are merged by a job.
 */
async function store(deps: Deps, events: NewProviderEvent[]): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const now = deps.clock.now();
    const fresh = await insertProviderEvents(tx, events, now);
    const inbound = fresh.filter(({ event }) => event.kind === 'text_inbound');
    for (const { event } of inbound) await takeInboundText(deps, tx, event as TextInboundEvent);
    await markMergedByKey(
      tx,
      deps.telephony.provider,
      inbound.map(({ dedupeKey }) => dedupeKey),
      now,
    );
    if (fresh.length > inbound.length)
      await enqueue(tx, deps.clock, 'merge_provider_events', {}, { key: 'merge' });
  });
}
