import type { WrittenHours, YearCampaign, YearPolicy } from './journal.ts';
import { HOLIDAYS, type Statute, statutesOf } from './law-book.ts';
import { type Person, type Place, TOLL_FREE_PLACE } from './people.ts';
import { minutesOf, type Wall, wallOf } from './wall.ts';

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

export type Overrides = ReadonlyMap<string, WrittenHours[]>;

/** Where somebody may be under a policy, or null where nobody may be contacted because it is not known. */
function placeUnder(person: Person, policy: YearPolicy): Place | null {
  if (person.place.zones.length > 0) {
    const isVague = !person.said && person.place.zones.length > 1 && !isStated(person);
    return isVague && policy.unknownPlace === 'skip' ? null : person.place;
  }
  const isOpen = person.isTollFree && !person.said && policy.tollFree === 'contiguous';
  return isOpen && policy.unknownPlace === 'intersect' ? TOLL_FREE_PLACE : null;
}

/** An area code narrows a place down even where it serves two zones; a country code does not. */
function isStated({ phone, place }: Person): boolean {
  return phone.startsWith('+1') && place.country !== null;
}

/** Every statute in force for somebody on a channel. */
export function statutesFor(person: Person, channel: 'call' | 'sms', policy: YearPolicy): Statute[] {
  const place = placeUnder(person, policy);
  return place ? statutesOf(place, channel, policy.preset) : [];
}

/** Why somebody may not be contacted at this instant, by law, campaign and workspace; null where they may. */
export function closedBecause(
  person: Person,
  channel: 'call' | 'sms',
  campaign: YearCampaign,
  given: { policy: YearPolicy; overrides: Overrides },
  ms: number,
): string | null {
  const { policy, overrides } = given;
  const place = placeUnder(person, policy);
  if (!place) return 'nobody knows where they are';
  for (const zone of place.zones) {
    const wall = wallOf(zone, ms);
    const statute = statutesFor(person, channel, policy).find((one) => !isLawful(one, wall, overrides));
    if (statute) return `the law of ${statute.key} is closed in ${zone} (${told(wall)})`;
    if (policy.ownHours && !isWithin(policy.ownHours, wall))
      return `the workspace is closed in ${zone} (${told(wall)})`;
  }
  const zones = campaign.followsContact ? place.zones : [campaign.zone];
  const shut = zones.find((zone) => !isCampaignOpen(campaign, wallOf(zone, ms)));
  return shut ? `the campaign is closed in ${shut} (${told(wallOf(shut, ms))})` : null;
}

function isLawful(statute: Statute, wall: Wall, overrides: Overrides): boolean {
  if (statute.holidays && isHoliday(statute.holidays, wall.date)) return false;
  const looser = overrides.get(statute.key);
  if (looser) return isWithin(looser, wall);
  const hours = statute.week[wall.weekday];
  return hours != null && wall.minute >= hours.from && wall.minute < hours.until;
}

function isCampaignOpen(campaign: YearCampaign, wall: Wall): boolean {
  if (campaign.pauseDates.includes(wall.date)) return false;
  if (campaign.holidayPlaces.some((place) => isHoliday(place, wall.date))) return false;
  return isWithin(campaign.hours, wall);
}

function isWithin(hours: WrittenHours[], { weekday, minute }: Wall): boolean {
  return hours.some(
    ({ start, end, days }) =>
      days.includes(DAYS[weekday] ?? '') && minute >= minutesOf(start) && minute < minutesOf(end),
  );
}

function isHoliday(calendar: keyof typeof HOLIDAYS, date: string): boolean {
  return HOLIDAYS[calendar].some((one) => one === date);
}

function told({ date, weekday, minute }: Wall): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${DAYS[weekday]} ${date} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
