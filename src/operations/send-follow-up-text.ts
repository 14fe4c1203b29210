import { readContact } from '#db/call-actions.ts';
import { insertAttempts, lockCampaign, readObstacles } from '#db/claims.ts';
import { nextN } from '#db/contacts.ts';
import { judgeContact } from '#domain/gate.ts';
import { campaignHoursOf, reachOf } from '#domain/reach.ts';
import { type Sender, senderText } from '#domain/sender.ts';
import { composeText, textComposer } from './compose-text.ts';
import { placeAttempts } from './place-attempts.ts';
import { readPolicy } from './read-policy.ts';
import type { ActResult, CallVerb } from './run-call-act.ts';

const LEASE_REAL_MS = 30_000;
const NOT_NOW = 'They may not be texted now, so nothing was sent.';
/** A campaign that somebody or the provider has stopped sends nothing, whatever is agreed on a call that still runs. */
const STOPPED: readonly string[] = ['paused', 'cancelled', 'failed'];

/**
 * Texts somebody on the phone the campaign’s message, once for each call, through the same gate and ledger as every
 * text: their list entries and hours decide, and whether the campaign was stopped, not the model. It goes out once the
 * conversation’s act is committed.
 */
export const sendFollowUpText: CallVerb = async (deps, tx, call) => {
  const locked = call.campaignId === null ? null : await lockCampaign(tx, call.campaignId);
  const contact = call.contactId === null ? null : await readContact(tx, call.contactId);
  if (!locked || !contact || !call.scope.hasFollowUpText)
    return { ok: false, problem: 'There is no text to send.' };
  const { campaign, workspace } = locked;
  if (STOPPED.includes(campaign.status)) return { ok: false, problem: NOT_NOW };
  const sender: Sender | null = campaign.fromNumber
    ? { kind: 'number', phoneNumber: campaign.fromNumber }
    : deps.defaultSender;
  if (!sender) return { ok: false, problem: 'No number is set to text from, so nothing was sent.' };
  const obstacles = await readObstacles(tx, workspace.id, [contact.phoneNumber], 'sms');
  const now = deps.clock.now();
  const policy = await readPolicy(deps, tx, workspace, now, campaign.holidayPlaces);
  const verdict = judgeContact({
    at: now,
    channel: 'sms',
    suppression: obstacles.suppressed.get(contact.phoneNumber) ?? null,
    isHeldForReview: obstacles.held.has(contact.phoneNumber),
    // They are on the phone with us: this very call is what is in flight.
    isInFlight: false,
    reach: reachOf({
      who: contact,
      channel: 'sms',
      hours: campaignHoursOf(campaign, policy.holidays),
      policy,
    }),
  });
  if (verdict.kind !== 'go') return { ok: false, problem: NOT_NOW };
  const text = composeText(textComposer(campaign, workspace, sender, call.script.assistantName), contact);
  if (text.kind === 'refused')
    return { ok: false, problem: 'The text came out empty or too long, so nothing was sent.' };
  const attempt = {
    token: `follow-up-${call.id}`,
    workspaceId: workspace.id,
    campaignId: campaign.id,
    contactId: contact.id,
    runNumber: campaign.runNumber,
    channel: 'sms' as const,
    purpose: 'reply' as const,
    n: await nextN(tx, contact.id),
    phoneNumber: contact.phoneNumber,
    sender: senderText(sender),
    body: text.body,
    segments: text.segments,
    state: 'dialing' as const,
    provider: deps.telephony.provider,
    gate: verdict.evidence,
    leaseUntil: deps.clock.realDelay(LEASE_REAL_MS),
    createdBy: 'system',
    createdAt: deps.clock.now(),
  };
  const [written] = await insertAttempts(tx, [attempt]);
  return written ? sentAfterCommit(deps, { ...attempt, id: written.id, closesAt: verdict.closesAt }) : SENT;
};

const SENT = { ok: true as const, told: { done: 'The text is on its way.' } };

type Written = Omit<Parameters<typeof placeAttempts>[1][number], 'to'> & { phoneNumber: string };

/** Speech does not wait for the provider; an attempt that is lost on the way is found by the reaper. */
function sentAfterCommit(deps: Parameters<CallVerb>[0], { phoneNumber, ...attempt }: Written): ActResult {
  const after = async () => {
    void placeAttempts(deps, [{ ...attempt, to: phoneNumber }]).catch((cause: unknown) => {
      deps.log.error({ cause, attemptId: attempt.id }, 'a text after a call could not be placed');
    });
  };
  return { ...SENT, after };
}
