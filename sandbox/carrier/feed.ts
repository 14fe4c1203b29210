import type { FeedMessage, Tables, Traffic } from '#sandbox/page-protocol.ts';

/** What changed, as the page is told. */
export type Change = Extract<FeedMessage, { type: 'upsert' | 'remove' }>;
export type Listener = (change: Change) => void;
type CarrierTable = 'texts' | 'calls' | 'phones' | 'faults' | 'traffic';

/** Tells whoever listens, and keeps the last exchanges for the inspector. */
export type Feed = {
  listeners: Set<Listener>;
  traffic: Traffic[];
  trafficKept: number;
  trafficCount: number;
};

export function createFeed(trafficKept: number): Feed {
  return { listeners: new Set(), traffic: [], trafficKept, trafficCount: 0 };
}

/** Builds the row only when somebody listens: a bench has nobody. */
export function tell<Table extends CarrierTable>(feed: Feed, table: Table, row: () => Tables[Table]): void {
  if (feed.listeners.size === 0) return;
  const change: Change = { type: 'upsert', table, row: row() };
  for (const listener of feed.listeners) listener(change);
}

export function recordTraffic(feed: Feed, describe: () => Omit<Traffic, 'id' | 'side'>): void {
  if (feed.trafficKept === 0) return;
  feed.trafficCount += 1;
  const row: Traffic = { id: `carrier-${feed.trafficCount}`, side: 'carrier', ...describe() };
  feed.traffic.push(row);
  tell(feed, 'traffic', () => row);
  const dropped = feed.traffic.length > feed.trafficKept ? feed.traffic.shift() : undefined;
  if (!dropped) return;
  for (const listener of feed.listeners) listener({ type: 'remove', table: 'traffic', id: dropped.id });
}
