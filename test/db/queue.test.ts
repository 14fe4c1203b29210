import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, test } from 'vitest';
import { enqueue } from '#db/queue.ts';
import { createTestDatabase } from '#support/database.ts';
import { testClock } from '#support/engine.ts';

const database = await createTestDatabase();
const { db } = database.client;
const clock = testClock();

const LATER = new Date(clock.now().getTime() + 60_000);

async function waiting() {
  const rows = await db.execute<{ key: string | null; task: string; payload: unknown; due: boolean }>(sql`
    select j.key, t.identifier as task, j.payload, j.run_at <= now() as due
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id order by j.id`);
  return [...rows];
}

describe('tasks of a transaction', () => {
  beforeEach(() => db.execute(sql`truncate graphile_worker._private_jobs`));

  test('exist when it commits and do not when it fails', async () => {
    await db.transaction((tx) => enqueue(tx, clock, 'dispatch_campaign', { campaignId: 1 }, { key: 'a' }));
    const failing = db.transaction(async (tx) => {
      await enqueue(tx, clock, 'dispatch_campaign', { campaignId: 2 }, { key: 'b' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await waiting()).toEqual([
      { key: 'a', task: 'dispatch_campaign', payload: { campaignId: 1 }, due: true },
    ]);
  });

  test('never make two transactions wait for each other, in whatever order they are added', async () => {
    const add = (...keys: string[]) =>
      db.transaction(async (tx) => {
        for (const key of keys) {
          await enqueue(tx, clock, 'refresh_card', { campaignId: 1 }, { key });
          await sleep(50);
        }
      });
    await expect(Promise.all([add('card', 'dispatch'), add('dispatch', 'card')])).resolves.toBeDefined();
    expect((await waiting()).map(({ key }) => key)).toEqual(['card', 'dispatch']);
  });

  test.each([
    ['the last time given wins', undefined, LATER, false],
    ['a task that should come early leaves the earlier time alone', 'earliest', LATER, true],
  ] as const)('with one key are one: %s', async (_, keep, at, due) => {
    await db.transaction(async (tx) => {
      await enqueue(tx, clock, 'refresh_card', { campaignId: 1 }, { key: 'card' });
      await enqueue(tx, clock, 'refresh_card', { campaignId: 2 }, { key: 'card', at, keep });
    });
    expect(await waiting()).toEqual([{ key: 'card', task: 'refresh_card', payload: { campaignId: 2 }, due }]);
  });

  test('without a key stay as many as they are', async () => {
    await db.transaction(async (tx) => {
      await enqueue(tx, clock, 'recover', {});
      await enqueue(tx, clock, 'recover', {});
    });
    expect(await waiting()).toHaveLength(2);
  });
});
