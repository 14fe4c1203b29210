import { insertAttempts, type LockedCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { nextN } from '#db/contacts.ts';
import type { GateVerdict } from '#domain/gate.ts';
import { keepReserved, readBudget } from './budget.ts';
import type { Deps } from './deps.ts';
import { type ClaimedAttempt, LEASE_REAL_MS } from './write-attempts.ts';

/** A text to somebody who wrote to us or is on the phone with us; `token` makes it the same one when it is written twice. */
export type Answer = {
  token: string;
  contact: { id: number; phoneNumber: string };
  sender: string;
  body: string;
  segments: number;
  createdBy: string;
};

/**
 * Writes the attempt of an answer that the gate let through, with the money reserved for it, before the provider is asked.
 * `over_budget`: the campaign's budget leaves no room; `written_before`: its token is known. Nothing is written then.
 */
export async function writeAnswer(
  deps: Deps,
  tx: Transaction,
  locked: LockedCampaign,
  verdict: Extract<GateVerdict, { kind: 'go' }>,
  answer: Answer,
): Promise<ClaimedAttempt | 'over_budget' | 'written_before'> {
  const { campaign, workspace } = locked;
  const { contact, createdBy, ...text } = answer;
  const { leftMicros, reserveOf } = await readBudget(tx, locked);
  const { phoneNumber } = contact;
  const reservedMicros = reserveOf({
    channel: 'sms',
    phoneNumber,
    segments: answer.segments,
    maxSeconds: null,
  });
  if (leftMicros !== null && reservedMicros > leftMicros) return 'over_budget';
  const [written] = await insertAttempts(tx, [
    {
      ...text,
      workspaceId: workspace.id,
      campaignId: campaign.id,
      contactId: contact.id,
      runNumber: campaign.runNumber,
      channel: 'sms',
      purpose: 'reply',
      n: await nextN(tx, contact.id),
      phoneNumber,
      state: 'dialing',
      provider: deps.telephony.provider,
      gate: verdict.evidence,
      reservedMicros,
      consentId: verdict.evidence.consentId ?? null,
      leaseUntil: deps.clock.realDelay(LEASE_REAL_MS),
      createdBy,
      createdAt: deps.clock.now(),
    },
  ]);
  if (!written) return 'written_before';
  await keepReserved(tx, campaign, reservedMicros);
  const { token, sender, body } = text;
  const { closesAt } = verdict;
  return { id: written.id, campaignId: campaign.id, token, to: phoneNumber, sender, body, closesAt };
}
