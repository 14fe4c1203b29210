import { and, asc, eq, isNull } from 'drizzle-orm/sql';
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

/** Texts that answer a campaign and may have meant “leave me alone”, of which nobody has decided; oldest first. */
export async function openHolds(executor: Executor, campaignId: number) {
  return executor
    .select({
      holdId: contactHolds.id,
      phoneNumber: contactHolds.phoneNumber,
      text: inboundTexts.body,
      createdAt: contactHolds.createdAt,
    })
    .from(contactHolds)
    .leftJoin(inboundTexts, eq(inboundTexts.id, contactHolds.inboundTextId))
    .where(and(eq(contactHolds.campaignId, campaignId), isNull(contactHolds.decidedAt)))
    .orderBy(asc(contactHolds.id))
    .limit(MOST);
}
