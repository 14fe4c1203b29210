import { insertProviderEvents, markMergedByKey, type NewProviderEvent } from '#db/provider-events.ts';
import { enqueue } from '#db/queue.ts';
import type { TextInboundEvent } from '#ports/telephony.ts';
import type { Deps } from './deps.ts';
import { takeInboundText } from './take-inbound-text.ts';

/** Stores reports of the provider; resolves once they are committed, so that only then the provider is answered. */
export type RecordProviderEvents = (events: NewProviderEvent[]) => Promise<void>;

type Waiting = { events: NewProviderEvent[]; done: () => void; failed: (cause: unknown) => void };

/**
 * Makes the recorder. One transaction is under way at a time and what arrives meanwhile goes into the next, so a burst
 * of callbacks costs a few commits and a single one waits for nobody (performance.md §6, “natural batching”). A report
 * that was stored before changes nothing.
 */
export function createEventRecorder(deps: Deps): RecordProviderEvents {
  let waiting: Waiting[] = [];
  let isBusy = false;
  const drain = async () => {
    isBusy = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await storeAll(deps, batch);
    }
    isBusy = false;
  };
  return (events) =>
    new Promise((done, failed) => {
      waiting.push({ events, done, failed });
      if (!isBusy) void drain();
    });
}

async function storeAll(deps: Deps, batch: Waiting[]): Promise<void> {
  try {
    await store(
      deps,
      batch.flatMap((one) => one.events),
    );
    for (const one of batch) one.done();
  } catch (cause) {
    for (const one of batch) one.failed(cause);
  }
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
