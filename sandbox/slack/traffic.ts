/** The inspector's memory: the last exchanges, bodies cut short, tokens taken out. */

import type { Traffic } from '#sandbox/page-protocol.ts';
import type { Feed } from './feed.ts';

const BODY_MAX = 8 * 1024;

export type TrafficEntry = Pick<Traffic, 'direction' | 'title' | 'request'> & { note?: string };
export type TrafficEnd = { status: number | null; response: string; note?: string };

export type TrafficLog = {
  /** Shows the exchange at once; the returned function completes it. */
  begin(entry: TrafficEntry): (end: TrafficEnd) => void;
  rows(): Traffic[];
};

export function createTrafficLog(feed: Feed, productClock: { now(): number }, max: number): TrafficLog {
  const rows: Traffic[] = [];
  let count = 0;

  return {
    begin(entry) {
      count += 1;
      const row: Traffic = {
        id: `slack-${count}`,
        at: productClock.now(),
        side: 'slack',
        direction: entry.direction,
        title: entry.title,
        status: null,
        durationMs: null,
        request: trim(entry.request),
        response: '',
        note: entry.note ?? '',
      };
      rows.push(row);
      feed.upsert('traffic', { ...row });
      if (rows.length > max) forget();
      const begunAt = performance.now();
      return (end) => {
        Object.assign(row, {
          status: end.status,
          durationMs: Math.round(performance.now() - begunAt),
          response: trim(end.response),
          note: end.note ?? row.note,
        });
        if (rows.includes(row)) feed.upsert('traffic', { ...row });
      };
    },
    rows: () => rows.map((row) => ({ ...row })),
  };

  function forget(): void {
    const oldest = rows.shift();
    if (oldest) feed.remove('traffic', oldest.id);
  }
}

function redact(text: string): string {
  return text.replace(/\b(xox[a-z]|xapp)-[\w-]+/g, '$1-…');
}

function trim(text: string): string {
  const safe = redact(text);
  return safe.length <= BODY_MAX
    ? safe
    : `${safe.slice(0, BODY_MAX)}… (${safe.length - BODY_MAX} more characters)`;
}
