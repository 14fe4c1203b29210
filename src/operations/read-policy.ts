import type { Executor } from '#db/client.ts';
import { overridesInForce } from '#db/law-overrides.ts';
import type { WorkspaceRow } from '#db/workspaces.ts';
import { LAW_HOLIDAY_PLACES } from '#domain/law/legal-rules.ts';
import type { ContactPolicy, HolidayDates } from '#domain/reach.ts';
import { DAY_MS } from '#domain/window-clock.ts';
import type { Deps } from './deps.ts';

/**
 * What a workspace decided about whom it contacts and when, with the overrides in force and the public holidays of this
 * and the next year, for the rows of the law and for `morePlaces`, which a campaign keeps besides.
 */
export async function readPolicy(
  { holidays }: Pick<Deps, 'holidays'>,
  executor: Executor,
  workspace: Workspace,
  now: Date,
  morePlaces: readonly string[] = [],
): Promise<ContactPolicy> {
  const overrides = await overridesInForce(executor, workspace.id);
  const { frequencyLimit: limit, frequencyHours: hours } = workspace;
  return {
    preset: workspace.legalPreset,
    ownHours: workspace.ownHours,
    overrides: new Map(overrides.map(({ ruleKey, hours }) => [ruleKey, hours])),
    unknownPlace: workspace.unknownPlace,
    tollFree: workspace.tollFree,
    frequency: limit === null ? null : { key: 'workspace', limit, hours },
    requiresConsent: { call: workspace.requiresCallConsent, sms: workspace.requiresTextConsent },
    holidays: await readHolidays(holidays, [...LAW_HOLIDAY_PLACES, ...morePlaces], now),
  };
}

type Workspace = Pick<
  WorkspaceRow,
  | 'id'
  | 'legalPreset'
  | 'ownHours'
  | 'unknownPlace'
  | 'tollFree'
  | 'frequencyLimit'
  | 'frequencyHours'
  | 'requiresCallConsent'
  | 'requiresTextConsent'
>;

/** Somewhere it is still the last day of the year while it is the first by UTC. */
async function readHolidays(
  holidays: Deps['holidays'],
  places: readonly string[],
  now: Date,
): Promise<HolidayDates> {
  const year = new Date(now.getTime() - DAY_MS).getUTCFullYear();
  const found = new Map<string, readonly string[]>();
  for (const place of new Set(places)) {
    const days = await holidays.datesOf(place, [year, year + 1]);
    found.set(
      place,
      days.map(({ date }) => date),
    );
  }
  return found;
}
