import { insertCalls } from '#db/calls.ts';
import {
  type ClaimedContact,
  type DueContact,
  insertAttempts,
  type LockedCampaign,
  type NewAttempt,
} from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import type { CallScript } from '#domain/call.ts';
import type { GateVerdict } from '#domain/gate.ts';
import { type Sender, senderText } from '#domain/sender.ts';
import type { Deps } from './deps.ts';

/** How long an attempt may wait to be asked for before the reaper lets its contact go. */
export const LEASE_REAL_MS = 30_000;
/** When a number that is in flight elsewhere is looked at again. */
export const IN_FLIGHT_RECHECK_MS = 60_000;

/** An attempt that is written and waits for its last check. `closesAt`: when the contact's hours end. */
export type ClaimedAttempt = {
  id: number;
  campaignId: number;
  token: string;
  to: string;
  sender: string;
  /** Empty for a call. */
  body: string;
  closesAt: Date;
  /** Of a call: how it is to be made. */
  call?: Pick<CallScript, 'maxSeconds' | 'detection'>;
};

/** A text or a call as it was composed for one contact. */
export type Composed =
  | { kind: 'text'; body: string; segments: number; sender: Sender }
  | { kind: 'call'; script: CallScript; fromNumber: string; assistantId: number };

/** An attempt to be written, with what belongs to it beside its own row. */
export type Row = {
  attempt: NewAttempt;
  closesAt: Date;
  call: { script: CallScript; assistantId: number } | null;
};

/** The attempt of a contact who may be contacted, as it will be committed before anybody is asked. */
export function newAttempt(
  deps: Deps,
  { campaign, workspace }: LockedCampaign,
  contact: DueContact,
  verdict: Extract<GateVerdict, { kind: 'go' }>,
  { composed, reservedMicros, now }: { composed: Composed; reservedMicros: number; now: Date },
): Row {
  const isCall = composed.kind === 'call';
  return {
    attempt: {
      token: deps.randomToken(),
      workspaceId: workspace.id,
      campaignId: campaign.id,
      contactId: contact.id,
      runNumber: campaign.runNumber,
      channel: isCall ? 'call' : 'sms',
      purpose: 'campaign',
      n: contact.lastN + 1,
      phoneNumber: contact.phoneNumber,
      sender: isCall ? composed.fromNumber : senderText(composed.sender),
      body: isCall ? null : composed.body,
      segments: isCall ? null : composed.segments,
      state: 'dialing',
      provider: deps.telephony.provider,
      gate: verdict.evidence,
      reservedMicros,
      consentId: verdict.evidence.consentId ?? null,
      leaseUntil: deps.clock.realDelay(LEASE_REAL_MS),
      createdAt: now,
    },
    closesAt: verdict.closesAt,
    call: isCall ? { script: composed.script, assistantId: composed.assistantId } : null,
  };
}

/**
 * Writes the attempts; whoever the ledger refused (in flight elsewhere at this very instant) waits instead. Answers those
 * written, and what was reserved for them.
 */
export async function writeAttempts(
  tx: Transaction,
  rows: Row[],
  decisions: ClaimedContact[],
  now: Date,
): Promise<{ attempts: ClaimedAttempt[]; reservedMicros: number }> {
  const written = await insertAttempts(
    tx,
    rows.map(({ attempt }) => attempt),
  );
  const idOf = new Map(written.map((row) => [row.contactId, row.id]));
  const claimed: ClaimedAttempt[] = [];
  let reservedMicros = 0;
  const calls: Parameters<typeof insertCalls>[1] = [];
  for (const row of rows) {
    const { contactId, n, gate } = row.attempt;
    const id = idOf.get(contactId);
    if (id === undefined) {
      const until = new Date(now.getTime() + IN_FLIGHT_RECHECK_MS);
      decisions.push({
        id: contactId,
        kind: 'wait',
        until,
        why: gate.isPromised ? 'callback' : 'number_in_flight',
      });
      continue;
    }
    decisions.push({ id: contactId, kind: 'take', n });
    claimed.push(claimedOf(id, row));
    reservedMicros += row.attempt.reservedMicros;
    if (row.call) calls.push(callOf(id, row.attempt, row.call));
  }
  await insertCalls(tx, calls);
  return { attempts: claimed, reservedMicros };
}

function claimedOf(id: number, { attempt, closesAt, call }: Row): ClaimedAttempt {
  const { campaignId, token, phoneNumber, sender, body } = attempt;
  const made = { id, campaignId, token, to: phoneNumber, sender, body: body ?? '', closesAt };
  if (!call) return made;
  const { maxSeconds, detection } = call.script;
  return { ...made, call: { maxSeconds, detection } };
}

function callOf(attemptId: number, attempt: NewAttempt, { script, assistantId }: NonNullable<Row['call']>) {
  return {
    token: attempt.token,
    attemptId,
    workspaceId: attempt.workspaceId,
    campaignId: attempt.campaignId,
    contactId: attempt.contactId,
    assistantId,
    direction: 'outbound' as const,
    provider: attempt.provider,
    contactNumber: attempt.phoneNumber,
    ourNumber: attempt.sender,
    script,
    createdAt: attempt.createdAt,
  };
}
