import type { PlainTextOption } from '@slack/types';
import type { Deps } from '#operations/deps.ts';
import { parseActionId } from './action-ids.ts';
import { option } from './blocks/kit.ts';
import { LIMITS } from './limits.ts';
import { findTimeZones } from './zones.ts';

/** What a menu offers for what somebody has typed so far: places with holidays of their own, or time zones. */
export async function suggest(
  { holidays }: Pick<Deps, 'holidays'>,
  { action_id, value }: { action_id: string; value: string },
): Promise<PlainTextOption[]> {
  if (parseActionId(action_id)?.name === 'form.holidays') return findPlaces(await holidays.places(), value);
  return findTimeZones(value);
}

/** The likeliest first: whole countries before their states, and what begins with the words before what has them in it. */
function findPlaces(places: { place: string; name: string }[], typed: string): PlainTextOption[] {
  const wanted = typed.trim().toLowerCase();
  const rank = ({ place, name }: { place: string; name: string }) =>
    (place.toLowerCase() === wanted ? 0 : name.toLowerCase().startsWith(wanted) ? 1 : 2) * 2 +
    (place.includes('-') ? 1 : 0);
  const found = places.filter(
    ({ place, name }) => place.toLowerCase() === wanted || name.toLowerCase().includes(wanted),
  );
  found.sort((one, other) => rank(one) - rank(other));
  return found.slice(0, LIMITS.options).map(({ place, name }) => option(name, place));
}
