import { and, countDistinct, eq, gt, lt, lte, ne, or, sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import type { PostRow } from './posts.ts';
import { postingTurns, posts } from './slack-schema.ts';

/** One message per `intervalMs` of product time into a channel, and after a pause `burst` of them at once. */
export type PostingPace = { intervalMs: number; burst: number };

/** No turn lies so many intervals ahead: whoever wrote it had another clock, or time ran faster for them. */
const FAR_AHEAD = 20;

/**
 * Takes a turn to post into a channel now; null when it is taken, else the instant at which the next one is free. One
 * statement takes it, so that processes which ask at the same time get different turns.
 */
export async function takeTurn(
  executor: Executor,
  channelId: string,
  now: Date,
  { intervalMs, burst }: PostingPace,
): Promise<Date | null> {
  const later = (intervals: number) => new Date(now.getTime() + intervals * intervalMs);
  const { freeAt } = postingTurns;
  const taken = await executor
    .insert(postingTurns)
    .values({ channelId, freeAt: later(1) })
    .onConflictDoUpdate({
      target: postingTurns.channelId,
      set: {
        freeAt: sql`case when ${freeAt} between ${instant(now)} and ${instant(later(FAR_AHEAD))}
          then ${freeAt} + ${intervalMs}::float8 * interval '1 millisecond' else ${instant(later(1))} end`,
      },
      setWhere: or(lte(freeAt, later(burst - 1)), gt(freeAt, later(FAR_AHEAD))),
    })
    .returning({ channelId: postingTurns.channelId });
  if (taken.length > 0) return null;
  const [row] = await executor
    .select({ freeAt })
    .from(postingTurns)
    .where(eq(postingTurns.channelId, channelId));
  return new Date((row?.freeAt ?? now).getTime() - (burst - 1) * intervalMs);
}

/** How many other threads of a channel have a message put off that was written before this one; those being sent have their turn. */
export async function threadsBefore(
  executor: Executor,
  channelId: string,
  { id, threadKey }: Pick<PostRow, 'id' | 'threadKey'>,
): Promise<number> {
  const [row] = await executor
    .select({ total: countDistinct(posts.threadKey) })
    .from(posts)
    .where(
      and(
        eq(posts.state, 'pending'),
        eq(posts.channelId, channelId),
        ne(posts.threadKey, threadKey),
        lt(posts.id, id),
      ),
    );
  return row?.total ?? 0;
}

const instant = (at: Date) => sql`${at.toISOString()}::timestamptz`;
