import { and, asc, eq, gt, sql } from 'drizzle-orm/sql';
import { calls } from './call-schema.ts';
import type { Executor } from './client.ts';
import { approvals, consents } from './policy-schema.ts';
import { attempts } from './schema.ts';

/** The next attempts of a campaign behind an id, with their call, and the consent and approval that they rested on. */
export async function readEvidence(executor: Executor, campaignId: number, afterId: number, limit: number) {
  return executor
    .select({
      attempt: attempts,
      consent: consents,
      approval: { decidedBy: approvals.decidedBy, decidedAt: approvals.decidedAt },
      call: { script: calls.script, answeredAt: calls.answeredAt },
    })
    .from(attempts)
    .leftJoin(consents, eq(consents.id, attempts.consentId))
    .leftJoin(approvals, sql`${approvals.id} = (${attempts.gate} -> 'approval' ->> 'id')::integer`)
    .leftJoin(calls, eq(calls.attemptId, attempts.id))
    .where(and(eq(attempts.campaignId, campaignId), gt(attempts.id, afterId)))
    .orderBy(asc(attempts.id))
    .limit(limit);
}
export type EvidenceRow = Awaited<ReturnType<typeof readEvidence>>[number];
