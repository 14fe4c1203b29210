import type { z } from '@hono/zod-openapi';
import { CHANNEL_NAMES, rangeText } from '#domain/do-not-call.ts';
import { instant } from '#http/instant.ts';
import type { checkSuppression } from '#operations/check-suppression.ts';
import type { Check, Entry, Range } from './schemas.ts';

type Checked = Awaited<ReturnType<typeof checkSuppression>>;
type ListEntry = Checked['entries'][number];
type ListRange = Checked['ranges'][number];

export function presentEntry(entry: ListEntry): z.output<typeof Entry> {
  return { id: entry.id, phone_number: entry.phoneNumber, ...originOf(entry) };
}

export function presentRange(range: ListRange): z.output<typeof Range> {
  return { id: range.id, range: rangeText(range.prefix), ...originOf(range) };
}

/** What a number is kept from, by everything that counts for the workspace or for the campaign that is asked about. */
export function presentCheck(
  { phoneNumber, entries, ranges }: Checked,
  campaignId: number | null,
): z.output<typeof Check> {
  const all = [...entries, ...ranges];
  const counting = all.filter(
    ({ onlyCampaignId }) => onlyCampaignId === null || onlyCampaignId === campaignId,
  );
  const isKept = (channel: 'voice' | 'sms') =>
    counting.some((one) => one.channel === 'all' || one.channel === channel);
  return {
    phone_number: phoneNumber,
    is_listed: counting.length > 0,
    calls_allowed: !isKept('voice'),
    texts_allowed: !isKept('sms'),
    reasons: all.map(reasonOf),
    entries: entries.map(presentEntry),
    ranges: ranges.map(presentRange),
  };
}

function originOf({ channel, reason, source, onlyCampaignId, actor, createdAt }: ListEntry | ListRange) {
  return { channel, reason, source, campaign_id: onlyCampaignId, actor, created_at: instant(createdAt) };
}

function reasonOf(one: ListEntry | ListRange): string {
  const scope = one.onlyCampaignId === null ? '' : ` of campaign ${one.onlyCampaignId} only`;
  const range = 'prefix' in one ? ` by the range ${rangeText(one.prefix)}` : '';
  return `${CHANNEL_NAMES[one.channel]}${scope}${range}: ${one.reason}`;
}
