import { eq, inArray } from 'drizzle-orm/sql';
import { expect, test } from 'vitest';
import { calls } from '#db/call-schema.ts';
import type { Transaction } from '#db/client.ts';
import { lockReported } from '#db/ledger.ts';
import { attempts, contacts } from '#db/schema.ts';
import { createCallDesk } from '#operations/call-desk.ts';
import { endAttempts, endUnsettled } from '#operations/end-attempts.ts';
import { mergeCalls } from '#operations/merge-calls.ts';
import type { CallStatusEvent } from '#ports/telephony.ts';
import { kinds, placeCall } from '#support/desk.ts';
import { createEngine } from '#support/engine.ts';
import { freshPhones, lookingAt, statusOf } from './calls.ts';

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

const after = (ms: number) => () => new Promise((resolve) => setTimeout(resolve, ms));

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
      return merge(tx, reports, after(300));
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

test('a call that somebody answers after it was given up makes no circle with one that ends', async () => {
  const look = lookingAt(engine);
  const campaignId = await look.start({ phones: freshPhones(2) });
  const [lost, ends] = await look.attempts(campaignId);
  if (!lost || !ends) throw new Error('nobody was called');
  const gone = { outcome: 'not_placed', ref: null, status: null, refusal: null } as const;
  await deps.db.transaction((tx) => endAttempts(deps, tx, [{ id: lost.id, ...gone }]));
  await deps.db.update(attempts).set({ providerRef: null }).where(eq(attempts.id, lost.id));
  await deps.db.update(calls).set({ providerRef: null }).where(eq(calls.attemptId, lost.id));
  let runs = 0;
  const { ending, answering } = await deps.db.transaction(async (holder) => {
    // Whoever ends a call waits for its contact, and has the figures by then.
    await holder.select().from(contacts).where(eq(contacts.id, ends.contactId)).for('update');
    const ending = deps.db.transaction((tx) => {
      runs += 1;
      return merge(tx, [statusOf({ token: ends.token, ref: ends.providerRef ?? '' }, 'busy')], after(0));
    });
    await after(300)();
    const answering = createCallDesk(deps).answer({ token: lost.token, ref: 'CA_AFTER_ALL', verdict: null });
    await after(1_500)();
    return { ending: { done: ending }, answering: { done: answering } };
  });
  await ending.done;
  expect(kinds(await answering.done)).toEqual(['converse']);
  expect(runs).toBe(1);
});
