import { and, desc, eq, inArray, isNull } from 'drizzle-orm/sql';
import type { Executor, Transaction } from './client.ts';
import { consents } from './policy-schema.ts';

export type ConsentRow = typeof consents.$inferSelect;

/** Notes a consent; false when one for this channel is in force already, which stays as it is. */
export async function insertConsent(executor: Executor, row: typeof consents.$inferInsert): Promise<boolean> {
  const rows = await executor
    .insert(consents)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: consents.id });
  return rows.length > 0;
}

/** What ends a consent: whose, on which channel, who says so. */
export type Withdrawal = {
  workspaceId: number;
  phoneNumber: string;
  channel: ConsentRow['channel'];
  withdrawnAt: Date;
  withdrawnBy: string;
};

/**
 * Ends what somebody agreed to on a channel. A consent to everything lives on for the other channel when only one is
 * withdrawn: as an entry of its own, with the same words and the same day. Returns the consents that stood.
 */
export async function withdrawConsents(tx: Transaction, withdrawal: Withdrawal): Promise<ConsentRow[]> {
  const { workspaceId, phoneNumber, channel, withdrawnAt, withdrawnBy } = withdrawal;
  const ended = await tx
    .update(consents)
    .set({ withdrawnAt, withdrawnBy })
    .where(
      and(
        eq(consents.workspaceId, workspaceId),
        eq(consents.phoneNumber, phoneNumber),
        isNull(consents.withdrawnAt),
        channel === 'all' ? undefined : inArray(consents.channel, ['all', channel]),
      ),
    )
    .returning();
  const whole = ended.find((consent) => consent.channel === 'all');
  if (whole && channel !== 'all') {
    const { id: _, ...kept } = whole;
    const other = channel === 'voice' ? ('sms' as const) : ('voice' as const);
    await insertConsent(tx, { ...kept, channel: other, withdrawnAt: null, withdrawnBy: null });
  }
  return ended;
}

/** Every consent of a person, those withdrawn too, the newest first. */
export async function consentsOf(
  executor: Executor,
  workspaceId: number,
  phoneNumber: string,
): Promise<ConsentRow[]> {
  return executor
    .select()
    .from(consents)
    .where(and(eq(consents.workspaceId, workspaceId), eq(consents.phoneNumber, phoneNumber)))
    .orderBy(desc(consents.id));
}
