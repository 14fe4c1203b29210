import { isTimeZone } from '#domain/window-clock.ts';

const EASTERN = ['America/New_York'];
const CENTRAL = ['America/Chicago'];
/** Arizona keeps Mountain Standard Time all year, and people there write it the same. */
const MOUNTAIN = ['America/Denver', 'America/Phoenix'];
const PACIFIC = ['America/Los_Angeles'];
const ATLANTIC = ['America/Halifax', 'America/Puerto_Rico'];

/**
 * What people write for a zone besides its IANA name. The runtime takes EST, MST and HST for clocks that never change,
 * which is not what they mean.
 */
const SPOKEN = new Map<string, readonly string[]>([
  ...named('est edt et eastern us/eastern', EASTERN),
  ...named('cst cdt ct central us/central cst6cdt', CENTRAL),
  ...named('mst mdt mt mountain us/mountain mst7mdt', MOUNTAIN),
  ...named('pst pdt pt pacific us/pacific pst8pdt', PACIFIC),
  ...named('est5edt', EASTERN),
  ...named('akst akdt akt alaska us/alaska', ['America/Anchorage']),
  ...named('hst hawaii us/hawaii', ['Pacific/Honolulu']),
  ...named('ast adt atlantic', ATLANTIC),
  ...named('nst ndt newfoundland', ['America/St_Johns']),
  ...named('gmt bst uk', ['Europe/London']),
  ...named('cet cest', ['Europe/Berlin']),
  ...named('utc z', ['UTC']),
]);

/**
 * The zones that somebody wrote down: an IANA name in any case, or what people in North America and Europe call theirs; null
 * when it is neither. An offset alone is not a zone, because it does not say when clocks change.
 */
export function readZone(text: string): readonly string[] | null {
  const known = read.get(text);
  if (known !== undefined) return known;
  if (read.size >= MOST_REMEMBERED) read.clear();
  const found = spokenZones(text) ?? namedZone(text);
  read.set(text, found);
  return found;
}

/** Asking the runtime takes a hundred times as long, and a column has the same few zones a million times. */
const read = new Map<string, readonly string[] | null>();
const MOST_REMEMBERED = 2000;

function spokenZones(text: string): readonly string[] | null {
  return SPOKEN.get(spokenName(text)) ?? null;
}

function namedZone(text: string): readonly string[] | null {
  const name = text.trim().replaceAll(/\s+/g, '_');
  if (!/^[a-z]+\//i.test(name) || /^etc\//i.test(name) || !isTimeZone(name)) return null;
  return [new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone];
}

function spokenName(text: string): string {
  const name = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  return name.replace(/ ?(standard|daylight)? ?time$/, '');
}

function named(names: string, zones: readonly string[]): [string, readonly string[]][] {
  return names.split(' ').map((name) => [name, zones]);
}
