import { sql } from 'drizzle-orm/sql';
import { expect, test } from 'vitest';
import { insertPost } from '#db/posts.ts';
import { enqueue } from '#db/queue.ts';
import { startWorker } from '#jobs/worker.ts';
import { createEngine } from '#support/engine.ts';

test('a worker whose connections are cut goes on by itself', async () => {
  const engine = await createEngine();
  const { db, clock } = engine.deps;
  const { deps } = engine;
  const post = async (key: string) => {
    const postId = await insertPost(db, {
      workspaceId: engine.workspace.id,
      postKey: key,
      channelId: `C_${key}`,
      inThread: false,
      content: { kind: 'note', level: 'info', text: key, buttons: [] },
      createdAt: clock.now(),
    });
    await enqueue(db, clock, 'send_post', { postId: postId ?? 0 });
  };
  const told = (key: string) => expect.poll(() => JSON.stringify(engine.chat.posted)).toContain(key);
  /** Cutting the statement that writes a task off is a lost promise inside the job library. */
  const writtenOff = () =>
    expect
      .poll(async () => {
        const [row] = await db.execute<{ n: number }>(sql`
          select (select count(*) from graphile_worker._private_jobs where locked_at is not null)::int
            + (select count(*) from pg_stat_activity where datname = current_database() and state <> 'idle'
              and pid <> pg_backend_pid() and application_name <> 'ringmaster')::int as n`);
        return row?.n;
      })
      .toBe(0);
  const worker = await startWorker({ deps, handleChatDelivery: async () => undefined }, engine.database.url);
  try {
    await post('before the cut');
    await told('before the cut');
    for (let cut = 0; cut < 3; cut += 1) {
      await writtenOff();
      await db.execute(sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'ringmaster'`);
      await post(`after cut ${cut}`);
      await told(`after cut ${cut}`);
    }
  } finally {
    await worker.stop();
  }
});
