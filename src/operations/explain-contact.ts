import { findContactEverywhere } from '#db/contacts.ts';
import { type AttemptRow, attemptsOfContact } from '#db/ledger.ts';
import { suppressionsInForce } from '#db/suppressions.ts';
import { describeFailure } from '#domain/failure.ts';
import { describeSkip, describeWait } from '#domain/hold.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { candidateZones } from '#domain/number-zones.ts';
import { describeInstant } from '#domain/window-words.ts';
import type { Deps } from './deps.ts';
import { typedNumber } from './suppress-number.ts';

type Found = Awaited<ReturnType<typeof findContactEverywhere>>[number];

/**
 * Why somebody was or was not contacted, and when the next try is: the do-not-call list, every attempt with its outcome,
 * and what they wait for, in one campaign or in all of them. Never empty. Throws `phone_invalid`.
 */
export async function explainContact(
  deps: Deps,
  { workspaceId, campaignId, phone }: { workspaceId: number; campaignId: number | null; phone: string },
): Promise<string[]> {
  const phoneNumber = await typedNumber(deps, workspaceId, phone);
  const now = deps.clock.now();
  const sentences: string[] = [];
  for (const entry of await suppressionsInForce(deps.db, workspaceId, phoneNumber)) {
    sentences.push(
      `On the do-not-call list (${entry.channel}) since ${dayOf(entry.createdAt, now)}: ${entry.reason}`,
    );
  }
  const found = await findContactEverywhere(deps.db, workspaceId, phoneNumber);
  const own = campaignId === null ? found : found.filter(({ contact }) => contact.campaignId === campaignId);
  for (const one of own) sentences.push(...(await storyOf(deps, one, now)));
  const where = campaignId === null ? 'in no campaign of this workspace' : 'not a contact of this campaign';
  return sentences.length > 0
    ? sentences
    : [`${maskPhone(phoneNumber)} is ${where}, and not on the do-not-call list.`];
}

async function storyOf(
  deps: Deps,
  { contact, campaignName, campaignStatus }: Found,
  now: Date,
): Promise<string[]> {
  const zone = candidateZones(contact.phoneNumber).zones[0] ?? 'UTC';
  const story = [`In “${campaignName}” (${campaignStatus}): ${contact.status.replaceAll('_', ' ')}.`];
  for (const attempt of await attemptsOfContact(deps.db, contact.id)) story.push(tell(attempt, now, zone));
  if (contact.status === 'skipped') story.push(describeSkip(contact.skipReason ?? 'unknown'));
  if (contact.status !== 'pending') return story;
  if (contact.waitReason) story.push(describeWait(contact.waitReason, contact.nextAttemptAt, now, zone));
  else
    story.push(
      campaignStatus === 'running'
        ? 'Their turn comes as soon as the limits allow.'
        : 'They wait for the campaign to run.',
    );
  return story;
}

function tell(attempt: AttemptRow, now: Date, zone: string): string {
  const what = attempt.purpose === 'reply' ? 'Answer sent' : `Attempt ${attempt.n}`;
  const when = describeInstant(attempt.createdAt, now, zone);
  return `${what}, ${when}: ${howItEnded(attempt)}`;
}

function howItEnded(attempt: AttemptRow): string {
  if (attempt.state === 'unknown') return 'the carrier did not answer, so it is being looked up.';
  if (attempt.state === 'needs_review') return 'nobody can say whether it arrived; decide in the thread.';
  if (attempt.outcome === null) return `${attempt.providerStatus ?? 'on its way'}.`;
  if (attempt.failureClass) return describeFailure(attempt.failureClass, attempt.failureCode);
  return `${attempt.outcome.replaceAll('_', ' ')}.`;
}

function dayOf(at: Date, now: Date): string {
  return describeInstant(at, now, 'UTC');
}
