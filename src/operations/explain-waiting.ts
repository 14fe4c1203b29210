import { type CampaignWithCounts, readCampaign } from '#db/campaigns.ts';
import type { ContactRow } from '#db/contacts.ts';
import { readObstacles } from '#db/obstacles.ts';
import type { GateVerdict } from '#domain/gate.ts';
import { describeSkip, describeWait } from '#domain/hold.ts';
import { channelOf } from '#domain/mixed.ts';
import { describeRemedy } from '#domain/skip-remedies.ts';
import { DAY_MS } from '#domain/window-clock.ts';
import { describeInstant } from '#domain/window-words.ts';
import type { Deps } from './deps.ts';
import { standingWords } from './explain-campaign.ts';
import { explainHours } from './explain-hours.ts';
import { judgePeople } from './judge-contacts.ts';

/**
 * What a waiting contact waits for and until when: their own reason, the campaign's, and what the gate would say to them
 * at their next turn. Nothing is changed. Never empty.
 */
export async function explainWaiting(
  deps: Deps,
  contact: ContactRow,
  now: Date,
  zone: string,
): Promise<string[]> {
  const row = await readCampaign(deps.db, contact.campaignId);
  if (!row) return [];
  const { waitReason, nextAttemptAt } = contact;
  const shut = waitReason === 'outside_hours' ? await explainHours(deps, row, contact, now) : null;
  const own = waitReason ? [describeWait(waitReason, nextAttemptAt, now, zone), ...(shut ? [shut] : [])] : [];
  const verdict = await verdictAtTurn(deps, row, contact, now);
  const { campaign } = row;
  const isFree = campaign.status === 'running' && campaign.hold === null;
  // A running campaign that waits for its contacts has nothing to say that this one's own reason does not.
  const isOwnWait = campaign.status === 'running' && waitReason !== null;
  const standing = isFree || isOwnWait ? [] : await standingWords(deps, row, now);
  if (own.length > 0)
    return [...own, ...standing, ...(verdict ? atTurnWords(verdict, waitReason, now, zone) : [])];
  const turn = isFree ? 'Their turn comes as soon as the limits allow.' : 'They wait for the campaign:';
  return [turn, ...standing, ...(verdict ? atTurnWords(verdict, null, now, zone) : [])];
}

/** Why somebody was left out, since when it would be otherwise where that is known, and what would bring them back in. */
export async function explainSkip(
  deps: Deps,
  contact: ContactRow,
  now: Date,
  zone: string,
): Promise<string[]> {
  const reason = contact.skipReason ?? 'unknown';
  const freeAt = reason === 'contacted_recently' ? await freeAgainAt(deps, contact, now) : null;
  const remedy = describeRemedy(reason);
  return [
    describeSkip(reason),
    ...(freeAt ? [`That is over ${describeInstant(freeAt, now, zone)}.`] : []),
    ...(remedy ? [remedy] : []),
  ];
}

/** What the gate would say at the contact's next turn, with everything that is known today. */
async function verdictAtTurn(
  deps: Deps,
  { campaign, workspace }: CampaignWithCounts,
  contact: ContactRow,
  now: Date,
): Promise<GateVerdict | null> {
  const { phoneNumber, ownZones, ownRegion, waitReason, nextChannel, nextAttemptAt } = contact;
  const { campaignType, mixedSettings } = campaign;
  const channel = campaignType === 'mixed' ? channelOf(mixedSettings, nextChannel) : campaignType;
  const why = waitReason === 'callback' ? ('promised' as const) : ('turn' as const);
  const person = { phoneNumber, ownZones, ownRegion, channel, why };
  const at = nextAttemptAt && nextAttemptAt > now ? nextAttemptAt : now;
  const [verdict] = await deps.db.transaction((tx) =>
    judgePeople(deps, tx, { campaign, workspace }, [person], { now, at: () => at }),
  );
  return verdict ?? null;
}

function atTurnWords(
  verdict: GateVerdict,
  told: ContactRow['waitReason'],
  now: Date,
  zone: string,
): string[] {
  if (verdict.kind === 'go') {
    const until = describeInstant(verdict.closesAt, now, zone);
    return told === 'outside_hours' ? [] : [`Their hours are open at their turn, until ${until}.`];
  }
  if (verdict.kind === 'skip')
    return [`They will be left out at their turn: ${describeSkip(verdict.reason)}`];
  if (verdict.why === told) return [];
  return [`At their turn: ${describeWait(verdict.why, verdict.until, now, zone)}`];
}

/** When what another campaign did no longer keeps this one from them; null when that is so already. */
async function freeAgainAt(
  { db }: Deps,
  { campaignId, phoneNumber }: ContactRow,
  now: Date,
): Promise<Date | null> {
  const row = await readCampaign(db, campaignId);
  const days = row?.campaign.excludeContactedDays;
  if (!row || !days) return null;
  const against = await readObstacles(db, {
    workspaceId: row.campaign.workspaceId,
    campaignId,
    people: [{ phoneNumber, channel: 'sms' }],
    now,
    capsSince: now,
    contactedSince: new Date(now.getTime() - days * DAY_MS),
  });
  const last = against.lastContactAt.get(phoneNumber);
  return last ? new Date(last.getTime() + days * DAY_MS) : null;
}
