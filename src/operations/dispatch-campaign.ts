import { setTimeout as sleep } from 'node:timers/promises';
import { readAssistant } from '#db/assistants.ts';
import { hasOpenImport } from '#db/campaign-facts.ts';
import { setHold } from '#db/campaigns.ts';
import { type LockedCampaign, lockCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import type { Hold } from '#domain/hold.ts';
import { type Sender, senderOf } from '#domain/sender.ts';
import { type Claim, type Composers, claimContacts, isRunFinished } from './claim-contacts.ts';
import { callComposer } from './compose-call.ts';
import { textComposer } from './compose-text.ts';
import type { Deps } from './deps.ts';
import { moveCampaign } from './move-campaign.ts';
import { placeAttempts } from './place-attempts.ts';
import { standStill, standsStill } from './standstill.ts';
import { standsAtBudget } from './stops-by-itself.ts';
import { touchCard, wakeCampaign } from './wake-campaign.ts';

/** A dispatch that dies after its claim is looked at again once its leases have run out. */
const BACKSTOP_REAL_MS = 35_000;

/** A dispatch that calls at a pace claims again by itself for so long, because waiting tasks are looked for every 2 s only. */
const PACED_REAL_MS = 3_000;
const LONGEST_NAP_REAL_MS = 1_100;

/**
 * One short turn of a campaign: locks it, claims due contacts and commits, then places what it claimed a few at a time.
 * It wakes itself for the next moment at which something can happen, so nothing about a running campaign lives in
 * memory: a pause is a row that the next turn sees (design §4).
 */
export async function dispatchCampaign(deps: Deps, { campaignId }: { campaignId: number }): Promise<void> {
  const until = performance.now() + PACED_REAL_MS;
  for (;;) {
    const claim = await deps.db.transaction((tx) => takeTurn(deps, tx, campaignId));
    if (!claim) return;
    if (claim.attempts.length > 0) {
      await placeAttempts(deps, claim.attempts);
      if (claim.limit === 'concurrency') await wakeCampaign(deps.db, deps, campaignId);
    }
    const napMs = napOf(deps, claim);
    if (napMs === null) return;
    if (performance.now() + napMs > until) return wakeCampaign(deps.db, deps, campaignId);
    await sleep(napMs);
  }
}

/** Real milliseconds until the pace of calls lets the next one begin; null when something else is waited for, or for long. */
function napOf({ clock }: Deps, { isPaced, nextAt }: Claim): number | null {
  if (!isPaced || !nextAt) return null;
  const napMs = Math.max(0, clock.toReal(nextAt).getTime() - clock.toReal(clock.now()).getTime());
  return napMs <= LONGEST_NAP_REAL_MS ? napMs : null;
}

async function takeTurn(deps: Deps, tx: Transaction, campaignId: number): Promise<Claim | null> {
  const locked = await lockCampaign(tx, campaignId);
  if (!locked || !(await mayFinish(tx, locked))) return null;
  if (await finishes(deps, tx, locked)) return null;
  if (locked.campaign.status !== 'running') return null;
  return (await standsStill(deps, tx, locked)) ? null : claimDue(deps, tx, locked);
}

async function claimDue(deps: Deps, tx: Transaction, locked: LockedCampaign): Promise<Claim | null> {
  const campaignId = locked.campaign.id;
  const restUntil = restOf(locked.campaign.hold, deps.clock.now());
  if (restUntil) {
    await wakeCampaign(tx, deps, campaignId, restUntil);
    return null;
  }
  const composers = await composersOf(deps, tx, locked);
  if ('fix' in composers) {
    await moveCampaign(deps, tx, locked, {
      move: 'break',
      actor: { kind: 'system' },
      hold: { code: 'provider_refused', fix: composers.fix },
    });
    return null;
  }
  const claim = await claimContacts(deps, tx, locked, composers);
  if (claim.attempts.length === 0 && (await finishes(deps, tx, locked))) return null;
  if (claim.limit === 'budget' && claim.attempts.length === 0) {
    const found = await standsAtBudget(deps, tx, locked.campaign, claim.leftMicros ?? 0);
    await standStill(deps, tx, locked, found);
    return claim;
  }
  await keepHold(deps, tx, locked, claim);
  if (claim.attempts.length > 0) await touchCard(tx, deps, campaignId);
  if (claim.nextAt) await wakeCampaign(tx, deps, campaignId, claim.nextAt);
  else if (claim.limit === 'budget' || claim.limit === 'canary') await wakeCampaign(tx, deps, campaignId);
  else if (claim.limit === 'concurrency') {
    // A place that is freed while this turn is under way has woken the campaign already, and that must stand.
    const backstopAt = deps.clock.realDelay(BACKSTOP_REAL_MS);
    await wakeCampaign(tx, deps, campaignId, backstopAt, 'earliest');
  }
  return claim;
}

/** What the campaign's channels are composed with, or what must be set up before anybody can be contacted. */
async function composersOf(
  deps: Deps,
  tx: Transaction,
  { campaign, workspace }: LockedCampaign,
): Promise<Composers | { fix: string }> {
  const own = campaign.fromNumber ? senderOf(campaign.fromNumber) : null;
  const composers: Composers = { text: null, call: null };
  const assistant =
    campaign.assistantId === null ? null : await readAssistant(tx, workspace.id, campaign.assistantId);
  if (campaign.campaignType !== 'call') {
    const sender = own ?? deps.defaultSender;
    if (!sender) return { fix: 'No number to send from is configured. Set one, then resume.' };
    composers.text = textComposer(campaign, workspace, sender, assistant?.name);
  }
  if (campaign.campaignType !== 'sms') {
    if (!assistant) return { fix: 'No assistant is chosen who could call. Choose one, then resume.' };
    const fromNumber = callerOf(own, assistant.phoneNumbers, deps.defaultCaller);
    if (!fromNumber) return { fix: 'No number to call from is configured. Set one, then resume.' };
    composers.call = callComposer(campaign, workspace, assistant, fromNumber);
  }
  return composers;
}

/** Calls come from one number; a pool of senders cannot call. */
function callerOf(own: Sender | null, ofAssistant: string[], otherwise: string | null): string | null {
  if (own?.kind === 'number') return own.phoneNumber;
  return ofAssistant[0] ?? otherwise;
}

/** Until when the provider asked to be left alone, if it did. */
function restOf(hold: Hold | null, now: Date): Date | null {
  if (hold?.code !== 'provider_throttled') return null;
  const until = new Date(hold.until);
  return until > now ? until : null;
}

/**
 * Whether its run is over once nobody is left. One that the product paused has no more to wait for then, unless another
 * run follows: nobody is contacted in that before a person has looked at what it was paused for. A person who pauses may
 * want to add contacts, and so does whoever loads a file.
 */
async function mayFinish(tx: Transaction, { campaign }: LockedCampaign): Promise<boolean> {
  const { id, status, hold, nextRunAt } = campaign;
  if (status !== 'paused') return status === 'running';
  if (hold === null || nextRunAt !== null) return false;
  return (await hasOpenImport(tx, id)) === null;
}

async function finishes(deps: Deps, tx: Transaction, locked: LockedCampaign): Promise<boolean> {
  if (!(await isRunFinished(tx, locked.campaign.id))) return false;
  await moveCampaign(deps, tx, locked, { move: 'finish', actor: { kind: 'system' } });
  return true;
}

/** Keeps why nothing is being placed, in words people can ask for; cleared as soon as something is placed. */
async function keepHold(
  deps: Deps,
  tx: Transaction,
  { campaign }: LockedCampaign,
  claim: Claim,
): Promise<void> {
  const hold = claim.attempts.length > 0 ? null : holdOf(claim, campaign.campaignType);
  if (await setHold(tx, campaign.id, hold)) await touchCard(tx, deps, campaign.id);
}

const HOLD_OF_WAIT = {
  outside_hours: 'outside_hours',
  frequency_cap: 'frequency_cap',
  retry: 'waiting_for_retries',
  number_in_flight: 'number_in_flight',
  held_for_review: 'held_for_review',
  follow_up: 'waiting_for_follow_ups',
  callback: 'waiting_for_callbacks',
} as const;

function holdOf(claim: Claim, campaignType: 'call' | 'sms' | 'mixed'): Hold | null {
  if (claim.limit === 'concurrency') return { code: 'concurrency' };
  if (claim.limit === null && !claim.nextAt) {
    return campaignType === 'call'
      ? { code: 'waiting_for_reports', channel: 'call' }
      : { code: 'waiting_for_reports' };
  }
  if (!claim.waitsFor || !claim.nextAt) return null;
  return { code: HOLD_OF_WAIT[claim.waitsFor], until: claim.nextAt.toISOString() };
}
