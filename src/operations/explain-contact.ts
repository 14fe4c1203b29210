import { readCallsOf } from '#db/call-figures.ts';
import { findContactEverywhere } from '#db/contacts.ts';
import { type AttemptRow, attemptsOfContact } from '#db/ledger.ts';
import { suppressionsInForce } from '#db/suppressions.ts';
import { describeCall } from '#domain/call-words.ts';
import { describeFailure } from '#domain/failure.ts';
import { describeSkip, describeWait } from '#domain/hold.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { candidateZones } from '#domain/number-zones.ts';
import { describeInstant } from '#domain/window-words.ts';
import type { Deps } from './deps.ts';
import { typedNumber } from './suppress-number.ts';

type KnownCall = NonNullable<ReturnType<Awaited<ReturnType<typeof readCallsOf>>['get']>>;
type Found = Awaited<ReturnType<typeof findContactEverywhere>>[number];

/**
 * Why somebody was or was not contacted, and when the next try is: the do-not-call list, every attempt with its outcome,
 * and what they wait for, in one campaign or in all of them. What they said on calls is told only to somebody who may
 * listen (domain/rights). Never empty. Throws `phone_invalid`.
 */
export async function explainContact(
  deps: Deps,
  {
    workspaceId,
    campaignId,
    phone,
    mayListen = false,
  }: { workspaceId: number; campaignId: number | null; phone: string; mayListen?: boolean },
): Promise<string[]> {
  const phoneNumber = await typedNumber(deps, workspaceId, phone);
  const now = deps.clock.now();
  const sentences: string[] = [];
  for (const entry of await suppressionsInForce(deps.db, workspaceId, phoneNumber)) {
    sentences.push(
      `On the do-not-call list for ${LISTED_FOR[entry.channel]} since ${describeInstant(entry.createdAt, now, zoneOf(phoneNumber))}: ${entry.reason}`,
    );
  }
  const found = await findContactEverywhere(deps.db, workspaceId, phoneNumber);
  const own = campaignId === null ? found : found.filter(({ contact }) => contact.campaignId === campaignId);
  for (const one of own) sentences.push(...(await storyOf(deps, one, now, mayListen)));
  const where = campaignId === null ? 'in no campaign of this workspace' : 'not a contact of this campaign';
  return sentences.length > 0
    ? sentences
    : [`${maskPhone(phoneNumber)} is ${where}, and not on the do-not-call list.`];
}

const LISTED_FOR = { all: 'calls and texts', voice: 'calls', sms: 'texts' } as const;

async function storyOf(deps: Deps, found: Found, now: Date, mayListen: boolean): Promise<string[]> {
  const { contact, campaignName, campaignStatus } = found;
  const zone = zoneOf(contact.phoneNumber);
  const story = [`In “${campaignName}” (${campaignStatus}): ${contact.status.replaceAll('_', ' ')}.`];
  const attempts = await attemptsOfContact(deps.db, contact.id);
  const calls = await readCallsOf(
    deps.db,
    attempts.flatMap(({ id, channel }) => (channel === 'call' ? [id] : [])),
  );
  for (const attempt of attempts) {
    const call = calls.get(attempt.id);
    story.push(tell(attempt, call ?? null, now, zone));
    if (mayListen && call?.summary) story.push(call.summary);
  }
  if (contact.status === 'skipped') story.push(describeSkip(contact.skipReason ?? 'unknown'));
  if (contact.status !== 'pending') return [...story, ...whyNoMore(found)];
  if (contact.waitReason) story.push(describeWait(contact.waitReason, contact.nextAttemptAt, now, zone));
  else
    story.push(
      campaignStatus === 'running'
        ? 'Their turn comes as soon as the limits allow.'
        : 'They wait for the campaign to run.',
    );
  return story;
}

const UNREACHED = ['failed', 'no_answer', 'busy', 'voicemail'];

/** Why nobody tries again, for who was tried and not reached. */
function whyNoMore({ contact, campaignType, maxAttempts }: Found): string[] {
  if (!UNREACHED.includes(contact.status)) return [];
  const used = campaignType === 'mixed' ? contact.channelAttempts : contact.attempts;
  return [
    used >= maxAttempts
      ? `There is no further try: ${used === 1 ? 'the only one is' : `all ${used} are`} used.`
      : 'There is no further try: the campaign leaves it at that.',
  ];
}

function tell(attempt: AttemptRow, call: KnownCall | null, now: Date, zone: string): string {
  const what = attempt.purpose === 'reply' ? 'Answer sent' : `${CHANNEL[attempt.channel]} ${attempt.n}`;
  const when = describeInstant(attempt.createdAt, now, zone);
  return `${what}, ${when}: ${howItEnded(attempt, call)}`;
}

const CHANNEL = { sms: 'Attempt', call: 'Call' } as const;

function howItEnded(attempt: AttemptRow, call: KnownCall | null): string {
  if (attempt.state === 'unknown') return 'the carrier did not answer, so it is being looked up.';
  if (attempt.state === 'needs_review') return 'nobody can say whether it arrived; decide in the thread.';
  if (attempt.failureClass) return describeFailure(attempt.failureClass, attempt.failureCode);
  if (attempt.channel === 'call') {
    return describeCall({
      outcome: attempt.outcome,
      providerStatus: attempt.providerStatus,
      durationSeconds: call?.durationSeconds ?? null,
      hasLeftMessage: call?.voicemailLeftAt != null,
      result: call?.result ?? null,
    });
  }
  if (attempt.outcome === null) return `${attempt.providerStatus ?? 'on its way'}.`;
  return `${attempt.outcome.replaceAll('_', ' ')}.`;
}

function zoneOf(phoneNumber: string): string {
  return candidateZones(phoneNumber).zones[0] ?? 'UTC';
}
