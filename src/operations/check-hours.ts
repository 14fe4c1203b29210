import { readCampaign } from '#db/campaigns.ts';
import { readPlaces } from '#db/preflight.ts';
import { readWorkspace } from '#db/workspaces.ts';
import { windowVerdict } from '#domain/calling-window.ts';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { LAW } from '#domain/law/legal-rules.ts';
import { keysOfCountry } from '#domain/law/other-countries.ts';
import {
  type CampaignHours,
  type ContactPolicy,
  campaignHoursOf,
  reachOf,
  type Whereabouts,
} from '#domain/reach.ts';
import { Refusal } from '#domain/refusal.ts';
import { checkSettings, hoursOf } from '#domain/settings.ts';
import { describeWeek } from '#domain/week-hours.ts';
import { placeName } from '#domain/window-words.ts';
import type { Deps } from './deps.ts';
import { readPolicy } from './read-policy.ts';

/** Of the waiting contacts: for how many the law leaves nothing of the campaign's hours, whatever the day. */
export type HoursLeft = { contacts: number; shutOut: number; hours: string };

/**
 * For how many waiting contacts the hours of a campaign and the law never meet. Days off are not looked at: they pass.
 * Throws `campaign_not_found`.
 */
export async function hoursLeft(deps: Deps, { campaignId }: { campaignId: number }): Promise<HoursLeft> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  const { campaign, workspace } = row;
  const now = deps.clock.now();
  const policy = await readPolicy(deps, deps.db, workspace, now);
  const hours = campaignHoursOf({ ...campaign, pauseDates: [], holidayPlaces: [] }, policy.holidays);
  const channel = CHANNELS_OF[campaign.campaignType].calls ? ('call' as const) : ('sms' as const);
  let [contacts, shutOut] = [0, 0];
  for (const group of await readPlaces(deps.db, campaignId)) {
    contacts += group.contacts;
    if (isShutOut({ who: group, channel, hours, policy }, now)) shutOut += group.contacts;
  }
  return { contacts, shutOut, hours: describeWeek(hours.windows) };
}

/** Who is shut out by these hours, as sentences for the form and the check before a start; null when nobody is. */
export function describeHoursLeft({ contacts, shutOut, hours }: HoursLeft): string | null {
  if (shutOut === 0) return null;
  const whom = shutOut === contacts ? 'Nobody in it' : `${shutOut} of its ${contacts} waiting contacts`;
  const verb = shutOut === contacts ? 'can ever' : 'can never';
  return `${whom} ${verb} be reached in them (${hours}): the law leaves nothing of that where they are. They will be left out. Press Edit and widen the hours.`;
}

/**
 * What is wrong with hours of which the law of the workspace’s country leaves nothing on the clock they are given for, as a
 * sentence; null when something is left. States may leave less: `hoursLeft` knows where the contacts are. Settings that
 * are faulty in themselves are for the verb to refuse.
 */
export async function lawlessHours(
  deps: Deps,
  { workspaceId, settings }: { workspaceId: number; settings: Record<string, unknown> },
): Promise<string | null> {
  const checked = checkSettings(settings);
  const workspace = await readWorkspace(deps.db, workspaceId);
  if (!checked.ok || !workspace) return null;
  const { allowedHours, additionalHours = [], timeZone = workspace.timeZone } = checked.settings;
  const windows = [hoursOf(allowedHours ?? null), ...additionalHours];
  const now = deps.clock.now();
  const { overrides, ownHours } = await readPolicy(deps, deps.db, workspace, now);
  const rows = keysOfCountry(workspace.defaultCountry).flatMap((key) => LAW.get(key) ?? []);
  const law = rows.map(({ key, hours }) => ({ anyOf: overrides.get(key) ?? [...hours] }));
  const own = ownHours ? [{ anyOf: ownHours }] : [];
  const verdict = windowVerdict({ at: now, zones: [timeZone], hours: [{ anyOf: windows }, ...law, ...own] });
  if (verdict.open || verdict.opensAt !== null) return null;
  return `The law leaves nothing of these hours (${describeWeek(windows)} in ${placeName(timeZone)}), so nobody could ever be reached. Nothing was saved. Choose others; /campaign law in Slack shows those it allows.`;
}

/** Refuses such hours. Throws `settings_invalid`. */
export async function refuseLawlessHours(
  deps: Deps,
  hours: { workspaceId: number; settings: Record<string, unknown> },
): Promise<void> {
  const sentence = await lawlessHours(deps, hours);
  if (sentence) throw new Refusal('settings_invalid', { problems: [{ field: 'allowed_hours', sentence }] });
}

type Judged = { who: Whereabouts; channel: 'call' | 'sms'; hours: CampaignHours; policy: ContactPolicy };

/** Somebody without a known time zone is not reached either, but not because of the hours. */
function isShutOut(judged: Judged, now: Date): boolean {
  const { zones, hours } = reachOf(judged);
  if (zones.zones.length === 0) return false;
  const verdict = windowVerdict({ at: now, zones: zones.zones, hours });
  return !verdict.open && verdict.opensAt === null;
}
