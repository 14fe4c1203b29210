import { eq, inArray } from 'drizzle-orm/sql';
import { expect, test } from 'vitest';
import type { Transaction } from '#db/client.ts';
import { lockReported } from '#db/ledger.ts';
import { attempts } from '#db/schema.ts';
import { endUnsettled } from '#operations/end-attempts.ts';
import { mergeCalls } from '#operations/merge-calls.ts';
import type { CallStatusEvent } from '#ports/telephony.ts';
import { placeCall } from '#support/desk.ts';
import { createEngine } from '#support/engine.ts';
import { statusOf } from './calls.ts';

const engine = await createEngine();
const { deps } = engine;

/** As a batch of reports is merged; `meanwhile` is waited for in the middle of it. */
async function merge(tx: Transaction, reports: CallStatusEvent[], meanwhile: () => Promise<unknown>) {
  const tokens = reports.flatMap(({ token }) => token ?? []);
  const locked = await lockReported(tx, deps.telephony.provider, tokens, []);
  const onCalls = reports.map((event) => ({ eventId: null, event }));
  const { endings } = await mergeCalls(deps, tx, onCalls, locked);
  await meanwhile();
  await endUnsettled(deps, tx, endings);
}

test('two batches of reports on calls of the same campaigns never wait for each other in a circle', async () => {
  const [one, two, three, four] = [
    await placeCall(engine),
    await placeCall(engine),
    await placeCall(engine),
    await placeCall(engine),
  ];
  const isIn = async (attemptId: number, campaignId: number) =>
    deps.db.update(attempts).set({ campaignId }).where(eq(attempts.id, attemptId));
  await isIn(three.attemptId, two.campaignId);
  await isIn(four.attemptId, one.campaignId);
  let runs = 0;
  const batch = (reports: CallStatusEvent[]) =>
    deps.db.transaction((tx) => {
      runs += 1;
      return merge(tx, reports, () => new Promise((resolve) => setTimeout(resolve, 300)));
    });
  await Promise.all([
    batch([statusOf(one, 'busy'), statusOf(two, 'completed')]),
    batch([statusOf(three, 'busy'), statusOf(four, 'completed')]),
  ]);
  // One that PostgreSQL had to end, after a second of waiting, would have been run again.
  expect(runs).toBe(2);
  const ids = [one, two, three, four].map(({ attemptId }) => attemptId);
  const rows = await deps.db.select().from(attempts).where(inArray(attempts.id, ids)).orderBy(attempts.id);
  expect(rows.map(({ outcome }) => outcome)).toEqual(['busy', 'answered', 'busy', 'answered']);
});
