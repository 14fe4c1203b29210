import { sql } from 'drizzle-orm/sql';
import type { Contacted } from './carrier.ts';
import type { Entry, YearCampaign } from './journal.ts';
import type { YearWorld } from './verbs.ts';
import { DAY_MS } from './wall.ts';

/** An opening is looked for 14 days ahead (telephony.md §6), and a retry waits a day at the most. */
const LONGEST_WAIT_MS = 15 * DAY_MS;

/**
 * Whether anybody was silently forgotten: everybody ends contacted, left out with a reason that the journal bears out, or
 * waiting with a named reason and a next instant. Each sentence is somebody who was not.
 */
export async function findForgotten(
  { stage, journal, campaigns }: YearWorld,
  endMs: number,
): Promise<string[]> {
  const latest = new Date(endMs + LONGEST_WAIT_MS).toISOString();
  const rows = await stage.deps.db.execute<Row>(sql`
    select c.campaign_id as campaign, c.phone_number as phone, c.status, c.skip_reason as reason,
      c.wait_reason as wait, c.next_attempt_at <= ${latest}::timestamptz as has_next, p.status as campaign_status, p.hold
    from contacts c join campaigns p on p.id = c.campaign_id`);
  const contacted = journal.entries.flatMap((entry) => (entry.kind === 'contacted' ? entry.contacted : []));
  const byFrom = Map.groupBy(contacted, ({ from }) => from);
  return rows.flatMap((row) => {
    const campaign = campaigns.find(({ id }) => id === row.campaign);
    if (!campaign) return [];
    const own = (byFrom.get(campaign.from) ?? []).filter(({ to }) => to === row.phone);
    const why = forgottenBecause(row, campaign, own, journal.entries);
    return why ? [`FORGOTTEN: ${row.phone} in “${campaign.name}” is ${row.status}: ${why}`] : [];
  });
}

type Row = {
  campaign: number;
  phone: string;
  status: string;
  reason: string | null;
  wait: string | null;
  has_next: boolean | null;
  campaign_status: string;
  hold: { code: string } | null;
};

function forgottenBecause(
  row: Row,
  campaign: YearCampaign,
  own: readonly Contacted[],
  entries: readonly Entry[],
): string | null {
  if (row.status === 'skipped') return wronglySkipped(row, campaign, entries);
  if (row.status === 'pending') {
    if (row.campaign_status === 'scheduled' || row.campaign_status === 'draft') return null;
    const isTold = row.wait !== null && row.has_next === true;
    return isTold || isAskedAbout(row)
      ? null
      : `waiting for nothing that comes (${row.wait}, ${row.campaign_status})`;
  }
  if (row.status === 'in_progress') return 'under way long after the year';
  // A number that the provider refuses as none is told as failed without anybody contacted.
  return own.length > 0 || row.status === 'failed' ? null : 'never contacted';
}

/** Whether the whole campaign waits for somebody who was told so. */
function isAskedAbout({ campaign_status, hold }: Row): boolean {
  return hold !== null && (campaign_status === 'paused' || hold.code === 'needs_approval');
}

type Excuse = (row: Row, campaign: YearCampaign, entries: readonly Entry[]) => boolean;

/** Why somebody may be left out, and what must then stand in the journal. */
const EXCUSES: Record<string, Excuse> = {
  do_not_call: (row, _, entries) => wasListed(row.phone, entries),
  opted_out: (row, _, entries) => wasListed(row.phone, entries),
  no_consent: (_, __, entries) =>
    entries.some(
      (entry) =>
        entry.kind === 'policy' && (entry.change.requiresCallConsent || entry.change.requiresTextConsent),
    ),
  no_time_zone: (row, campaign, entries) => {
    const person = campaign.people.find(({ phone }) => phone === row.phone);
    const isVague = person && !person.said && person.place.zones.length > 1;
    const isSkipping = entries.some(
      (entry) => entry.kind === 'policy' && entry.change.unknownPlace === 'skip',
    );
    return person?.place.zones.length === 0 || Boolean(isVague && isSkipping);
  },
  no_window: () => true,
  contacted_recently: ({ phone }, { excludeDays, from }, entries) =>
    excludeDays !== null &&
    entries.some(
      (entry) => entry.kind === 'contacted' && entry.contacted.to === phone && entry.contacted.from !== from,
    ),
  text_expired: (_, { textExpiryHours }) => textExpiryHours !== null,
  day_ended: (_, { endOfDay }) => endOfDay === 'stop',
  campaign_stopped: (_, { id }, entries) =>
    entries.some((entry) => entry.kind === 'cancelled' && entry.campaignId === id),
};

function wronglySkipped(row: Row, campaign: YearCampaign, entries: readonly Entry[]): string | null {
  const excuse = row.reason === null ? undefined : EXCUSES[row.reason];
  return excuse?.(row, campaign, entries) ? null : `left out for no reason of theirs (${row.reason})`;
}

function wasListed(phone: string, entries: readonly Entry[]): boolean {
  return entries.some(
    (entry) =>
      (entry.kind === 'suppressed' && entry.phone === phone) ||
      (entry.kind === 'prefix_suppressed' && phone.startsWith(entry.prefix)),
  );
}

/** Whoever is in a calm campaign is reached once each time it is due: no run is missing, and none comes twice. */
export function findUnsteady(entries: readonly Entry[], untilMs: number): string[] {
  const contacted = entries.flatMap((entry) => (entry.kind === 'contacted' ? entry.contacted : []));
  const dueOf = new Map(
    entries.flatMap((entry) => (entry.kind === 'due' ? [[entry.campaignId, entry.instants] as const] : [])),
  );
  return entries.flatMap((entry) => {
    if (entry.kind !== 'campaign_made' || !entry.campaign.isCalm) return [];
    const { campaign } = entry;
    const due = dueOf.get(campaign.id) ?? [];
    return campaign.people.flatMap(({ phone }) => {
      const times = contacted.filter(({ from, to }) => from === campaign.from && to === phone);
      return due.flatMap((instant, i) => {
        if (instant >= untilMs) return [];
        const next = due[i + 1] ?? Number.POSITIVE_INFINITY;
        const within = times.filter(({ at }) => at >= instant && at < next).length;
        const day = new Date(instant).toISOString();
        return within === 1
          ? []
          : [`UNSTEADY: ${phone} was reached ${within} times by “${campaign.name}” of ${day}`];
      });
    });
  });
}
