import { and, asc, eq, isNull, sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { attempts, contactHolds, inboundTexts } from './schema.ts';

/** Nobody decides more at once; the next ones follow when these are decided. */
const MOST = 500;

/** Attempts of a campaign whose fate only a person can tell, oldest first. */
export async function openReviews(executor: Executor, campaignId: number) {
  return executor
    .select({
      attemptId: attempts.id,
      contactId: attempts.contactId,
      phoneNumber: attempts.phoneNumber,
      channel: attempts.channel,
      askedAt: attempts.askedAt,
      createdAt: attempts.createdAt,
    })
    .from(attempts)
    .where(and(eq(attempts.campaignId, campaignId), eq(attempts.state, 'needs_review')))
    .orderBy(asc(attempts.id))
    .limit(MOST);
}

/**
 * Texts that may have meant “leave me alone” and of which nobody has decided: those that answer a campaign, and those that
 * keep somebody waiting in it, whatever they answered; oldest first.
 */
export async function openHolds(
  executor: Executor,
  { workspaceId, campaignId }: { workspaceId: number; campaignId: number },
) {
  return executor
    .select({
      holdId: contactHolds.id,
      phoneNumber: contactHolds.phoneNumber,
      text: inboundTexts.body,
      createdAt: contactHolds.createdAt,
    })
    .from(contactHolds)
    .leftJoin(inboundTexts, eq(inboundTexts.id, contactHolds.inboundTextId))
    .where(
      and(
        eq(contactHolds.workspaceId, workspaceId),
        isNull(contactHolds.decidedAt),
        sql`(${contactHolds.campaignId} = ${campaignId} or exists (
          select from contacts c where c.campaign_id = ${campaignId} and c.phone_number = ${contactHolds.phoneNumber}
            and c.status = 'pending'))`,
      ),
    )
    .orderBy(asc(contactHolds.id))
    .limit(MOST);
}
