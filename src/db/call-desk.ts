import {
  and,
  arrayContains,
  desc,
  eq,
  gte,
  isNotNull,
  isNull,
  ne,
  notInArray,
  or,
  sql,
} from 'drizzle-orm/sql';
import { type AttemptOutcome, TEST_RUN } from '#domain/attempt.ts';
import { assistants, calls } from './call-schema.ts';
import type { Executor, Transaction } from './client.ts';
import { attempts, campaigns, contacts } from './schema.ts';

export type CallRow = typeof calls.$inferSelect;

/** A call at the desk: its row, the attempt it is (none for calls made to us), and what of its campaign counts. */
export type DeskCall = {
  call: CallRow;
  attempt: typeof attempts.$inferSelect | null;
  campaign: Pick<typeof campaigns.$inferSelect, 'id' | 'status' | 'channelId'> | null;
};

/** A call by its token, locked together with its attempt, which is locked first as everywhere; null when there is none. */
export async function lockDeskCall(tx: Transaction, token: string): Promise<DeskCall | null> {
  const [attempt] = await tx.select().from(attempts).where(eq(attempts.token, token)).for('no key update');
  const [call] = await tx.select().from(calls).where(eq(calls.token, token)).for('no key update');
  if (!call) return null;
  const campaign = call.campaignId === null ? null : await campaignOf(tx, call.campaignId);
  return { call, attempt: attempt ?? null, campaign };
}

async function campaignOf(executor: Executor, campaignId: number) {
  const [row] = await executor
    .select({ id: campaigns.id, status: campaigns.status, channelId: campaigns.channelId })
    .from(campaigns)
    .where(eq(campaigns.id, campaignId));
  return row ?? null;
}

/** Keeps which call of the provider's is the one of this attempt. */
export async function keepCallRef(
  tx: Transaction,
  { call, attempt }: Pick<DeskCall, 'call' | 'attempt'>,
  ref: string,
): Promise<void> {
  if (call.providerRef === null)
    await tx.update(calls).set({ providerRef: ref }).where(eq(calls.id, call.id));
  if (attempt && attempt.providerRef === null)
    await tx.update(attempts).set({ providerRef: ref }).where(eq(attempts.id, attempt.id));
}

export async function changeCall(executor: Executor, id: number, change: Partial<CallRow>): Promise<void> {
  await executor.update(calls).set(change).where(eq(calls.id, id));
}

/** Ends a call that is not ended; false when it was. */
export async function endCall(
  tx: Transaction,
  id: number,
  end: Pick<CallRow, 'endedAt' | 'durationSeconds'>,
): Promise<boolean> {
  const rows = await tx
    .update(calls)
    .set(end)
    .where(and(eq(calls.id, id), isNull(calls.endedAt)))
    .returning({ id: calls.id });
  return rows.length > 0;
}

/** A call to us by the provider's id, locked, or null. */
export async function lockInboundCall(
  tx: Transaction,
  key: { provider: string; ref: string },
): Promise<CallRow | null> {
  const [row] = await tx
    .select()
    .from(calls)
    .where(
      and(eq(calls.provider, key.provider), eq(calls.providerRef, key.ref), eq(calls.direction, 'inbound')),
    )
    .for('no key update');
  return row ?? null;
}

/** Stores a call that somebody makes to us; null when it is stored already. */
export async function insertInboundCall(
  tx: Transaction,
  row: typeof calls.$inferInsert,
): Promise<CallRow | null> {
  const [made] = await tx.insert(calls).values(row).onConflictDoNothing().returning();
  return made ?? null;
}

/** How attempts ended of which nobody's phone was told. */
const NEVER_ARRIVED: AttemptOutcome[] = [
  'withdrawn',
  'not_placed',
  'throttled',
  'rejected',
  'canceled',
  'invalid',
  'carrier_failed',
  'failed',
  'undelivered',
];

/**
 * The newest attempt that a phone was told of, to a number since an instant: from the number they call now before any
 * other, and a call before a text. With its call's script where it was one, its campaign, contact and assistant. Where the
 * number belongs to a workspace (`ownerId`), what others sent from elsewhere is no reason to call it.
 */
export async function newestReach(
  executor: Executor,
  input: { phoneNumber: string; ourNumber: string; ownerId: number | null; since: Date },
) {
  const { ownerId } = input;
  const isOwners = ownerId === null ? sql`true` : eq(attempts.workspaceId, ownerId);
  const [row] = await executor
    .select({
      workspaceId: attempts.workspaceId,
      contactId: attempts.contactId,
      channel: attempts.channel,
      script: calls.script,
      campaign: campaigns,
      contactValues: contacts.variableValues,
      assistant: assistants,
    })
    .from(attempts)
    .innerJoin(contacts, eq(contacts.id, attempts.contactId))
    .innerJoin(campaigns, eq(campaigns.id, attempts.campaignId))
    .leftJoin(calls, eq(calls.attemptId, attempts.id))
    .leftJoin(assistants, sql`${assistants.id} = coalesce(${calls.assistantId}, ${campaigns.assistantId})`)
    .where(
      and(
        eq(attempts.phoneNumber, input.phoneNumber),
        gte(attempts.createdAt, input.since),
        or(eq(attempts.sender, input.ourNumber), isOwners),
        isNotNull(attempts.providerRef),
        ne(attempts.runNumber, TEST_RUN),
        or(isNull(attempts.outcome), notInArray(attempts.outcome, NEVER_ARRIVED)),
      ),
    )
    .orderBy(
      desc(eq(attempts.sender, input.ourNumber)),
      desc(eq(attempts.channel, 'call')),
      desc(attempts.createdAt),
    )
    .limit(1);
  return row ?? null;
}
export type Reach = NonNullable<Awaited<ReturnType<typeof newestReach>>>;

/** The active assistant that answers a number of ours, or null. */
export async function assistantOfNumber(executor: Executor, phoneNumber: string) {
  const [row] = await executor
    .select()
    .from(assistants)
    .where(and(eq(assistants.isActive, true), arrayContains(assistants.phoneNumbers, [phoneNumber])))
    .orderBy(assistants.id)
    .limit(1);
  return row ?? null;
}
