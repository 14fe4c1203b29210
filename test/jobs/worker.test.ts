import { sql } from 'drizzle-orm/sql';
import { expect, test } from 'vitest';
import { insertPost } from '#db/posts.ts';
import { enqueue } from '#db/queue.ts';
import { runDueTasks } from '#jobs/worker.ts';
import { createEngine, quietLog } from '#support/engine.ts';

test('a task that fails tells operators why, and never whom it was about', async () => {
  const engine = await createEngine();
  const { db, clock } = engine.deps;
  const logged: string[] = [];
  const log = {
    ...quietLog,
    error: (fields: { cause?: Error }, message: string) =>
      void logged.push(`${message} | ${fields.cause?.message}`),
  };
  const chat = {
    ...engine.chat,
    post: async () => {
      await db.execute(sql`select ${'+12125550123'}::text / 2`);
      throw new Error('the query should have failed');
    },
  };
  const postId = await insertPost(db, {
    workspaceId: engine.workspace.id,
    postKey: 'test',
    channelId: 'C1',
    inThread: false,
    content: { kind: 'note', level: 'info', text: 'Hello', buttons: [] },
    createdAt: clock.now(),
  });
  await enqueue(db, clock, 'send_post', { postId: postId ?? 0 }, { maxTries: 1 });
  await runDueTasks(
    { deps: { ...engine.deps, chat, log }, handleChatDelivery: async () => undefined },
    engine.database.url,
  );
  expect(logged).toEqual([expect.stringContaining('operator does not exist')]);
  expect(logged.join()).not.toContain('12125550123');
});
