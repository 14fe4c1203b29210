import { alias } from 'drizzle-orm/pg-core';
import { and, count, eq, exists, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm/sql';
import type { Executor, Transaction } from './client.ts';
import { imports } from './import-schema.ts';
import { campaigns } from './schema.ts';
import { cards, posts } from './slack-schema.ts';

export type CardRow = typeof cards.$inferSelect;

export async function readCard(executor: Executor, campaignId: number): Promise<CardRow | null> {
  const [row] = await executor.select().from(cards).where(eq(cards.campaignId, campaignId));
  return row ?? null;
}

/**
 * Asks for a card in a channel; one that stood elsewhere or was lost begins anew there. One that is about to be posted
 * there is left to whoever posts it, or there would be two.
 */
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
    .onConflictDoUpdate({
      target: cards.campaignId,
      set: fresh,
      setWhere: or(ne(cards.channelId, channelId), ne(cards.state, 'pending')),
    });
}

/** A card whose drawing somebody has taken; `drawnAt` tells it from every other one. */
export type Drawing = CardRow & { drawnAt: Date };

/**
 * Takes the right to draw a card as it was read; null when somebody else took it, or the card moved, since then. What
 * the card says is not known from here on until its content is kept.
 */
export async function takeDrawing(executor: Executor, card: CardRow, now: Date): Promise<Drawing | null> {
  const [row] = await executor
    .update(cards)
    .set({ drawnAt: now, contentHash: null })
    .where(and(isSameDrawing(card), sql`${cards.ts} is not distinct from ${card.ts}`))
    .returning();
  return row ? { ...row, drawnAt: now } : null;
}

/** Keeps what a card says from now on. A channel that was lost meanwhile stays lost. */
export async function keepDrawing(
  executor: Executor,
  drawing: Drawing,
  { ts, contentHash }: { ts: string; contentHash: string },
): Promise<void> {
  await executor
    .update(cards)
    .set({
      ts,
      contentHash,
      state: sql`case when ${cards.state} = 'pending' then 'posted' else ${cards.state} end`,
    })
    .where(isSameDrawing(drawing));
}

/** Changes a card unless it was drawn, placed or regained by somebody else since it was read. */
export async function changeDrawn(
  executor: Executor,
  card: Pick<CardRow, 'campaignId' | 'drawnAt'>,
  change: Partial<CardRow>,
): Promise<void> {
  await executor.update(cards).set(change).where(isSameDrawing(card));
}

function isSameDrawing({ campaignId, drawnAt }: Pick<CardRow, 'campaignId' | 'drawnAt'>) {
  return and(
    eq(cards.campaignId, campaignId),
    drawnAt === null ? isNull(cards.drawnAt) : eq(cards.drawnAt, drawnAt),
  );
}

/** Has a card drawn whatever it says, as long as it is still that message. */
export async function doubtCard(
  executor: Executor,
  { campaignId, ts }: { campaignId: number; ts: string },
): Promise<void> {
  await executor
    .update(cards)
    .set({ contentHash: null, drawnAt: null })
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

/**
 * Takes the cards of a channel that is in reach again back into care, where they stand; returns their campaigns. What was
 * asked of it before counts no more, except for a card that is being posted.
 */
export async function regainChannel(executor: Executor, channelId: string): Promise<number[]> {
  const rows = await executor
    .update(cards)
    .set({
      state: sql`case when ${cards.ts} is null then 'pending' else 'posted' end`,
      contentHash: null,
      drawnAt: sql`case when ${cards.ts} is null then ${cards.drawnAt} end`,
    })
    .where(and(eq(cards.channelId, channelId), ne(cards.state, 'ended')))
    .returning({ id: cards.campaignId });
  return rows.map((row) => row.id);
}

/**
 * Marks the cards of a channel as out of reach; returns their campaigns. With the drawing that found it out, none when
 * that card was regained meanwhile.
 */
export async function loseChannel(
  executor: Executor,
  channelId: string,
  foundBy?: Pick<Drawing, 'campaignId' | 'drawnAt'>,
): Promise<number[]> {
  const witness = alias(cards, 'witness');
  const isStill =
    foundBy &&
    exists(
      executor
        .select({ id: witness.campaignId })
        .from(witness)
        .where(and(eq(witness.campaignId, foundBy.campaignId), eq(witness.drawnAt, foundBy.drawnAt))),
    );
  const rows = await executor
    .update(cards)
    .set({ state: 'lost' })
    .where(and(eq(cards.channelId, channelId), inArray(cards.state, ['pending', 'posted']), isStill))
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

/** Campaigns whose card was last drawn before they last moved, or not at all, or by somebody who never heard what came of it. */
export async function staleCardIds(executor: Executor): Promise<number[]> {
  const rows = await executor
    .select({ id: cards.campaignId })
    .from(cards)
    .innerJoin(campaigns, eq(campaigns.id, cards.campaignId))
    .where(
      and(
        inArray(cards.state, ['pending', 'posted']),
        or(
          isNull(cards.drawnAt),
          isNull(cards.contentHash),
          lt(cards.drawnAt, campaigns.updatedAt),
          eq(campaigns.status, 'running'),
        ),
      ),
    )
    .limit(500);
  return rows.map((row) => row.id);
}
