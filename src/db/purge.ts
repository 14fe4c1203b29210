import { and, inArray, isNotNull, lt, ne, sql } from 'drizzle-orm/sql';
import { apiRequests } from './api-schema.ts';
import type { Executor } from './client.ts';
import { ERASURE_KIND } from './erasures.ts';
import { importRejects, imports } from './import-schema.ts';
import { providerEvents } from './schema.ts';
import { formDrafts, posts, slackDeliveries } from './slack-schema.ts';
import { deleteOldUploads } from './uploads.ts';

/** Each kind is forgotten when it is older than its instant. */
export type PurgeLimits = Record<
  'deliveries' | 'reports' | 'forms' | 'messages' | 'rejects' | 'requests' | 'uploads' | 'failedTasks',
  Date
>;

/** Deletes what is older than its limit; what still waits is kept however old it is. */
export async function purgeOld(executor: Executor, limits: PurgeLimits): Promise<void> {
  await executor
    .delete(slackDeliveries)
    .where(and(isNotNull(slackDeliveries.handledAt), lt(slackDeliveries.receivedAt, limits.deliveries)));
  await executor
    .delete(providerEvents)
    .where(and(isNotNull(providerEvents.mergedAt), lt(providerEvents.receivedAt, limits.reports)));
  await executor
    .delete(formDrafts)
    .where(and(lt(formDrafts.updatedAt, limits.forms), ne(formDrafts.kind, ERASURE_KIND)));
  await executor
    .delete(posts)
    .where(
      and(inArray(posts.state, ['posted', 'unknown', 'abandoned']), lt(posts.createdAt, limits.messages)),
    );
  const old = executor
    .select({ id: imports.id })
    .from(imports)
    .where(lt(imports.completedAt, limits.rejects));
  await executor.delete(importRejects).where(inArray(importRejects.importId, old));
  await deleteOldUploads(executor, limits.uploads);
  await executor.delete(apiRequests).where(lt(apiRequests.createdAt, limits.requests));
  // Tasks that gave up are never run again, and their rows hold what they were told.
  await executor.execute(sql`
    delete from graphile_worker._private_jobs
    where attempts >= max_attempts and locked_at is null
      and updated_at < ${limits.failedTasks.toISOString()}::timestamptz`);
}
