import { and, count, eq, gt, inArray, ne, or, sql } from 'drizzle-orm/sql';
import { TEST_RUN } from '#domain/attempt.ts';
import type { Executor, Transaction } from './client.ts';
import { attempts } from './schema.ts';

/** The number of the next attempt by which somebody tries a campaign on themselves with this contact's values. */
export async function nextTestN(
  tx: Transaction,
  contactId: number,
  channel: 'sms' | 'call',
): Promise<number> {
  const [row] = await tx
    .select({ last: sql<number>`coalesce(max(${attempts.n}), 0)::int` })
    .from(attempts)
    .where(
      and(eq(attempts.contactId, contactId), eq(attempts.channel, channel), eq(attempts.runNumber, TEST_RUN)),
    );
  return (row?.last ?? 0) + 1;
}

/** How often campaigns of a workspace were tried on a number since an instant, or by one person, whichever is more. */
export async function countTests(
  executor: Executor,
  asked: { workspaceId: number; phoneNumber: string; createdBy: string; since: Date },
): Promise<number> {
  const [row] = await executor
    .select({
      toNumber: sql<number>`(count(*) filter (where ${attempts.phoneNumber} = ${asked.phoneNumber}))::int`,
      byPerson: sql<number>`(count(*) filter (where ${attempts.createdBy} = ${asked.createdBy}))::int`,
    })
    .from(attempts)
    .where(
      and(
        eq(attempts.workspaceId, asked.workspaceId),
        eq(attempts.runNumber, TEST_RUN),
        gt(attempts.createdAt, asked.since),
      ),
    );
  return Math.max(row?.toNumber ?? 0, row?.byPerson ?? 0);
}

/** Whether a campaign is reaching this number, or a call to it is under way; the receipt of a test is not waited for. */
export async function hasOpenAttempt(
  executor: Executor,
  workspaceId: number,
  phoneNumber: string,
): Promise<boolean> {
  const [row] = await executor
    .select({ open: count() })
    .from(attempts)
    .where(
      and(
        eq(attempts.workspaceId, workspaceId),
        eq(attempts.phoneNumber, phoneNumber),
        ne(attempts.state, 'ended'),
        or(
          eq(attempts.purpose, 'campaign'),
          eq(attempts.channel, 'call'),
          inArray(attempts.state, ['dialing', 'unknown']),
        ),
      ),
    );
  return (row?.open ?? 0) > 0;
}
