import { and, asc, desc, eq, gte, isNotNull, sql } from 'drizzle-orm/sql';
import type { Executor, Transaction } from './client.ts';
import { attempts, campaigns, contacts, inboundTexts, workspaces } from './schema.ts';

/** The newest attempt to a number from a sender since an instant, with its campaign and contact. */
export async function newestAttemptTo(
  executor: Executor,
  input: { phoneNumber: string; sender: string; since: Date },
) {
  const [row] = await executor
    .select({
      attemptId: attempts.id,
      runNumber: attempts.runNumber,
      workspaceId: attempts.workspaceId,
      campaignId: attempts.campaignId,
      contactId: attempts.contactId,
      variableValues: contacts.variableValues,
      channelId: campaigns.channelId,
      campaignType: campaigns.campaignType,
    })
    .from(attempts)
    .innerJoin(contacts, eq(contacts.id, attempts.contactId))
    .innerJoin(campaigns, eq(campaigns.id, attempts.campaignId))
    .where(
      and(
        eq(attempts.phoneNumber, input.phoneNumber),
        gte(attempts.createdAt, input.since),
        // A pool of senders answers under one of its numbers, which the row does not know.
        sql`(${attempts.sender} = ${input.sender} or ${attempts.sender} not like '+%')`,
      ),
    )
    .orderBy(desc(attempts.createdAt))
    .limit(1);
  return row ?? null;
}

/** The workspace that owns texts which answer nothing of ours: the first one. */
export async function homeWorkspaceId(executor: Executor): Promise<number | null> {
  const [row] = await executor
    .select({ id: workspaces.id })
    .from(workspaces)
    .orderBy(asc(workspaces.id))
    .limit(1);
  return row?.id ?? null;
}

/** Stores a text from somebody; null when it is stored already. */
export async function insertInboundText(
  tx: Transaction,
  row: typeof inboundTexts.$inferInsert,
): Promise<number | null> {
  const [made] = await tx
    .insert(inboundTexts)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: inboundTexts.id });
  return made?.id ?? null;
}

/** A text from somebody with the campaign and contact it answers, or null. */
export async function readInboundText(executor: Executor, id: number) {
  const [row] = await executor
    .select({ text: inboundTexts, contact: contacts, campaign: campaigns })
    .from(inboundTexts)
    .leftJoin(contacts, eq(contacts.id, inboundTexts.contactId))
    .leftJoin(campaigns, eq(campaigns.id, inboundTexts.campaignId))
    .where(eq(inboundTexts.id, id));
  return row ?? null;
}

/** Some of the texts that came in answer to a campaign, the newest first, with their contacts’ values. */
export async function textsToCampaign(
  executor: Executor,
  campaignId: number,
  { offset, limit }: { offset: number; limit: number },
) {
  return executor
    .select({ text: inboundTexts, variableValues: contacts.variableValues })
    .from(inboundTexts)
    .leftJoin(contacts, eq(contacts.id, inboundTexts.contactId))
    .where(eq(inboundTexts.campaignId, campaignId))
    .orderBy(desc(inboundTexts.id))
    .limit(limit)
    .offset(offset);
}

/** How many texts came in answer to a campaign. */
export async function countTextsToCampaign(executor: Executor, campaignId: number): Promise<number> {
  return executor.$count(inboundTexts, eq(inboundTexts.campaignId, campaignId));
}

/** The newest campaign with a channel that has this number as a contact, else the newest one with a channel. */
export async function campaignToTell(executor: Executor, workspaceId: number, phoneNumber: string) {
  const knowsNumber = sql<boolean>`exists (
    select from contacts c where c.campaign_id = ${campaigns.id} and c.phone_number = ${phoneNumber})`;
  const [row] = await executor
    .select({ campaignId: campaigns.id, channelId: campaigns.channelId, knowsNumber })
    .from(campaigns)
    .where(and(eq(campaigns.workspaceId, workspaceId), isNotNull(campaigns.channelId)))
    .orderBy(desc(knowsNumber), desc(campaigns.id))
    .limit(1);
  return row ?? null;
}
