import type { Contacted } from './carrier.ts';
import {
  type Channel,
  type Entry,
  type Fact,
  FIRST_POLICY,
  type WrittenHours,
  type YearCampaign,
  type YearPolicy,
} from './journal.ts';
import type { Person } from './people.ts';
import { closedBecause, statutesFor } from './place-rules.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './wall.ts';

/**
 * Judges a year by its journal alone: what people did, and whom the carrier contacted at their wish. It shares no code
 * with the gate, knows nothing of its evidence, and returns each broken promise as a sentence.
 */
export function findBrokenPromises(entries: readonly Entry[]): string[] {
  const state = emptyState();
  const broken: string[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'contacted') apply(state, entry, entry.at);
    else {
      for (const sentence of judge(state, entry.contacted)) broken.push(sentence);
      remember(state, entry.contacted);
    }
  }
  return broken;
}

type CampaignState = {
  campaign: YearCampaign;
  due: number[];
  isPaused: boolean;
  isCancelled: boolean;
  isApproved: boolean;
  resumedAt: number;
  contacted: Contacted[];
};

type JudgeState = {
  policy: YearPolicy;
  overrides: Map<string, WrittenHours[]>;
  campaigns: Map<number, CampaignState>;
  suppressed: Map<string, 'person' | 'staff'>;
  prefixes: Set<string>;
  consents: Set<string>;
  history: Map<string, Contacted[]>;
};

function emptyState(): JudgeState {
  return {
    policy: FIRST_POLICY,
    overrides: new Map(),
    campaigns: new Map(),
    suppressed: new Map(),
    prefixes: new Set(),
    consents: new Set(),
    history: new Map(),
  };
}

/** What the world is like after a fact. */
function apply(state: JudgeState, fact: Fact, at: number): void {
  const campaignId = 'campaignId' in fact ? fact.campaignId : null;
  const own = campaignId === null ? undefined : state.campaigns.get(campaignId);
  if (own) Object.assign(own, CAMPAIGN_FACTS[fact.kind]?.(own, fact as never, at));
  WORLD_FACTS[fact.kind]?.(state, fact as never);
}

type Kind = Fact['kind'];
type Of<K extends Kind> = Extract<Fact, { kind: K }>;

/** What a fact changes about its campaign. */
const CAMPAIGN_FACTS: {
  [K in Kind]?: (own: CampaignState, fact: Of<K>, at: number) => Partial<CampaignState>;
} = {
  due: ({ due }, { instants }) => ({ due: [...due, ...instants].sort((a, b) => a - b) }),
  missed: ({ due }, { instant }) => ({ due: due.filter((one) => one !== instant) }),
  paused: () => ({ isPaused: true }),
  resumed: (_, __, at) => ({ isPaused: false, resumedAt: at }),
  cancelled: () => ({ isCancelled: true }),
  approved: () => ({ isApproved: true }),
  edited: () => ({ isApproved: false }),
  budget_raised: ({ campaign }, { budgetMicros }) => ({ campaign: { ...campaign, budgetMicros } }),
};

/** What a fact changes about everything else. */
const WORLD_FACTS: { [K in Kind]?: (state: JudgeState, fact: Of<K>) => void } = {
  campaign_made: ({ campaigns }, { campaign }) => void campaigns.set(campaign.id, newState(campaign)),
  policy(state, { change }) {
    state.policy = { ...state.policy, ...change };
  },
  suppressed({ suppressed }, { phone, channel, campaignId, by }) {
    const key = listKey(phone, channel, campaignId);
    suppressed.set(key, suppressed.get(key) === 'staff' ? 'staff' : by);
  },
  lifted({ suppressed }, { phone, channel, by }) {
    for (const [key, setBy] of suppressed)
      if (key.startsWith(`${phone} ${channel} `) && (by === 'staff' || setBy === by)) suppressed.delete(key);
  },
  prefix_suppressed: ({ prefixes }, { prefix, channel }) => void prefixes.add(`${prefix} ${channel}`),
  prefix_lifted: ({ prefixes }, { prefix, channel }) => void prefixes.delete(`${prefix} ${channel}`),
  consent_given: ({ consents }, { phone, channel }) => void consents.add(`${phone} ${channel}`),
  consent_withdrawn: ({ consents }, { phone, channel }) => void consents.delete(`${phone} ${channel}`),
  law_overridden: ({ overrides }, { key, hours }) => void overrides.set(key, hours),
  override_revoked: ({ overrides }, { key }) => void overrides.delete(key),
};

function newState(campaign: YearCampaign): CampaignState {
  return {
    campaign,
    due: [],
    isPaused: false,
    isCancelled: false,
    isApproved: false,
    resumedAt: 0,
    contacted: [],
  };
}

function listKey(phone: string, channel: Channel, campaignId: number | null): string {
  return `${phone} ${channel} ${campaignId ?? 'everywhere'}`;
}

function remember(state: JudgeState, one: Contacted): void {
  state.history.set(one.to, [...(state.history.get(one.to) ?? []), one]);
  campaignOf(state, one)?.contacted.push(one);
}

function campaignOf(state: JudgeState, { from }: Contacted): CampaignState | null {
  for (const own of state.campaigns.values()) if (own.campaign.from === from) return own;
  return null;
}

function judge(state: JudgeState, one: Contacted): string[] {
  const own = campaignOf(state, one);
  const who = `${one.to} was ${one.channel === 'sms' ? 'texted' : 'called'} at ${new Date(one.at).toISOString()}`;
  if (!own) return [`STRANGER: ${who} for no campaign`];
  const person = own.campaign.people.find(({ phone }) => phone === one.to);
  if (!person) return [`STRANGER: ${who} for “${own.campaign.name}”, which does not know them`];
  const rules: [string, string | null][] = [
    ['HOURS', closedBecause(person, one.channel, own.campaign, state, one.at)],
    ['OPT-OUT', suppressedBecause(state, one, own)],
    ['CONSENT', hasConsent(state, one) ? null : 'the workspace demands consent and there is none'],
    ['CAP', cappedBecause(state, person, one)],
    ['APPROVAL', state.policy.requiresApproval && !own.isApproved ? 'nobody has approved this' : null],
    ['STOPPED', stoppedBecause(own, one)],
    ['BUDGET', overBudgetBecause(own, one)],
    ['ATTEMPTS', tooOftenBecause(own, one)],
    ['OVERLAP', contactedElsewhereBecause(state, own, one)],
    ['EXPIRED', expiredBecause(own, one)],
    ['TWICE AT ONCE', atOnceBecause(state, one)],
    ['CANARY', beyondCanaryBecause(own, one)],
  ];
  return rules.flatMap(([rule, why]) => (why ? [`${rule}: ${who} for “${own.campaign.name}”: ${why}`] : []));
}

function suppressedBecause(state: JudgeState, one: Contacted, { campaign }: CampaignState): string | null {
  const channels: Channel[] = ['all', one.channel === 'sms' ? 'sms' : 'voice'];
  for (const channel of channels) {
    if (state.suppressed.has(listKey(one.to, channel, null))) return `they are on the list (${channel})`;
    if (state.suppressed.has(listKey(one.to, channel, campaign.id))) return 'they are on the campaign’s list';
    const prefix = [...state.prefixes].find((entry) => {
      const [start = '', of] = entry.split(' ');
      return of === channel && one.to.startsWith(start);
    });
    if (prefix) return `numbers like ${prefix} are on the list`;
  }
  return null;
}

function hasConsent({ policy, consents }: JudgeState, one: Contacted): boolean {
  const isDemanded = one.channel === 'call' ? policy.requiresCallConsent : policy.requiresTextConsent;
  const own = one.channel === 'call' ? 'voice' : 'sms';
  return !isDemanded || consents.has(`${one.to} all`) || consents.has(`${one.to} ${own}`);
}

function cappedBecause(state: JudgeState, person: Person, one: Contacted): string | null {
  const caps = statutesFor(person, one.channel, state.policy).flatMap(({ key, cap }) =>
    cap ? [{ ...cap, key }] : [],
  );
  if (state.policy.frequency) caps.push({ ...state.policy.frequency, key: 'the workspace' });
  const before = state.history.get(one.to) ?? [];
  const passed = caps.find(
    ({ limit, hours }) => before.filter(({ at }) => at > one.at - hours * HOUR_MS).length >= limit,
  );
  return passed ? `${passed.key} allows ${passed.limit} within ${passed.hours} h` : null;
}

function stoppedBecause(own: CampaignState, one: Contacted): string | null {
  if (own.isCancelled) return 'it was cancelled before';
  if (own.isPaused) return 'it was paused before';
  const due = own.due.findLast((instant) => instant <= one.at);
  return due === undefined ? 'it was not due yet' : null;
}

/** What belongs to the run that an instant falls into: an occurrence during a run begins none (campaign-api §7.14). */
function sinceDue(own: CampaignState, at: number): Contacted[] {
  const due = own.due.findLast((instant) => instant <= at) ?? 0;
  return own.contacted.filter((before) => before.at >= due);
}

function overBudgetBecause(own: CampaignState, one: Contacted): string | null {
  const { budgetMicros } = own.campaign;
  if (budgetMicros === null) return null;
  const spent = sinceDue(own, one.at).reduce((sum, before) => sum + before.priceMicros, one.priceMicros);
  return spent > budgetMicros ? `${spent} of ${budgetMicros} micro-dollars are spent with it` : null;
}

function tooOftenBecause(own: CampaignState, one: Contacted): string | null {
  const { campaign } = own;
  const before = sinceDue(own, one.at).filter(({ to, channel }) => to === one.to && channel === one.channel);
  if (before.length >= campaign.maxAttempts) return `${campaign.maxAttempts} attempts were used up`;
  const last = before.at(-1);
  if (!last) return null;
  if (last.outcome === 'text') return 'they had this text already';
  if (last.outcome === 'answered') return 'they had answered already';
  const earliest = last.endsAt + campaign.retryDelayMinutes * MINUTE_MS - MINUTE_MS;
  return one.at < earliest ? `the last try ended at ${new Date(last.endsAt).toISOString()}` : null;
}

function contactedElsewhereBecause(state: JudgeState, own: CampaignState, one: Contacted): string | null {
  const { excludeDays } = own.campaign;
  if (excludeDays === null) return null;
  const since = one.at - excludeDays * DAY_MS;
  const other = (state.history.get(one.to) ?? []).find(({ from, at }) => from !== one.from && at > since);
  return other ? `another campaign contacted them at ${new Date(other.at).toISOString()}` : null;
}

function expiredBecause(own: CampaignState, one: Contacted): string | null {
  const { textExpiryHours } = own.campaign;
  if (textExpiryHours === null || one.channel !== 'sms') return null;
  const due = own.due.findLast((instant) => instant <= one.at) ?? one.at;
  const isLate = one.at > due + textExpiryHours * HOUR_MS + 2 * MINUTE_MS;
  return isLate ? `texts expire ${textExpiryHours} h after the start` : null;
}

function atOnceBecause(state: JudgeState, one: Contacted): string | null {
  const open = (state.history.get(one.to) ?? []).find(({ endsAt }) => endsAt > one.at);
  return open ? `another attempt was under way until ${new Date(open.endsAt).toISOString()}` : null;
}

function beyondCanaryBecause(own: CampaignState, one: Contacted): string | null {
  const { canarySize } = own.campaign;
  if (canarySize === null) return null;
  const run = sinceDue(own, one.at);
  const due = own.due.findLast((instant) => instant <= one.at) ?? 0;
  if (own.resumedAt > due) return null;
  const reached = new Set([...run.map(({ to }) => to), one.to]);
  return reached.size > canarySize ? `nobody has looked at the first ${canarySize} yet` : null;
}
