import { sql } from 'drizzle-orm/sql';
import { expect, it } from 'vitest';
import { lockCalls } from '#db/calls.ts';
import type { Turn } from '#db/turns.ts';
import { createTurnKeeper } from '#operations/turn-keeper.ts';
import { createEngine, quietLog } from '#support/engine.ts';
import { freshPhones, lookingAt } from './calls.ts';

it('keeps what is said on several calls while reports on them are merged, without either waiting for the other', async () => {
  const engine = await createEngine();
  const { db } = engine.deps;
  const look = lookingAt(engine);
  const campaignId = await look.start({ phones: freshPhones(3) });
  const [first, second, third] = await look.calls(campaignId);
  if (!first || !second || !third) throw new Error('three calls were to be made');
  const problems: string[] = [];
  const log = { ...quietLog, error: (_: object, message: string) => void problems.push(message) };
  const keeper = createTurnKeeper({ ...engine.deps, log });
  const count = async (query: ReturnType<typeof sql>) =>
    Number((await db.execute<{ n: number }>(query))[0]?.n ?? 0);
  const waiting = () =>
    count(sql`
    select count(*)::int as n from pg_locks where not granted and pid in (
      select pid from pg_stat_activity where datname = current_database())`);
  const deadlocks = () =>
    count(sql`select deadlocks::int as n from pg_stat_database where datname = current_database()`);
  const take = (tx: Parameters<typeof lockCalls>[0], { token }: { token: string }) =>
    lockCalls(tx, 'scripted', { attemptIds: [], tokens: [token], refs: [] });
  await db.transaction(async (tx) => {
    await take(tx, first);
    // The first turn begins a batch by itself; the two that come meanwhile are the next one.
    for (const call of [third, second, first]) keeper.keep(turnOf(call.id));
    await expect.poll(waiting).toBeGreaterThan(0);
    await take(tx, second);
  });
  await keeper.flush();
  expect(await count(sql`select count(*)::int as n from call_turns`)).toBe(3);
  // The statistics of a transaction that was broken off come a moment after it.
  await new Promise((done) => setTimeout(done, 1_200));
  expect({ problems, deadlocks: await deadlocks() }).toEqual({ problems: [], deadlocks: 0 });

  function turnOf(callId: number): Turn {
    return {
      callId,
      seq: 0,
      role: 'contact',
      text: 'Hello?',
      heardText: null,
      isInterrupted: false,
      tool: null,
      createdAt: engine.clock.now(),
    };
  }
});
