import { and, asc, desc, eq, inArray, isNull, ne, or } from 'drizzle-orm/sql';
import { callActions, calls, callTurns, recordings } from './call-schema.ts';
import type { Executor } from './client.ts';
import { consentsOf } from './consents.ts';
import { attempts, campaigns, contactHolds, contacts, inboundTexts, suppressions } from './schema.ts';

/** Whom something is asked about. */
export type Person = { workspaceId: number; phoneNumber: string };

/** The rows that are about somebody, and the names that they go by in them. */
export type PersonRows = {
  contactIds: number[];
  campaignIds: number[];
  attemptIds: number[];
  callIds: number[];
  inboundTextIds: number[];
  names: string[];
};

/** Finds every row of the ledger that is about a person, in all campaigns of the workspace. */
export async function findPerson(executor: Executor, person: Person): Promise<PersonRows> {
  const {
    contacts: own,
    attempts: tried,
    calls: talked,
    inboundTexts: written,
  } = await rowsOf(executor, person);
  const names = own.flatMap(({ contact: { variableValues: said } }) => [
    said.name ?? '',
    `${said.first_name ?? ''} ${said.last_name ?? ''}`,
    said.email ?? '',
  ]);
  return {
    contactIds: own.map(({ contact }) => contact.id),
    campaignIds: [...new Set(own.map(({ contact }) => contact.campaignId))],
    attemptIds: tried.map(({ id }) => id),
    callIds: talked.map(({ id }) => id),
    inboundTextIds: written.map(({ id }) => id),
    names: [...names, ...talked.map(({ script }) => script.contactName ?? '')],
  };
}

/** Whether a call or a text to or from somebody is not over yet. */
export async function isInFlight(executor: Executor, person: Person): Promise<boolean> {
  const { workspaceId, phoneNumber } = person;
  const open = await executor
    .select({ id: attempts.id })
    .from(attempts)
    .where(and(isAttemptOf(person, await contactIdsOf(executor, person)), ne(attempts.state, 'ended')))
    .limit(1);
  const onTheLine = await executor
    .select({ id: calls.id })
    .from(calls)
    .where(
      and(
        eq(calls.workspaceId, workspaceId),
        eq(calls.contactNumber, phoneNumber),
        isNull(calls.endedAt),
        isNull(calls.attemptId),
      ),
    )
    .limit(1);
  return open.length + onTheLine.length > 0;
}

/** Everything kept about somebody, row by row, for the file that they may ask for (GDPR art. 15). */
export async function readPerson(executor: Executor, person: Person) {
  const { workspaceId, phoneNumber } = person;
  const { inboundTexts: written, ...rows } = await rowsOf(executor, person);
  const callIds = rows.calls.map(({ id }) => id);
  const ofCalls = callIds.length > 0;
  return {
    ...rows,
    callTurns: ofCalls
      ? await executor
          .select()
          .from(callTurns)
          .where(inArray(callTurns.callId, callIds))
          .orderBy(asc(callTurns.callId), asc(callTurns.seq))
      : [],
    callActions: ofCalls
      ? await executor.select().from(callActions).where(inArray(callActions.callId, callIds))
      : [],
    recordings: ofCalls
      ? await executor.select().from(recordings).where(inArray(recordings.callId, callIds))
      : [],
    inboundTexts: written,
    consents: await consentsOf(executor, workspaceId, phoneNumber),
    suppressions: await executor
      .select()
      .from(suppressions)
      .where(and(eq(suppressions.workspaceId, workspaceId), eq(suppressions.phoneNumber, phoneNumber)))
      .orderBy(desc(suppressions.id)),
    holds: await executor
      .select()
      .from(contactHolds)
      .where(and(eq(contactHolds.workspaceId, workspaceId), eq(contactHolds.phoneNumber, phoneNumber))),
  };
}

async function rowsOf(executor: Executor, person: Person) {
  const own = await contactsOf(executor, person);
  const contactIds = own.map(({ contact }) => contact.id);
  const tried = await executor
    .select()
    .from(attempts)
    .where(isAttemptOf(person, contactIds))
    .orderBy(asc(attempts.id));
  const attemptIds = tried.map(({ id }) => id);
  return {
    contacts: own,
    attempts: tried,
    calls: await callsOf(executor, person, { contactIds, attemptIds }),
    inboundTexts: await textsOf(executor, person),
  };
}

async function contactsOf(executor: Executor, { workspaceId, phoneNumber }: Person) {
  return executor
    .select({ contact: contacts, campaignName: campaigns.name })
    .from(contacts)
    .innerJoin(campaigns, eq(campaigns.id, contacts.campaignId))
    .where(and(eq(campaigns.workspaceId, workspaceId), eq(contacts.phoneNumber, phoneNumber)))
    .orderBy(asc(contacts.id));
}

/** To their number, or with their values: a colleague may have tried the campaign on themselves with them. */
function isAttemptOf({ workspaceId, phoneNumber }: Person, contactIds: number[]) {
  const theirs = or(eq(attempts.phoneNumber, phoneNumber), inArray(attempts.contactId, contactIds));
  return and(eq(attempts.workspaceId, workspaceId), theirs);
}

/** Asked for by themselves: as a part of another question they would have it walk over the whole ledger. */
async function contactIdsOf(executor: Executor, { workspaceId, phoneNumber }: Person): Promise<number[]> {
  const rows = await executor
    .select({ id: contacts.id })
    .from(contacts)
    .innerJoin(campaigns, eq(campaigns.id, contacts.campaignId))
    .where(and(eq(campaigns.workspaceId, workspaceId), eq(contacts.phoneNumber, phoneNumber)));
  return rows.map(({ id }) => id);
}

async function callsOf(
  executor: Executor,
  person: Person,
  { contactIds, attemptIds }: { contactIds: number[]; attemptIds: number[] },
) {
  // A call by which a colleague tried the campaign with their values belongs to no contact, but its attempt does.
  const theirs = or(
    eq(calls.contactNumber, person.phoneNumber),
    inArray(calls.contactId, contactIds),
    inArray(calls.attemptId, attemptIds),
  );
  return executor
    .select()
    .from(calls)
    .where(and(eq(calls.workspaceId, person.workspaceId), theirs))
    .orderBy(asc(calls.id));
}

async function textsOf(executor: Executor, { workspaceId, phoneNumber }: Person) {
  return executor
    .select()
    .from(inboundTexts)
    .where(and(eq(inboundTexts.workspaceId, workspaceId), eq(inboundTexts.fromNumber, phoneNumber)))
    .orderBy(asc(inboundTexts.id));
}
