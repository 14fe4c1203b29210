import type { ModalView } from '@slack/types';
import { checkSchedule } from '#domain/check-schedule.ts';
import { describeStatus, wrongStatus } from '#domain/lifecycle.ts';
import { nextRuns } from '#domain/recurrence.ts';
import { type ScheduleColumns, scheduleOf } from '#domain/schedule.ts';
import { describeRun, describeSchedule } from '#domain/schedule-words.ts';
import { describeDuration } from '#domain/window-words.ts';
import { type Scheduled, scheduleCampaign } from '#operations/schedule-campaign.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { actionId, campaignValue } from '#slack/action-ids.ts';
import { actions, type Block, bullets, button, context, plainSection } from '#slack/blocks/kit.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import type { Entry } from '#slack/context.ts';
import { sentenceMessage } from '#slack/reply.ts';
import { modal, sentenceView } from './frame.ts';
import { type ModalHandler, metadataNumber } from './modal.ts';
import { shownOnceDone } from './once-done.ts';
import { openThen } from './open.ts';
import { formOf, type ScheduleForm, scheduleFields, scheduleIn, typedForm } from './schedule-fields.ts';
import type { FormState } from './state.ts';

const SHOWN_RUNS = 5;

/** Asks when a draft is to run, or a scheduled campaign instead; nothing is scheduled before the form is sent off. */
export async function openSchedule(entry: Entry, campaignId: number): Promise<void> {
  await openThen(entry, 'Opening the schedule…', async () => {
    const campaign = await ownCampaign(entry, campaignId);
    if (campaign.status !== 'draft' && campaign.status !== 'scheduled')
      throw wrongStatus('schedule', campaign.status);
    const now = entry.deps.clock.now();
    return scheduleView(campaign, formOf(campaign, now), now);
  });
}

type Scheduling = Pick<CampaignDetail, 'id' | 'version' | 'status'> & Omit<ScheduleColumns, 'nextRunAt'>;

/** The form with its fields as they are typed, and the runs that they come to. */
export function scheduleView(campaign: Scheduling, form: ScheduleForm, now: Date): ModalView {
  const { id: campaignId, version, status } = campaign;
  return modal({
    name: 'schedule',
    title: status === 'scheduled' ? 'Change the schedule' : 'Schedule',
    submit: 'Schedule',
    close: 'Not now',
    metadata: { campaignId, version },
    blocks: [
      ...standingBlocks(campaign),
      ...scheduleFields(form),
      plainSection(runWords(form, now)),
      context(
        'Before each start it is checked once more. Whoever may not be contacted at that hour waits for theirs.',
      ),
    ],
  });
}

/** The same form once something in it was changed. */
export async function redrawnSchedule(
  entry: Entry,
  view: { metadata: Record<string, unknown>; state: FormState },
): Promise<ModalView> {
  const campaign = await ownCampaign(entry, metadataNumber(view.metadata, 'campaignId') ?? 0);
  const now = entry.deps.clock.now();
  const version = metadataNumber(view.metadata, 'version') ?? campaign.version;
  return scheduleView({ ...campaign, version }, typedForm(view.state, formOf(campaign, now)), now);
}

/** How it is scheduled now, with the way out. */
function standingBlocks(campaign: Scheduling): Block[] {
  const schedule = scheduleOf(campaign);
  if (campaign.status !== 'scheduled' || schedule.type === 'immediate') return [];
  const value = campaignValue({ campaignId: campaign.id, version: campaign.version });
  return [
    plainSection(`It is scheduled ${describeSchedule(schedule)}.`),
    actions([button({ label: 'Unschedule', actionId: actionId('campaign.unschedule'), value })]),
  ];
}

/** The next runs, or what is still wrong, as it would be refused. */
function runWords(form: ScheduleForm, now: Date): string {
  const checked = checkSchedule(scheduleIn(form), now);
  if (!checked.ok) return `⚠️ ${checked.problems.map(({ sentence }) => sentence).join(' ')}`;
  const { schedule } = checked;
  if (schedule.type === 'scheduled')
    return `It starts ${describeSchedule(schedule)}, in ${describeDuration(schedule.at.getTime() - now.getTime())}.`;
  if (schedule.type === 'immediate') return '';
  const { recurrence } = schedule;
  const runs = nextRuns(recurrence, now, SHOWN_RUNS);
  const title = runs.length < SHOWN_RUNS ? 'All its runs' : `The next ${SHOWN_RUNS} runs`;
  return `${title}, ${describeSchedule(schedule)}:\n${bullets(runs.map((at) => describeRun(at, recurrence.timeZone)))}`;
}

export const schedule: ModalHandler = {
  right: 'launch',
  problemField: 'scheduled_at',
  async submit(submission) {
    const { deps, actor, metadata, state } = submission;
    const campaign = await ownCampaign(submission, metadataNumber(metadata, 'campaignId') ?? 0);
    const scheduling = scheduleCampaign(deps, {
      campaignId: campaign.id,
      actor,
      schedule: scheduleIn(typedForm(state, formOf(campaign, deps.clock.now()))),
      expectedVersion: metadataNumber(metadata, 'version') ?? 0,
    });
    return shownOnceDone(
      scheduling.then(async (scheduled) =>
        outcomeView(scheduled, await ownCampaign(submission, campaign.id)),
      ),
      'Asking the carrier, then it is scheduled. Its card shows when it is.',
    );
  },
};

function outcomeView({ changed, schedule, nextRunAt }: Scheduled, campaign: CampaignDetail): ModalView {
  if (!changed) {
    const sentence = `The campaign was changed since this form was opened and now ${describeStatus(campaign.status)}. Nothing was scheduled; look at its card and try again.`;
    return sentenceView('Not scheduled', sentenceMessage(sentence));
  }
  const zone = campaign.scheduleZone ?? campaign.timeZone;
  const next =
    schedule.type === 'recurring' && nextRunAt ? ` Next run: ${describeRun(nextRunAt, zone)}.` : '';
  const sentence = `“${campaign.name}” is scheduled ${describeSchedule(schedule)}.${next} Nobody is contacted before. Its card has a button to change or remove the schedule.`;
  return sentenceView('Scheduled', sentenceMessage(sentence));
}
