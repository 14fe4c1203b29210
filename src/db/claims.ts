import { and, asc, desc, eq, gt, isNotNull, lte, sql } from 'drizzle-orm/sql';
import type { GateEvidence } from '#domain/gate-evidence.ts';
import type { WaitReason } from '#domain/hold.ts';
import type { Executor, Transaction } from './client.ts';
import { isKept } from './kept.ts';
import { attempts, campaignCounts, campaigns, contacts, workspaces } from './schema.ts';

/**
 * The campaign with its workspace, locked until the transaction ends: claims and moves of one campaign go one by one. The
 * lock lets others refer to the row meanwhile, or whoever notes an opt-out and holds the counts would wait for it.
 */
export async function lockCampaign(tx: Transaction, campaignId: number) {
  const [row] = await tx
    .select({ campaign: campaigns, workspace: workspaces })
    .from(campaigns)
    .innerJoin(workspaces, eq(workspaces.id, campaigns.workspaceId))
    .where(and(eq(campaigns.id, campaignId), isKept))
    .for('no key update', { of: campaigns });
  return row ?? null;
}

export type LockedCampaign = NonNullable<Awaited<ReturnType<typeof lockCampaign>>>;

export async function readCounts(executor: Executor, campaignId: number) {
  const [row] = await executor.select().from(campaignCounts).where(eq(campaignCounts.campaignId, campaignId));
  return row ?? null;
}

/**
 * Places taken in this campaign and in the whole workspace, with the oldest request under way, and how many campaigns
 * share it. A text takes a place while the provider is asked, a call until it has ended, except one that only waits for
 * somebody's decision. Looks behind `dialingAfterId` only: index entries of attempts that have long ended stay where they
 * are while somebody's snapshot may need them, and every claim would walk over them.
 */
export async function countDialing(
  tx: Transaction,
  workspace: Pick<typeof workspaces.$inferSelect, 'id' | 'dialingAfterId'>,
  campaignId: number,
) {
  const openCalls = sql`select count(*) from attempts o where o.workspace_id = ${workspace.id} and o.channel = 'call'
    and o.state <> 'ended' and o.state in ('ringing', 'in_progress', 'unknown')`;
  const inCampaign = sql`count(*) filter (where ${attempts.campaignId} = ${campaignId})`;
  const [row] = await tx
    .select({
      inWorkspace: sql<number>`(count(*) + (${openCalls}))::int`,
      inCampaign: sql<number>`(${inCampaign} + (${openCalls} and o.campaign_id = ${campaignId}))::int`,
      oldestId: sql<string | null>`min(${attempts.id})`,
    })
    .from(attempts)
    .where(
      and(
        eq(attempts.state, 'dialing'),
        eq(attempts.workspaceId, workspace.id),
        gt(attempts.id, workspace.dialingAfterId),
      ),
    );
  const runningCampaigns = await tx.$count(
    campaigns,
    and(eq(campaigns.workspaceId, workspace.id), eq(campaigns.status, 'running')),
  );
  const oldestId = row?.oldestId ? Number(row.oldestId) : null;
  return {
    inWorkspace: row?.inWorkspace ?? 0,
    inCampaign: row?.inCampaign ?? 0,
    oldestId,
    runningCampaigns,
  };
}

/** How far behind the oldest one the counting may begin before that is noted; each note leaves a dead row behind. */
const DIALING_SLACK = 500;

/** Notes that no attempt before this one is dialing. The caller holds the workspace's rate bucket, so nobody begins an older one. */
export async function keepDialingFrom(
  tx: Transaction,
  workspace: Pick<typeof workspaces.$inferSelect, 'id' | 'dialingAfterId'>,
  oldestId: number,
): Promise<void> {
  if (oldestId - workspace.dialingAfterId <= DIALING_SLACK) return;
  await tx
    .update(workspaces)
    .set({ dialingAfterId: sql`greatest(${workspaces.dialingAfterId}, ${oldestId - 1}::bigint)` })
    .where(eq(workspaces.id, workspace.id));
}

export type ClaimCursor = { at: Date; id: number };

/** Due contacts in order, locked, from behind the cursor; rows that another transaction holds are passed over. */
export async function takeDueContacts(
  tx: Transaction,
  input: { campaignId: number; now: Date; after: ClaimCursor | null; limit: number },
) {
  const { after } = input;
  const behind = after
    ? sql`(${contacts.nextAttemptAt}, ${contacts.id}) > (${after.at.toISOString()}::timestamptz, ${after.id}::bigint)`
    : undefined;
  return waitingContacts(tx)
    .where(
      and(
        eq(contacts.campaignId, input.campaignId),
        eq(contacts.status, 'pending'),
        lte(contacts.nextAttemptAt, input.now),
        behind,
      ),
    )
    .orderBy(asc(contacts.nextAttemptAt), asc(contacts.id))
    .limit(input.limit)
    .for('no key update', { skipLocked: true });
}
export type DueContact = Awaited<ReturnType<typeof takeDueContacts>>[number];

/** Those who wait for the latest instants of all, locked. */
export async function takeLastWaiting(tx: Transaction, campaignId: number, limit: number) {
  return waitingContacts(tx)
    .where(
      and(
        eq(contacts.campaignId, campaignId),
        eq(contacts.status, 'pending'),
        isNotNull(contacts.nextAttemptAt),
      ),
    )
    .orderBy(desc(contacts.nextAttemptAt), desc(contacts.id))
    .limit(limit)
    .for('no key update', { skipLocked: true });
}

/** What a claim has to know of a contact. */
function waitingContacts(tx: Transaction) {
  return tx
    .select({
      id: contacts.id,
      phoneNumber: contacts.phoneNumber,
      variableValues: contacts.variableValues,
      attempts: contacts.attempts,
      lastN: contacts.lastN,
      nextAttemptAt: contacts.nextAttemptAt,
      nextChannel: contacts.nextChannel,
      firstStatus: contacts.firstStatus,
      waitReason: contacts.waitReason,
      ownZones: contacts.ownZones,
      ownRegion: contacts.ownRegion,
    })
    .from(contacts)
    .$dynamic();
}

/** When the next waiting contact of a campaign falls due and what it waits for, or null when none waits. */
export async function nextWaiting(executor: Executor, campaignId: number) {
  const [row] = await executor
    .select({ at: contacts.nextAttemptAt, why: contacts.waitReason })
    .from(contacts)
    .where(and(eq(contacts.campaignId, campaignId), eq(contacts.status, 'pending')))
    .orderBy(asc(contacts.nextAttemptAt))
    .limit(1);
  return row?.at ? { at: row.at, why: row.why } : null;
}

export type NewAttempt = {
  token: string;
  workspaceId: number;
  campaignId: number;
  contactId: number;
  runNumber: number;
  channel: 'sms' | 'call';
  purpose: 'campaign' | 'reply';
  n: number;
  phoneNumber: string;
  sender: string;
  /** Null for a call. */
  body: string | null;
  segments: number | null;
  state: 'dialing';
  provider: string;
  gate: GateEvidence;
  reservedMicros: number;
  consentId: number | null;
  leaseUntil: Date;
  createdBy?: string;
  createdAt: Date;
};

/**
 * Writes the attempts before anybody is asked. A number that another attempt holds in flight is left out by the ledger's
 * own index, so two campaigns that claim it at the same instant cannot both have it. Returns those written.
 */
export async function insertAttempts(
  tx: Transaction,
  rows: NewAttempt[],
): Promise<{ id: number; contactId: number }[]> {
  if (rows.length === 0) return [];
  // One document instead of a thousand parameters, which take longer to bind than the rows take to write.
  const written = await tx.execute<{ id: string; contactId: string }>(sql`
    insert into attempts (token, workspace_id, campaign_id, contact_id, run_number, channel, purpose, n, phone_number,
      sender, body, segments, state, provider, gate, reserved_micros, consent_id, lease_until, created_by, created_at)
    select d.token, d."workspaceId", d."campaignId", d."contactId", d."runNumber", d.channel, d.purpose, d.n,
      d."phoneNumber", d.sender, d.body, d.segments, d.state, d.provider, d.gate, d."reservedMicros", d."consentId",
      d."leaseUntil", d."createdBy", d."createdAt"
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as d(
      token text, "workspaceId" integer, "campaignId" integer, "contactId" bigint, "runNumber" integer, channel text,
      purpose text, n smallint, "phoneNumber" text, sender text, body text, segments smallint, state text,
      provider text, gate jsonb, "reservedMicros" bigint, "consentId" bigint, "leaseUntil" timestamptz,
      "createdBy" text, "createdAt" timestamptz)
    on conflict do nothing
    returning id, contact_id as "contactId"`);
  return written.map((row) => ({ id: Number(row.id), contactId: Number(row.contactId) }));
}

/** What the claim decided for each contact that it looked at. */
export type ClaimedContact =
  | { id: number; kind: 'take'; n: number }
  | { id: number; kind: 'skip'; reason: string }
  | { id: number; kind: 'finish'; status: 'completed' | 'failed' | 'no_answer' | 'busy' | 'voicemail' }
  | { id: number; kind: 'wait'; until: Date; why: WaitReason };

/** Moves the claimed contacts on in one statement. */
export async function moveClaimedContacts(
  tx: Transaction,
  decisions: ClaimedContact[],
  now: Date,
): Promise<void> {
  if (decisions.length === 0) return;
  const rows = decisions.map((decision) => ({
    id: decision.id,
    status: statusAfter(decision),
    skip_reason: decision.kind === 'skip' ? decision.reason : null,
    n: decision.kind === 'take' ? decision.n : null,
    wait_reason: decision.kind === 'wait' ? decision.why : null,
    next_attempt_at: decision.kind === 'wait' ? decision.until.toISOString() : null,
  }));
  await tx.execute(sql`
    update contacts c set
      status = d.status,
      skip_reason = d.skip_reason,
      last_n = coalesce(d.n, c.last_n),
      attempts = c.attempts + (d.n is not null)::int,
      channel_attempts = c.channel_attempts + (d.n is not null)::int,
      last_attempt_at = case when d.n is null then c.last_attempt_at else ${now.toISOString()}::timestamptz end,
      next_attempt_at = d.next_attempt_at,
      wait_reason = d.wait_reason
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as d(id bigint, status text, skip_reason text, n smallint, next_attempt_at timestamptz, wait_reason text)
    where c.id = d.id`);
}

function statusAfter(decision: ClaimedContact): string {
  if (decision.kind === 'finish') return decision.status;
  return { take: 'in_progress', skip: 'skipped', wait: 'pending' }[decision.kind];
}

/** Of these contacts, who wrote to us or rang us back since they were first tried in this run. */
export async function readAnswered(
  executor: Executor,
  runNumber: number,
  contactIds: number[],
): Promise<Set<number>> {
  if (contactIds.length === 0) return new Set();
  const given = sql`(select jsonb_array_elements_text(${JSON.stringify(contactIds)}::text::jsonb)::bigint)`;
  const rows = await executor.execute<{ id: string }>(sql`
    select t.contact_id as id from (
      select contact_id, received_at as at from inbound_texts where contact_id in ${given}
      union all
      select contact_id, created_at from calls where contact_id in ${given} and direction = 'inbound') t
    where t.at >= (
      select min(a.created_at) from attempts a where a.contact_id = t.contact_id and a.run_number = ${runNumber})`);
  return new Set(rows.map((row) => Number(row.id)));
}
