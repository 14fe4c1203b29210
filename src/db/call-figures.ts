import { and, eq, inArray, sql } from 'drizzle-orm/sql';
import type { ConversationResult } from '#domain/call.ts';
import { calls } from './call-schema.ts';
import type { CampaignRow } from './campaigns.ts';
import type { Executor, Transaction } from './client.ts';
import { campaignFigures } from './figure-schema.ts';

/**
 * What the calls of a campaign's present run came to: placed at the provider, answered by a person, their seconds together,
 * and those that a machine took. A call that was taken back before anybody's phone rang was not placed.
 */
export async function readCallFigures(
  executor: Executor,
  { id, runNumber }: Pick<CampaignRow, 'id' | 'runNumber'>,
) {
  const [row] = await executor
    .select({
      callsPlaced: campaignFigures.callsPlaced,
      callsAnswered: campaignFigures.callsAnswered,
      answeredSeconds: campaignFigures.answeredSeconds,
      voicemails: campaignFigures.voicemails,
    })
    .from(campaignFigures)
    .where(and(eq(campaignFigures.campaignId, id), eq(campaignFigures.runNumber, runNumber)));
  return row ?? { callsPlaced: 0, callsAnswered: 0, answeredSeconds: 0, voicemails: 0 };
}

/**
 * Takes the figures of the runs that these calls belong to, in the order of their keys. Changing calls takes them as well, and
 * so does ending their attempts: whoever does one after the other takes all of them first.
 */
export async function lockCallFigures(
  tx: Transaction,
  calls: { campaignId: number; runNumber: number }[],
): Promise<void> {
  if (calls.length === 0) return;
  const keys = calls.map((call) => ({ campaign_id: call.campaignId, run_number: call.runNumber }));
  await tx.execute(sql`select lock_campaign_figures(${JSON.stringify(keys)}::text::jsonb)`);
}

/** What came of the conversations of a campaign's present run, most frequent first; machines hold none. */
export async function countResults(
  executor: Executor,
  { id, runNumber }: Pick<CampaignRow, 'id' | 'runNumber'>,
) {
  const rows = await executor.execute<{ result: ConversationResult; calls: number }>(sql`
    select c.result, count(*)::int as calls from attempts a join calls c on c.attempt_id = a.id
    where a.campaign_id = ${id} and a.run_number = ${runNumber} and c.result is not null and c.result <> 'voicemail'
    group by c.result order by calls desc, c.result`);
  return [...rows];
}

/** How many people of a campaign are on the line at this moment. */
export async function countLiveCalls(
  executor: Executor,
  { id, workspaceId }: Pick<CampaignRow, 'id' | 'workspaceId'>,
): Promise<number> {
  const [row] = await executor.execute<{ live: number }>(sql`
    select count(*)::int as live from attempts
    where workspace_id = ${workspaceId} and campaign_id = ${id} and channel = 'call' and state = 'in_progress'`);
  return row?.live ?? 0;
}

/** What is known of the calls of these attempts, by attempt. */
export async function readCallsOf(executor: Executor, attemptIds: number[]) {
  if (attemptIds.length === 0) return new Map<number, CallOfAttempt>();
  const rows = await executor
    .select({
      attemptId: calls.attemptId,
      durationSeconds: calls.durationSeconds,
      voicemailLeftAt: calls.voicemailLeftAt,
      result: calls.result,
      summary: calls.summary,
    })
    .from(calls)
    .where(inArray(calls.attemptId, attemptIds));
  return new Map(rows.flatMap(({ attemptId, ...call }) => (attemptId === null ? [] : [[attemptId, call]])));
}
type CallOfAttempt = Pick<
  typeof calls.$inferSelect,
  'durationSeconds' | 'voicemailLeftAt' | 'result' | 'summary'
>;
