import { and, asc, eq, isNull, or, sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { suppressionPrefixes } from './policy-schema.ts';
import { attempts } from './schema.ts';

export type PrefixRow = typeof suppressionPrefixes.$inferSelect;

/** Puts a range of numbers on the do-not-call list; false when it stood there for this channel and scope. */
export async function insertPrefix(
  executor: Executor,
  row: typeof suppressionPrefixes.$inferInsert,
): Promise<boolean> {
  const rows = await executor
    .insert(suppressionPrefixes)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: suppressionPrefixes.id });
  return rows.length > 0;
}

/** Which entries of a range are meant: on any channel and in any scope where these are not named. */
export type PrefixChoice = {
  workspaceId: number;
  prefix: string;
  channel?: PrefixRow['channel'] | null;
  onlyCampaignId?: number | null;
  id?: number;
};

/** Takes a range off the list; returns the entries that stood. */
export async function liftPrefixes(
  executor: Executor,
  choice: PrefixChoice,
  lifted: { liftedAt: Date; liftedBy: string },
): Promise<PrefixRow[]> {
  const { workspaceId, prefix, channel, onlyCampaignId, id } = choice;
  return executor
    .update(suppressionPrefixes)
    .set(lifted)
    .where(
      and(
        inForce(workspaceId),
        eq(suppressionPrefixes.prefix, prefix),
        channel ? eq(suppressionPrefixes.channel, channel) : undefined,
        onlyCampaignId ? eq(suppressionPrefixes.onlyCampaignId, onlyCampaignId) : undefined,
        id ? eq(suppressionPrefixes.id, id) : undefined,
      ),
    )
    .returning();
}

/** The ranges in force that a number, or a range written without its star, lies in. */
export async function prefixesOf(
  executor: Executor,
  workspaceId: number,
  phoneNumber: string,
): Promise<PrefixRow[]> {
  return executor
    .select()
    .from(suppressionPrefixes)
    .where(and(inForce(workspaceId), sql`starts_with(${phoneNumber}::text, ${suppressionPrefixes.prefix})`))
    .orderBy(asc(suppressionPrefixes.prefix));
}

/** One range of a workspace that is in force, or null. */
export async function readPrefix(
  executor: Executor,
  workspaceId: number,
  id: number,
): Promise<PrefixRow | null> {
  const [row] = await executor
    .select()
    .from(suppressionPrefixes)
    .where(and(inForce(workspaceId), eq(suppressionPrefixes.id, id)));
  return row ?? null;
}

/** Every range in force, as many as are ever typed by hand. */
export async function listPrefixes(executor: Executor, workspaceId: number): Promise<PrefixRow[]> {
  return executor
    .select()
    .from(suppressionPrefixes)
    .where(inForce(workspaceId))
    .orderBy(asc(suppressionPrefixes.prefix), asc(suppressionPrefixes.id));
}

/** Campaigns with calls to numbers of a range that ring or wait at the provider. */
export async function campaignsCallingPrefix(
  executor: Executor,
  workspaceId: number,
  prefix: string,
): Promise<number[]> {
  const rows = await executor
    .selectDistinct({ campaignId: attempts.campaignId })
    .from(attempts)
    .where(
      and(
        eq(attempts.workspaceId, workspaceId),
        eq(attempts.channel, 'call'),
        or(eq(attempts.state, 'ringing'), eq(attempts.state, 'dialing')),
        sql`starts_with(${attempts.phoneNumber}, ${prefix}::text)`,
      ),
    );
  return rows.map(({ campaignId }) => campaignId);
}

function inForce(workspaceId: number) {
  return and(eq(suppressionPrefixes.workspaceId, workspaceId), isNull(suppressionPrefixes.liftedAt));
}
