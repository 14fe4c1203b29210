import { eq, sql } from 'drizzle-orm/sql';
import { campaigns } from '#db/schema.ts';
import type { Actor } from '#domain/actor.ts';
import type { Move } from '#domain/lifecycle.ts';
import { placeOf } from '#domain/places/place-of.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { decideApproval } from '#operations/decide-approval.ts';
import { requestApproval } from '#operations/request-approval.ts';
import type { PlannedCampaign } from './campaigns-of-year.ts';
import type { Journal, YearCampaign } from './journal.ts';
import type { Person } from './people.ts';
import type { YearStage } from './stage.ts';

/** Who presses buttons, and who agrees to what they ask for. */
export const ANNA: Actor = { kind: 'slack_user', userId: 'U_ANNA' };
const BEN: Actor = { kind: 'slack_user', userId: 'U_BEN' };

export type YearWorld = {
  stage: YearStage;
  journal: Journal;
  campaigns: YearCampaign[];
  /** Whether the workspace asks for a second person now. */
  isApprovalNeeded: boolean;
};

/** Makes a campaign with everybody in it; what the product refuses is a trouble of the year. */
export async function makeCampaign(
  world: YearWorld,
  { campaign }: Pick<PlannedCampaign, 'campaign'>,
): Promise<YearCampaign> {
  const { stage, journal } = world;
  const [first, ...additionalHours] = campaign.hours;
  const { campaignId } = await createCampaign(stage.deps, {
    workspaceId: stage.workspaceId,
    actor: ANNA,
    creationKey: campaign.name,
    channelId: null,
    name: campaign.name,
    campaignType: campaign.type,
    fromNumber: campaign.from,
    ...(campaign.type !== 'call' && { smsMessageTemplate: `${campaign.name}: hello {{name}}` }),
    ...(campaign.type !== 'sms' && { agendaTemplate: 'Ask {{name}} how the year was.' }),
    settings: {
      rateLimitPerMinute: 6_000,
      concurrentLimit: 500,
      maxAttempts: campaign.maxAttempts,
      retryDelayMinutes: campaign.retryDelayMinutes,
      allowedHours: first,
      additionalHours,
      timeZone: campaign.zone,
      contactTimeZone: campaign.followsContact,
      pauseDates: campaign.pauseDates,
      holidayPlaces: campaign.holidayPlaces,
      endOfDay: campaign.endOfDay,
      textExpiryHours: campaign.textExpiryHours,
      excludeContactedDays: campaign.excludeDays,
      budgetLimitMicros: campaign.budgetMicros,
      canarySize: campaign.canarySize,
    },
  });
  await addPeople(stage, campaignId, campaign.people);
  const made = { ...campaign, id: campaignId };
  world.campaigns.push(made);
  journal.note({ kind: 'campaign_made', campaign: made });
  return made;
}

/** People as an import leaves them: due at once, with where their row says they are. */
async function addPeople(stage: YearStage, campaignId: number, people: readonly Person[]): Promise<void> {
  const rows = people.map((person) => ({ phone: person.phone, ...whereabouts(person) }));
  const now = stage.deps.clock.now().toISOString();
  await stage.deps.db.execute(sql`
    insert into contacts (campaign_id, phone_number, variable_values, own_zones, own_region, next_attempt_at, created_at)
    select ${campaignId}, phone, jsonb_build_object('name', 'Kim'),
      case when jsonb_typeof(zones) = 'array' then array(select jsonb_array_elements_text(zones)) end,
      region, ${now}::timestamptz, ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as d(phone text, zones jsonb, region text)`);
}

/** As an import reads what the row of a file says. */
function whereabouts({ said, byNumber }: Person): { zones: readonly string[] | null; region: string | null } {
  if (!said) return { zones: null, region: null };
  const { zone = null, postcode = null, state = null, country = null } = said;
  const { ownZones, ownRegion } = placeOf({
    zone,
    postcode,
    state,
    country,
    numberCountry: byNumber.country,
  });
  return { zones: ownZones, region: ownRegion };
}

export async function press(world: YearWorld, campaignId: number, move: Move): Promise<void> {
  await changeStatus(world.stage.deps, { campaignId, move, actor: ANNA, withUndo: move === 'start' });
}

/** Has a second person agree to a campaign. */
export async function approve(world: YearWorld, campaignId: number): Promise<void> {
  const { stage, journal } = world;
  const { approvalId } = await requestApproval(stage.deps, { campaignId, actor: ANNA });
  await decideApproval(stage.deps, {
    workspaceId: stage.workspaceId,
    approvalId,
    actor: BEN,
    decision: 'approved',
  });
  journal.note({ kind: 'approved', campaignId });
}

/** How a campaign stands, as anybody may see it. */
export async function statusOf(world: YearWorld, campaignId: number) {
  const [row] = await world.stage.deps.db
    .select({ status: campaigns.status, hold: campaigns.hold, approvalId: campaigns.approvalId })
    .from(campaigns)
    .where(eq(campaigns.id, campaignId));
  if (!row) throw new Error(`there is no campaign ${campaignId}`);
  return row;
}
