import { CHANNEL_NAMES, rangeText } from '#domain/do-not-call.ts';
import { actorName, localTime, quote } from '#slack/mrkdwn.ts';

/** What every entry of the do-not-call list tells of itself. */
type Told = {
  channel: 'all' | 'voice' | 'sms';
  reason: string;
  source: keyof typeof SOURCES;
  actor: string;
  createdAt: Date;
  onlyCampaignId: number | null;
};

/** How an entry came onto the list and what it keeps from somebody, in one line. */
export function entryLine({ channel, reason, source, actor, createdAt, onlyCampaignId }: Told): string {
  const scope = onlyCampaignId === null ? '' : ` of campaign ${onlyCampaignId} only`;
  return `${CHANNEL_NAMES[channel]}${scope}, since ${localTime(createdAt)}, ${SOURCES[source]} by ${actorName(actor)}: ${quote(reason, 300)}`;
}

/** The same of a range of numbers. */
export function rangeLine(range: Told & { prefix: string }): string {
  return `The range ${quote(rangeText(range.prefix))}: ${entryLine(range)}`;
}

const SOURCES = {
  manual: 'entered',
  opt_out: 'opted out, noted',
  import: 'imported',
  api: 'sent over the API',
  provider: 'reported by the carrier, noted',
};
