import { readApproval } from '#db/approvals.ts';
import type { LockedCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { type Obstacles, readObstacles } from '#db/obstacles.ts';
import { type LastDay, lastDayOf } from '#domain/end-of-day.ts';
import { longestCapMs } from '#domain/frequency-caps.ts';
import { type GateFacts, type GateVerdict, judgeContact } from '#domain/gate.ts';
import { type CampaignHours, campaignHoursOf, type Reach, reachOf, type Whereabouts } from '#domain/reach.ts';
import { DAY_MS } from '#domain/window-clock.ts';
import type { Deps } from './deps.ts';
import { readPolicy } from './read-policy.ts';

/**
 * Somebody who is to be contacted, on which channel and why. `turn`: the campaign's own doing. `promised`: they asked to be
 * called back, which neither the end of a day nor another campaign takes back. `answer`: they wrote to us or are on the
 * phone with us, so that nothing about them is in flight, no cap is meant, and no text is stale.
 */
export type Person = Whereabouts & { channel: 'sms' | 'call'; why: 'turn' | 'promised' | 'answer' };

/**
 * Each person at the gate, in the order given, each number once: what stands for and against them is read for all of them
 * together, so that fifty cost hardly more than one. `at` is when they would be contacted, now by default.
 */
export async function judgePeople<P extends Person>(
  deps: Pick<Deps, 'holidays'>,
  tx: Transaction,
  { campaign, workspace }: LockedCampaign,
  people: readonly P[],
  { now, at = () => now }: { now: Date; at?: (person: P) => Date },
): Promise<GateVerdict[]> {
  if (people.length === 0) return [];
  const policy = await readPolicy(deps, tx, workspace, now, campaign.holidayPlaces);
  const hours = campaignHoursOf(campaign, policy.holidays);
  const reaches = people.map((who) => reachOf({ who, channel: who.channel, hours, policy }));
  const { excludeContactedDays: days } = campaign;
  const against = await readObstacles(tx, {
    workspaceId: workspace.id,
    campaignId: campaign.id,
    people: [...people],
    now,
    capsSince: new Date(now.getTime() - longestCapMs(reaches.flatMap(({ caps }) => caps))),
    contactedSince: days === null ? null : new Date(now.getTime() - days * DAY_MS),
  });
  const standing = await standingOf(tx, campaign);
  const rest = {
    campaign,
    against,
    lastDay: dayOf(campaign, hours, now),
    isConsentRequired: policy.requiresConsent,
  };
  return people.flatMap((person, i): GateVerdict[] => {
    const reach = reaches[i];
    if (!reach) return [];
    const verdict = judgeContact(factsOf(person, reach, at(person), rest));
    if (verdict.kind !== 'go') return [verdict];
    const evidence = { ...verdict.evidence, ...standing, isPromised: person.why === 'promised' };
    return [{ ...verdict, evidence }];
  });
}

type Rest = {
  campaign: LockedCampaign['campaign'];
  against: Obstacles;
  lastDay: LastDay | null;
  isConsentRequired: Record<Person['channel'], boolean>;
};

function factsOf(
  { phoneNumber, channel, why }: Person,
  reach: Reach,
  at: Date,
  { campaign, against, lastDay, isConsentRequired }: Rest,
): GateFacts {
  const isTurn = why === 'turn';
  const isAnswer = why === 'answer';
  return {
    at,
    channel,
    reach,
    suppression: against.suppressed.get(phoneNumber) ?? null,
    isHeldForReview: against.held.has(phoneNumber),
    isInFlight: !isAnswer && against.inFlight.has(phoneNumber),
    consent: { isRequired: isConsentRequired[channel], id: against.consentIds.get(phoneNumber) ?? null },
    recentAttempts: isAnswer ? [] : (against.recent.get(phoneNumber) ?? []),
    lastContactAt: against.lastContactAt.get(phoneNumber) ?? null,
    excludeContactedDays: isTurn ? campaign.excludeContactedDays : null,
    expiresAt: isAnswer ? null : expiryOf(campaign, channel),
    lastDay: isTurn ? lastDay : null,
  };
}

function dayOf(
  { endOfDay, resumedAt, startedAt }: LockedCampaign['campaign'],
  hours: CampaignHours,
  now: Date,
) {
  return endOfDay === 'stop' ? lastDayOf(hours, resumedAt ?? startedAt ?? now) : null;
}

/** One person at the gate, now. */
export async function judgePerson(
  deps: Pick<Deps, 'holidays'>,
  tx: Transaction,
  locked: LockedCampaign,
  person: Person,
  now: Date,
): Promise<GateVerdict> {
  const [verdict] = await judgePeople(deps, tx, locked, [person], { now });
  if (!verdict) throw new Error('somebody who was judged has no verdict');
  return verdict;
}

/** When a run’s texts expire, counted from its start; calls do not. */
function expiryOf(
  { textExpiryHours, startedAt }: LockedCampaign['campaign'],
  channel: 'sms' | 'call',
): Date | null {
  if (channel === 'call' || textExpiryHours === null || !startedAt) return null;
  return new Date(startedAt.getTime() + textExpiryHours * 3_600_000);
}

/** Who answers for the campaign as it is: kept with every attempt. */
async function standingOf(tx: Transaction, campaign: LockedCampaign['campaign']) {
  const { workspaceId, approvalId, attestedBy, version } = campaign;
  const approval = approvalId === null ? null : await readApproval(tx, workspaceId, approvalId);
  return {
    approval: approval && { id: approval.id, by: approval.decidedBy },
    attestedBy,
    campaignVersion: version,
  };
}
