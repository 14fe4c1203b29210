import { and, desc, eq, inArray, isNotNull, isNull } from 'drizzle-orm/sql';
import type { Executor, Transaction } from './client.ts';
import { contactHolds, suppressions } from './schema.ts';

export type SuppressionRow = typeof suppressions.$inferSelect;

/** Entries that come from the person, and that their own START takes back. */
export const BY_THE_PERSON: SuppressionRow['source'][] = ['opt_out', 'provider'];

/**
 * Puts a number on the do-not-call list, for one campaign where `onlyCampaignId` names it; false when it already stood there
 * for this channel and scope. An entry that somebody makes takes the place of one that the person's own START would lift.
 */
export async function insertSuppression(
  executor: Executor,
  row: typeof suppressions.$inferInsert,
): Promise<boolean> {
  const insert = executor.insert(suppressions).values(row);
  const rows = await (BY_THE_PERSON.includes(row.source)
    ? insert.onConflictDoNothing()
    : insert.onConflictDoUpdate({
        ...sameEntry(row.onlyCampaignId ?? null),
        set: { source: row.source, reason: row.reason, actor: row.actor, createdAt: row.createdAt },
        setWhere: inArray(suppressions.source, BY_THE_PERSON),
      })
  ).returning({ id: suppressions.id });
  return rows.length > 0;
}

/** The unique index that an entry of this scope is kept apart by. */
function sameEntry(onlyCampaignId: number | null) {
  const { workspaceId, phoneNumber, channel, liftedAt } = suppressions;
  return onlyCampaignId === null
    ? {
        target: [workspaceId, phoneNumber, channel],
        targetWhere: and(isNull(liftedAt), isNull(suppressions.onlyCampaignId)),
      }
    : {
        target: [suppressions.onlyCampaignId, phoneNumber, channel],
        targetWhere: and(isNull(liftedAt), isNotNull(suppressions.onlyCampaignId)),
      };
}

/**
 * Takes a number off the list; returns the entries that stood. Those of every channel and scope, unless `sources`, `channel`,
 * `onlyCampaignId` or the `id` of one narrow it.
 */
export async function liftSuppressions(
  executor: Executor,
  input: {
    workspaceId: number;
    phoneNumber: string;
    liftedBy: string;
    now: Date;
    sources?: SuppressionRow['source'][];
    channel?: SuppressionRow['channel'];
    onlyCampaignId?: number;
    id?: number;
  },
): Promise<SuppressionRow[]> {
  return executor
    .update(suppressions)
    .set({ liftedAt: input.now, liftedBy: input.liftedBy })
    .where(
      and(
        eq(suppressions.workspaceId, input.workspaceId),
        eq(suppressions.phoneNumber, input.phoneNumber),
        isNull(suppressions.liftedAt),
        input.sources ? inArray(suppressions.source, input.sources) : undefined,
        input.channel ? eq(suppressions.channel, input.channel) : undefined,
        input.onlyCampaignId ? eq(suppressions.onlyCampaignId, input.onlyCampaignId) : undefined,
        input.id ? eq(suppressions.id, input.id) : undefined,
      ),
    )
    .returning();
}

/** The entries in force for a number, newest first. */
export async function suppressionsInForce(
  executor: Executor,
  workspaceId: number,
  phoneNumber: string,
): Promise<SuppressionRow[]> {
  return executor
    .select()
    .from(suppressions)
    .where(
      and(
        eq(suppressions.workspaceId, workspaceId),
        eq(suppressions.phoneNumber, phoneNumber),
        isNull(suppressions.liftedAt),
      ),
    )
    .orderBy(desc(suppressions.createdAt));
}

/** Holds everything to a person until somebody decides; the open hold's id, also when it stood already. */
export async function openContactHold(
  tx: Transaction,
  row: typeof contactHolds.$inferInsert,
): Promise<{ id: number; isNew: boolean }> {
  const [made] = await tx
    .insert(contactHolds)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: contactHolds.id });
  if (made) return { id: made.id, isNew: true };
  const [open] = await tx.select({ id: contactHolds.id }).from(contactHolds).where(openHoldOf(row));
  if (!open) throw new Error('a hold that could not be opened twice was not there either');
  return { id: open.id, isNew: false };
}

/** Decides an open hold; null when somebody was faster. */
export async function decideHold(
  tx: Transaction,
  { workspaceId, id }: { workspaceId: number; id: number },
  decision: { decision: 'suppress' | 'keep'; decidedAt: Date; decidedBy: string },
) {
  const [row] = await tx
    .update(contactHolds)
    .set(decision)
    .where(
      and(eq(contactHolds.id, id), eq(contactHolds.workspaceId, workspaceId), isNull(contactHolds.decidedAt)),
    )
    .returning();
  return row ?? null;
}

/** Closes the open hold of a number because the question has been settled by a suppression. */
export async function closeHolds(
  tx: Transaction,
  workspaceId: number,
  phoneNumber: string,
  decision: { decision: 'suppress' | 'keep'; decidedAt: Date; decidedBy: string },
): Promise<void> {
  await tx.update(contactHolds).set(decision).where(openHoldOf({ workspaceId, phoneNumber }));
}

function openHoldOf(key: { workspaceId: number; phoneNumber: string }) {
  return and(
    eq(contactHolds.workspaceId, key.workspaceId),
    eq(contactHolds.phoneNumber, key.phoneNumber),
    isNull(contactHolds.decidedAt),
  );
}

/** How many people of a workspace wait for somebody to decide whether they asked to be left alone. */
export async function countUndecided(executor: Executor, workspaceId: number): Promise<number> {
  return executor.$count(
    contactHolds,
    and(eq(contactHolds.workspaceId, workspaceId), isNull(contactHolds.decidedAt)),
  );
}
