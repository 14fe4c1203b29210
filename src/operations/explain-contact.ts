import { readCallsOf } from '#db/call-figures.ts';
import { findContactEverywhere } from '#db/contacts.ts';
import { type AttemptRow, attemptsOfContact } from '#db/ledger.ts';
import { isTest } from '#domain/attempt.ts';
import { describeCall } from '#domain/call-words.ts';
import { describeFailure } from '#domain/failure.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { candidateZones } from '#domain/number-zones.ts';
import { describeInstant } from '#domain/window-words.ts';
import { checkSuppression } from './check-suppression.ts';
import type { Deps } from './deps.ts';
import { explainSkip, explainWaiting } from './explain-waiting.ts';

type KnownCall = NonNullable<ReturnType<Awaited<ReturnType<typeof readCallsOf>>['get']>>;
type Found = Awaited<ReturnType<typeof findContactEverywhere>>[number];
type Listing = Awaited<ReturnType<typeof checkSuppression>>;

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
  const listing = await checkSuppression(deps, { workspaceId, phone });
  const { phoneNumber } = listing;
  const now = deps.clock.now();
  const found = await findContactEverywhere(deps.db, workspaceId, phoneNumber);
  const own = campaignId === null ? found : found.filter(({ contact }) => contact.campaignId === campaignId);
  const listed = listedWords(listing, campaignId, now);
  const stories: string[] = [];
  for (const one of own) stories.push(...(await storyOf(deps, one, now, mayListen)));
  if (own.length > 0) return [...listed, ...stories];
  const where = campaignId === null ? 'in no campaign of this workspace' : 'not a contact of this campaign';
  const alone = listed.length > 0 ? '.' : ', and not on the do-not-call list.';
  return [...listed, `${maskPhone(phoneNumber)} is ${where}${alone}`];
}

const LISTED_FOR = { all: 'calls and texts', voice: 'calls', sms: 'texts' } as const;

/** Entries for a campaign that was not asked about are told with the others only when all campaigns are. */
function listedWords(
  { entries, ranges, phoneNumber }: Listing,
  campaignId: number | null,
  now: Date,
): string[] {
  const zone = zoneOf(phoneNumber);
  return [...entries, ...ranges].flatMap((entry) => {
    const { channel, createdAt, reason, onlyCampaignId } = entry;
    if (onlyCampaignId !== null && campaignId !== null && onlyCampaignId !== campaignId) return [];
    const range = 'prefix' in entry ? ` with all numbers that begin with ${entry.prefix}` : '';
    const only = onlyCampaignId === null ? '' : `, for campaign #${onlyCampaignId} alone`;
    const since = describeInstant(createdAt, now, zone);
    return [`On the do-not-call list for ${LISTED_FOR[channel]}${range}${only} since ${since}: ${reason}`];
  });
}

async function storyOf(deps: Deps, found: Found, now: Date, mayListen: boolean): Promise<string[]> {
  const { contact, campaignName, campaignStatus } = found;
  const zone = contact.ownZones?.[0] ?? zoneOf(contact.phoneNumber);
  const story = [`In “${campaignName}” (${campaignStatus}): ${contact.status.replaceAll('_', ' ')}.`];
  // Somebody tried the campaign on themselves with this contact's values: the contact was not reached by it.
  const attempts = (await attemptsOfContact(deps.db, contact.id)).filter((attempt) => !isTest(attempt));
  const calls = await readCallsOf(
    deps.db,
    attempts.flatMap(({ id, channel }) => (channel === 'call' ? [id] : [])),
  );
  for (const attempt of attempts) {
    const call = calls.get(attempt.id);
    story.push(tell(attempt, call ?? null, now, zone));
    if (mayListen && call?.summary) story.push(call.summary);
  }
  if (contact.status === 'skipped') story.push(...(await explainSkip(deps, contact, now, zone)));
  if (contact.status === 'pending') story.push(...(await explainWaiting(deps, contact, now, zone)));
  return [...story, ...whyNoMore(found)];
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
