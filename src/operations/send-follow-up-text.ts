import { readContact } from '#db/call-actions.ts';
import { lockCampaign } from '#db/claims.ts';
import { type Sender, senderText } from '#domain/sender.ts';
import { composeText, textComposer } from './compose-text.ts';
import { judgePerson } from './judge-contacts.ts';
import { placeAttempts } from './place-attempts.ts';
import type { ActResult, CallVerb } from './run-call-act.ts';
import { writeAnswer } from './write-answer.ts';
import type { ClaimedAttempt } from './write-attempts.ts';

const NOT_NOW = 'They may not be texted now, so nothing was sent.';
const NO_BUDGET = 'The budget leaves no room for a text, so nothing was sent.';
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
  const isAgreed = !workspace.requiresApproval || campaign.approvalId !== null;
  if (STOPPED.includes(campaign.status) || !isAgreed) return { ok: false, problem: NOT_NOW };
  const sender: Sender | null = campaign.fromNumber
    ? { kind: 'number', phoneNumber: campaign.fromNumber }
    : deps.defaultSender;
  if (!sender) return { ok: false, problem: 'No number is set to text from, so nothing was sent.' };
  const person = { ...contact, channel: 'sms', why: 'answer' } as const;
  const verdict = await judgePerson(deps, tx, locked, person, deps.clock.now());
  if (verdict.kind !== 'go') return { ok: false, problem: NOT_NOW };
  const text = composeText(textComposer(campaign, workspace, sender, call.script.assistantName), contact);
  if (text.kind === 'refused')
    return { ok: false, problem: 'The text came out empty or too long, so nothing was sent.' };
  const written = await writeAnswer(deps, tx, locked, verdict, {
    token: `follow-up-${call.id}`,
    contact,
    sender: senderText(sender),
    body: text.body,
    segments: text.segments,
    createdBy: 'system',
  });
  if (written === 'over_budget') return { ok: false, problem: NO_BUDGET };
  return written === 'written_before' ? SENT : sentAfterCommit(deps, written);
};

const SENT = { ok: true as const, told: { done: 'The text is on its way.' } };

/** Speech does not wait for the provider; an attempt that is lost on the way is found by the reaper. */
function sentAfterCommit(deps: Parameters<CallVerb>[0], attempt: ClaimedAttempt): ActResult {
  const after = async () => {
    void placeAttempts(deps, [attempt]).catch((cause: unknown) => {
      deps.log.error({ cause, attemptId: attempt.id }, 'a text after a call could not be placed');
    });
  };
  return { ...SENT, after };
}
