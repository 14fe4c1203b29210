import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm/sql';
import { expect, test, vi } from 'vitest';
import { insertPost } from '#db/posts.ts';
import { enqueue } from '#db/queue.ts';
import { startWorker } from '#jobs/worker.ts';
import { createEngine } from '#support/engine.ts';

/** By then the last task is written off; cutting that statement is a lost promise inside the job library. */
const FINISHED_MS = 300;

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
  const told = (key: string) =>
    vi.waitFor(() => expect(JSON.stringify(engine.chat.posted)).toContain(key), {
      timeout: 20_000,
      interval: 50,
    });
  const worker = await startWorker({ deps, handleChatDelivery: async () => undefined }, engine.database.url);
  try {
    await post('before the cut');
    await told('before the cut');
    for (let cut = 0; cut < 3; cut += 1) {
      await sleep(FINISHED_MS);
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
