import { asc, eq, inArray, sql } from 'drizzle-orm/sql';
import type { WaitReason } from '#domain/hold.ts';
import type { Transaction } from './client.ts';
import { attempts, campaigns, contacts } from './schema.ts';

/**
 * What the ending of an attempt needs to know about its contact and campaign. Locks the contacts. `hasReplied`: of a mixed
 * campaign, whether they wrote or rang back since this run first tried them; `hasTexted`: whether the assistant sent
 * them its text during a call of this run; `isOptedOut`: where calls are made, whether they went on
 * the do-not-call list since the attempt began.
 */
export async function readForEnding(tx: Transaction, attemptIds: number[]) {
  return tx
    .select({
      attemptId: attempts.id,
      workspaceId: attempts.workspaceId,
      campaignId: attempts.campaignId,
      contactId: attempts.contactId,
      phoneNumber: attempts.phoneNumber,
      purpose: attempts.purpose,
      channel: attempts.channel,
      runNumber: attempts.runNumber,
      used: contacts.attempts,
      usedOnChannel: contacts.channelAttempts,
      firstStatus: contacts.firstStatus,
      callbacks: contacts.callbacks,
      contactStatus: contacts.status,
      contactLastN: contacts.lastN,
      n: attempts.n,
      campaignType: campaigns.campaignType,
      campaignStatus: campaigns.status,
      campaignRun: campaigns.runNumber,
      canaryLeft: campaigns.canaryLeft,
      maxAttempts: campaigns.maxAttempts,
      retryDelayMinutes: campaigns.retryDelayMinutes,
      retryPolicy: campaigns.retryPolicy,
      mixedSettings: campaigns.mixedSettings,
      sender: attempts.sender,
      body: attempts.body,
      closesAt: sql<string | null>`${attempts.gate} ->> 'closesAt'`,
      isPromised: sql<boolean>`coalesce((${attempts.gate} ->> 'isPromised')::boolean, false)`,
      hasReplied: HAS_REPLIED,
      hasTexted: HAS_TEXTED,
      isOptedOut: IS_OPTED_OUT,
    })
    .from(attempts)
    .innerJoin(contacts, eq(contacts.id, attempts.contactId))
    .innerJoin(campaigns, eq(campaigns.id, attempts.campaignId))
    .where(inArray(attempts.id, attemptIds))
    .orderBy(asc(contacts.id))
    .for('no key update', { of: contacts });
}
export type EndingContext = Awaited<ReturnType<typeof readForEnding>>[number];

/** Asked of mixed campaigns alone, so that the end of a plain text costs what it did. */
const ofMixed = (condition: ReturnType<typeof sql>) =>
  sql<boolean>`case when ${campaigns.campaignType} = 'mixed' then ${condition} else false end`;

const FIRST_TRIED_AT = sql`(select min(f.created_at) from attempts f
  where f.contact_id = ${contacts.id} and f.run_number = ${attempts.runNumber})`;

const HAS_REPLIED = ofMixed(sql`(exists (
    select from inbound_texts t where t.contact_id = ${contacts.id} and t.received_at >= ${FIRST_TRIED_AT})
  or exists (
    select from calls k where k.contact_id = ${contacts.id} and k.direction = 'inbound'
      and k.created_at >= ${FIRST_TRIED_AT}))`);

/** What the assistant sends during a call answers nobody's text, and no person wrote it. */
const HAS_TEXTED = ofMixed(sql`exists (
  select from attempts f where f.contact_id = ${contacts.id} and f.run_number = ${attempts.runNumber}
    and f.channel = 'sms' and f.purpose = 'reply' and f.created_by = 'system'
    and (f.outcome is null or f.outcome in ('delivered', 'sent', 'assumed_done')))`);

const IS_OPTED_OUT = sql<boolean>`case when ${campaigns.campaignType} <> 'sms' then exists (
  select from suppressions s
  where s.workspace_id = ${attempts.workspaceId} and s.phone_number = ${attempts.phoneNumber}
    and s.lifted_at is null and s.only_campaign_id is null and s.source = 'opt_out'
    and s.created_at >= ${attempts.createdAt}) else false end`;

export type ContactMove = {
  id: number;
  status: string;
  skipReason: string | null;
  nextAttemptAt: string | null;
  waitReason: WaitReason | null;
  /** Added to the contact's used attempts: −1 gives back one that did not count. */
  usedChange: number;
  /** Where a mixed campaign goes on, how its first channel ended, and what then counts on the channel in use. */
  nextChannel: 'sms' | 'call' | null;
  firstStatus: string | null;
  usedOnChannel: number;
  callbacks: number;
};

/** Moves contacts on after their attempts ended; only those still in progress move. */
export async function moveEndedContacts(tx: Transaction, moves: ContactMove[]): Promise<void> {
  if (moves.length === 0) return;
  await tx.execute(sql`
    update contacts c set
      status = d.status, skip_reason = d."skipReason", next_attempt_at = d."nextAttemptAt",
      wait_reason = d."waitReason",
      attempts = greatest(0, c.attempts + d."usedChange"), channel_attempts = greatest(0, d."usedOnChannel"),
      next_channel = d."nextChannel", first_status = d."firstStatus", callbacks = d.callbacks
    from jsonb_to_recordset(${JSON.stringify(moves)}::text::jsonb) as d(
      id bigint, status text, "skipReason" text, "nextAttemptAt" timestamptz, "waitReason" text, "usedChange" smallint,
      "nextChannel" text, "firstStatus" text, "usedOnChannel" smallint, callbacks smallint)
    where c.id = d.id and c.status = 'in_progress'`);
}
