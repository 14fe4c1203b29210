import type { PlainTextOption } from '@slack/types';
import { option } from './blocks/kit.ts';
import { LIMITS } from './limits.ts';

/** Time zones for what somebody has typed so far, the likeliest first: `york` finds America/New York. */
export function findTimeZones(typed: string): PlainTextOption[] {
  const wanted = typed.trim().toLowerCase().replaceAll(/\s+/g, '_');
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
  const found = zones.filter((zone) => zone.toLowerCase().includes(wanted));
  const rank = (zone: string) => zone.toLowerCase().split('/').at(-1)?.indexOf(wanted) ?? -1;
  const byRank = found.map((zone) => ({ zone, rank: rank(zone) < 0 ? Number.MAX_SAFE_INTEGER : rank(zone) }));
  byRank.sort((one, other) => one.rank - other.rank);
  return byRank.slice(0, LIMITS.options).map(({ zone }) => option(zone.replaceAll('_', ' '), zone));
}
