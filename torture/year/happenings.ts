import type { AllowedHours } from '#domain/calling-window.ts';
import { changeWorkspaceSettings } from '#operations/change-workspace.ts';
import { liftPrefix } from '#operations/lift-prefix.ts';
import { liftSuppression } from '#operations/lift-suppression.ts';
import { overrideLaw } from '#operations/override-law.ts';
import { recordConsent } from '#operations/record-consent.ts';
import { revokeLawOverride } from '#operations/revoke-law-override.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { suppressPrefix } from '#operations/suppress-prefix.ts';
import { withdrawConsent } from '#operations/withdraw-consent.ts';
import type { Dice } from '#torture/dice.ts';
import type { Channel, WrittenHours, YearPolicy } from './journal.ts';
import type { Person } from './people.ts';
import { ANNA, approve, press, statusOf, type YearWorld } from './verbs.ts';
import { DAY_MS, HOUR_MS } from './wall.ts';

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** What an admin decides in the course of the year, and takes back again. */
const POLICIES: { date: string; change: Partial<YearPolicy> }[] = [
  { date: '2027-02-20', change: { preset: 'strict' } },
  { date: '2027-03-25', change: { preset: 'by_state' } },
  { date: '2027-04-05', change: { requiresTextConsent: true } },
  { date: '2027-05-10', change: { requiresCallConsent: true } },
  { date: '2027-05-25', change: { requiresTextConsent: false, requiresCallConsent: false } },
  { date: '2027-06-10', change: { unknownPlace: 'skip' } },
  { date: '2027-07-10', change: { unknownPlace: 'intersect', tollFree: 'contiguous' } },
  { date: '2027-08-20', change: { tollFree: 'skip', frequency: { limit: 1, hours: 48 } } },
  { date: '2027-09-15', change: { frequency: null } },
  { date: '2027-10-01', change: { frequency: { limit: 3, hours: 24 }, requiresApproval: true } },
  { date: '2027-10-25', change: { requiresApproval: false } },
  {
    date: '2027-11-05',
    change: { ownHours: [{ start: '10:00', end: '19:00', days: WEEKDAYS.slice(0, 6) }] },
  },
  { date: '2027-12-05', change: { ownHours: null } },
];

export function planPolicies(world: YearWorld): void {
  for (const { date, change } of POLICIES) {
    const at = Date.parse(`${date}T16:30:00Z`);
    plan(world, at, `the policy of ${date}`, () => decide(world, change));
  }
}

async function decide(world: YearWorld, change: Partial<YearPolicy>): Promise<void> {
  const { stage, journal } = world;
  const { changed } = await changeWorkspaceSettings(stage.deps, {
    workspaceId: stage.workspaceId,
    actor: ANNA,
    changes: columnsOf(change),
  });
  if (changed.length === 0) throw new Error('the policy stood already');
  journal.note({ kind: 'policy', change });
  if (change.requiresApproval !== undefined) world.isApprovalNeeded = change.requiresApproval;
  if (!change.requiresApproval) return;
  for (const { id, isCalm } of world.campaigns) if (isCalm) await approve(world, id);
}

function columnsOf({ preset, ownHours, frequency, ...rest }: Partial<YearPolicy>) {
  return {
    ...rest,
    ...(preset && { legalPreset: preset }),
    ...(ownHours !== undefined && { ownHours }),
    ...(frequency !== undefined && { frequencyLimit: frequency?.limit ?? null }),
    ...(frequency && { frequencyHours: frequency.hours }),
  };
}

/** People who write STOP, some of whom think better of it weeks later. */
export function planStops(
  world: YearWorld,
  people: readonly Person[],
  dice: Dice,
  span: [number, number],
): void {
  for (let at = span[0]; at < span[1]; at += dice.between(2, 6) * DAY_MS) {
    const { phone } = dice.pick(people);
    const when = at + dice.between(0, 24) * HOUR_MS + 17;
    plan(world, when, `${phone} writes STOP`, async () => {
      await write(world, phone, 'STOP');
      const { journal } = world;
      journal.note({ kind: 'suppressed', phone, channel: 'all', campaignId: null, by: 'person' });
      for (const channel of ['all', 'voice', 'sms'] as const)
        journal.note({ kind: 'consent_withdrawn', phone, channel });
    });
    if (!dice.chance(0.3)) continue;
    plan(world, when + 20 * DAY_MS, `${phone} writes START`, async () => {
      await write(world, phone, 'START');
      world.journal.note({ kind: 'lifted', phone, channel: 'all', campaignId: null, by: 'person' });
    });
  }
}

async function write({ stage, campaigns }: YearWorld, phone: string, body: string): Promise<void> {
  await stage.tell({
    kind: 'text_inbound',
    ref: `in-${phone}-${stage.clock.now().getTime()}`,
    from: phone,
    to: campaigns.findLast(({ people }) => people.some((one) => one.phone === phone))?.from ?? '+15005550006',
    body,
    mediaCount: 0,
    optOut: null,
  });
}

/** Entries that people put on the do-not-call list and take off it again: numbers, a campaign's own, whole ranges. */
export function planListings(
  world: YearWorld,
  people: readonly Person[],
  dice: Dice,
  span: [number, number],
): void {
  for (let at = span[0]; at < span[1]; at += dice.between(5, 12) * DAY_MS) {
    const { phone } = dice.pick(people);
    const channel = dice.pick(['all', 'voice', 'sms'] as const);
    const isOwn = dice.chance(0.3);
    const days = dice.chance(0.5) ? dice.between(2, 30) : null;
    plan(world, at + 13, `listing ${phone}`, () => list(world, { phone, channel, isOwn, days }));
  }
  for (const [prefix, channel, month] of RANGES) {
    const from = Date.parse(`2027-${month}-03T12:00:00Z`);
    plan(world, from, `listing ${prefix}`, () => listRange(world, prefix, channel));
    plan(world, from + 40 * DAY_MS, `lifting ${prefix}`, () => liftRange(world, prefix, channel));
  }
}

const RANGES: [string, Channel, string][] = [
  ['+1207', 'all', '02'],
  ['+1312', 'sms', '05'],
  ['+44', 'voice', '08'],
];

type Listing = { phone: string; channel: Channel; isOwn: boolean; days: number | null };

async function list(world: YearWorld, { phone, channel, isOwn, days }: Listing): Promise<void> {
  const { stage, journal, campaigns } = world;
  const own = isOwn
    ? campaigns.findLast(({ people }) => people.some((one) => one.phone === phone))
    : undefined;
  const campaignId = own?.id ?? null;
  const { workspaceId } = stage;
  const scope = campaignId === null ? {} : { onlyCampaignId: campaignId };
  await suppressNumber(stage.deps, {
    workspaceId,
    phone,
    channel,
    ...scope,
    reason: 'Asked on paper.',
    source: 'manual',
    actor: ANNA,
  });
  journal.note({ kind: 'suppressed', phone, channel, campaignId, by: 'staff' });
  if (days === null || campaignId !== null) return;
  plan(world, stage.clock.now().getTime() + days * DAY_MS, `lifting ${phone}`, async () => {
    await liftSuppression(stage.deps, { workspaceId, phone, channel, actor: ANNA });
    journal.note({ kind: 'lifted', phone, channel, campaignId: null, by: 'staff' });
  });
}

async function listRange({ stage, journal }: YearWorld, prefix: string, channel: Channel): Promise<void> {
  const { workspaceId, deps } = stage;
  const entry = { workspaceId, prefix, channel, reason: 'A range.', source: 'manual' as const };
  await suppressPrefix(deps, { ...entry, onlyCampaignId: null, actor: ANNA });
  journal.note({ kind: 'prefix_suppressed', prefix, channel });
}

async function liftRange({ stage, journal }: YearWorld, prefix: string, channel: Channel): Promise<void> {
  await liftPrefix(stage.deps, { workspaceId: stage.workspaceId, prefix, channel, actor: ANNA });
  journal.note({ kind: 'prefix_lifted', prefix, channel });
}

/** Somebody pauses what runs, and lets it go on some hours later. */
export function planPauses(world: YearWorld, dice: Dice, span: [number, number]): void {
  const { stage, journal } = world;
  for (let at = span[0]; at < span[1]; at += dice.between(3, 9) * DAY_MS) {
    const hours = dice.between(1, 30);
    plan(world, at + 15 * HOUR_MS + 11, 'pausing what runs', async () => {
      for (const { id, isCalm } of world.campaigns) {
        if (isCalm || (await statusOf(world, id)).status !== 'running') continue;
        await press(world, id, 'pause');
        journal.note({ kind: 'paused', campaignId: id });
        plan(world, stage.clock.now().getTime() + hours * HOUR_MS, 'resuming', async () => {
          if ((await statusOf(world, id)).status !== 'paused') return;
          journal.note({ kind: 'resumed', campaignId: id });
          await press(world, id, 'resume');
        });
        return;
      }
    });
  }
}

export function plan({ stage }: YearWorld, at: number, what: string, act: () => Promise<void>): void {
  stage.plan({ at, what, act });
}

/** Who has agreed to be called and texted, and who takes that back. */
export function planConsents(
  world: YearWorld,
  people: readonly Person[],
  calm: readonly Person[],
  dice: Dice,
  span: [number, number],
): void {
  plan(world, span[0] + 1, 'noting consents', async () => {
    for (const { phone } of calm) await giveConsent(world, phone, 'all');
    for (const { phone } of people) {
      const luck = dice.roll();
      if (luck < 0.7) await giveConsent(world, phone, 'all');
      else if (luck < 0.8) await giveConsent(world, phone, dice.pick(['sms', 'voice'] as const));
    }
  });
  for (let at = span[0] + DAY_MS; at < span[1]; at += dice.between(4, 10) * DAY_MS) {
    const { phone } = dice.pick(people);
    plan(world, at + 19, `${phone} withdraws consent`, () => endConsent(world, phone));
  }
}

async function giveConsent({ stage, journal }: YearWorld, phone: string, channel: Channel): Promise<void> {
  const { workspaceId, deps } = stage;
  const { changed } = await recordConsent(deps, {
    workspaceId,
    phone,
    channel,
    givenAt: deps.clock.now(),
    method: 'paper',
    wording: null,
    actor: ANNA,
  });
  if (changed) journal.note({ kind: 'consent_given', phone, channel });
}

async function endConsent({ stage, journal }: YearWorld, phone: string): Promise<void> {
  const { workspaceId, deps } = stage;
  await withdrawConsent(deps, { workspaceId, phone, channel: 'all', actor: ANNA });
  for (const channel of ['all', 'voice', 'sms'] as const)
    journal.note({ kind: 'consent_withdrawn', phone, channel });
}

const EVENING: WrittenHours[] = [{ start: '08:00', end: '21:00', days: WEEKDAYS }];

/** An admin answers for looser hours in one state, and takes that back weeks later. */
export function planOverrides(world: YearWorld): void {
  const { stage, journal } = world;
  const { workspaceId, deps } = stage;
  for (const [state, month] of [
    ['CT', '01'],
    ['MN', '06'],
    ['FL', '11'],
  ] as const) {
    const ruleKey = `US-${state}`;
    const from = Date.parse(`2027-${month}-08T17:00:00Z`);
    plan(world, from, `overriding ${ruleKey}`, async () => {
      const override = { hours: EVENING as AllowedHours[], reason: 'Our lawyers looked at it again.' };
      await overrideLaw(deps, { workspaceId, actor: ANNA, ruleKey, ...override });
      journal.note({ kind: 'law_overridden', key: state, hours: EVENING });
    });
    plan(world, from + 30 * DAY_MS, `revoking ${ruleKey}`, async () => {
      await revokeLawOverride(deps, { workspaceId, actor: ANNA, ruleKey });
      journal.note({ kind: 'override_revoked', key: state });
    });
  }
}
