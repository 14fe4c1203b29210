import { and, count, eq, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm/sql';
import type { Executor, Transaction } from './client.ts';
import { campaigns, imports } from './schema.ts';
import { cards, posts } from './slack-schema.ts';

export type CardRow = typeof cards.$inferSelect;

export async function readCard(executor: Executor, campaignId: number): Promise<CardRow | null> {
  const [row] = await executor.select().from(cards).where(eq(cards.campaignId, campaignId));
  return row ?? null;
}

/** Asks for a card in a channel; one that stood elsewhere or was lost begins anew there. */
export async function placeCard(executor: Executor, campaignId: number, channelId: string): Promise<void> {
  const fresh = {
    channelId,
    ts: null,
    state: 'pending' as const,
    contentHash: null,
    drawnAt: null,
    reposts: 0,
  };
  await executor
    .insert(cards)
    .values({ campaignId, ...fresh })
    .onConflictDoUpdate({ target: cards.campaignId, set: fresh });
}

/**
 * Takes the right to draw a card now: one writer per card and interval, in whichever process. False when it was drawn
 * less than the interval ago.
 */
export async function takeDrawing(
  executor: Executor,
  campaignId: number,
  now: Date,
  notSince: Date,
): Promise<boolean> {
  const rows = await executor
    .update(cards)
    .set({ drawnAt: now })
    .where(and(eq(cards.campaignId, campaignId), or(isNull(cards.drawnAt), lte(cards.drawnAt, notSince))))
    .returning({ id: cards.campaignId });
  return rows.length > 0;
}

export async function changeCard(
  executor: Executor,
  campaignId: number,
  change: Partial<CardRow>,
): Promise<void> {
  await executor.update(cards).set(change).where(eq(cards.campaignId, campaignId));
}

/** Changes a posted card as long as it is still that message: two edits under way at once both find it deleted. */
export async function changeCardAt(
  executor: Executor,
  { campaignId, ts }: { campaignId: number; ts: string },
  change: Partial<CardRow>,
): Promise<void> {
  await executor
    .update(cards)
    .set(change)
    .where(and(eq(cards.campaignId, campaignId), eq(cards.ts, ts)));
}

/** Cards being kept up to date in the workspace of a campaign: they share its budget of edits. */
export async function countLiveCards(executor: Executor, campaignId: number): Promise<number> {
  const own = executor
    .select({ id: campaigns.workspaceId })
    .from(campaigns)
    .where(eq(campaigns.id, campaignId));
  const [row] = await executor
    .select({ total: count() })
    .from(cards)
    .innerJoin(campaigns, eq(campaigns.id, cards.campaignId))
    .where(
      and(inArray(campaigns.workspaceId, own), eq(campaigns.status, 'running'), eq(cards.state, 'posted')),
    );
  return row?.total ?? 0;
}

/** Takes the cards of a channel that is in reach again back into care, where they stand; returns their campaigns. */
export async function regainChannel(executor: Executor, channelId: string): Promise<number[]> {
  const rows = await executor
    .update(cards)
    .set({ state: sql`case when ${cards.ts} is null then 'pending' else 'posted' end`, contentHash: null })
    .where(and(eq(cards.channelId, channelId), eq(cards.state, 'lost')))
    .returning({ id: cards.campaignId });
  return rows.map((row) => row.id);
}

/** Marks the cards of a channel as out of reach; returns their campaigns. */
export async function loseChannel(executor: Executor, channelId: string): Promise<number[]> {
  const rows = await executor
    .update(cards)
    .set({ state: 'lost' })
    .where(and(eq(cards.channelId, channelId), inArray(cards.state, ['pending', 'posted'])))
    .returning({ id: cards.campaignId });
  return rows.map((row) => row.id);
}

/** Rewrites a channel's id wherever it is kept. */
export async function renameChannel(tx: Transaction, oldId: string, newId: string): Promise<void> {
  await tx.update(cards).set({ channelId: newId }).where(eq(cards.channelId, oldId));
  await tx.update(campaigns).set({ channelId: newId }).where(eq(campaigns.channelId, oldId));
  await tx.update(posts).set({ channelId: newId }).where(eq(posts.channelId, oldId));
  await tx.update(imports).set({ channelId: newId }).where(eq(imports.channelId, oldId));
}

/** Campaigns whose card was last drawn before they last moved, or not at all. */
export async function staleCardIds(executor: Executor): Promise<number[]> {
  const rows = await executor
    .select({ id: cards.campaignId })
    .from(cards)
    .innerJoin(campaigns, eq(campaigns.id, cards.campaignId))
    .where(
      and(
        inArray(cards.state, ['pending', 'posted']),
        or(isNull(cards.drawnAt), lt(cards.drawnAt, campaigns.updatedAt), eq(campaigns.status, 'running')),
      ),
    )
    .limit(500);
  return rows.map((row) => row.id);
}
