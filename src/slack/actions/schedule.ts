import type { Actor } from '#domain/actor.ts';
import { type CampaignStatus, describeStatus } from '#domain/lifecycle.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from '#operations/deps.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { skipRun as skip } from '#operations/skip-run.ts';
import { undoStart as undo } from '#operations/undo-start.ts';
import { unscheduleCampaign as unschedule } from '#operations/unschedule-campaign.ts';
import { parseCampaignValue } from '#slack/action-ids.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import { fillView } from '#slack/modals/open.ts';
import { openPreflight } from '#slack/modals/preflight.ts';
import { openSchedule, redrawnSchedule } from '#slack/modals/schedule.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { ActionHandler, Press } from './action.ts';

export const scheduleCampaign: ActionHandler = {
  right: 'launch',
  runs: 'now',
  run: async (press) => openSchedule(press, (await targetOf(press)).id),
};

export const unscheduleCampaign = decides(
  unschedule,
  'Unscheduled. It is a draft again; nobody is contacted before it is started.',
);

export const skipRun = decides(skip, 'Skipped. Nobody was contacted; its card shows the next run.');

/**
 * A start that was asked about: the same check as before any other start. A press on an older question changes nothing,
 * since it was about another run.
 */
export const startNow: ActionHandler = {
  right: 'launch',
  runs: 'now',
  async run(press) {
    const campaign = await targetOf(press);
    if (parseCampaignValue(press.value)?.version !== campaign.version) throw stale(campaign.status);
    await openPreflight(press, campaign.id);
  },
};

/** Counts however old the button is: only the time to take a start back decides, and stopping must not fail. */
export const undoStart: ActionHandler = {
  right: 'stop',
  runs: 'stored',
  async run(press) {
    const { id, name } = await targetOf(press);
    const { status } = await undo(press.deps, { campaignId: id, actor: press.actor });
    const sentence = `${name}: the start was taken back. Nobody was contacted; it ${describeStatus(status)} again.`;
    await press.answer.privately(sentenceMessage(sentence));
  },
};

/** Something in the form was changed: the runs it comes to are shown anew. */
export const redrawSchedule: ActionHandler = { right: 'launch', runs: 'now', run: redraw };

/** A time zone is read when its form is sent off; in a schedule it moves the runs shown there. */
export const touchZone: ActionHandler = { right: null, runs: 'now', run: redraw };

async function redraw(press: Press): Promise<void> {
  const { view, slack } = press;
  if (view?.name === 'schedule') await fillView(slack, view.id, () => redrawnSchedule(press, view));
}

type Decision = (
  deps: Deps,
  input: { campaignId: number; actor: Actor; expectedVersion: number },
) => Promise<{ status: CampaignStatus; changed: boolean }>;

/** Not to start somebody asks for fewer rights than to start; a press on what is no longer so changes nothing (slack.md §8). */
function decides(decide: Decision, done: string): ActionHandler {
  return {
    right: 'stop',
    runs: 'stored',
    async run(press) {
      const { id, name } = await targetOf(press);
      const expectedVersion = parseCampaignValue(press.value)?.version ?? 0;
      const { status, changed } = await decide(press.deps, {
        campaignId: id,
        actor: press.actor,
        expectedVersion,
      });
      if (!changed) throw stale(status);
      await press.answer.privately(sentenceMessage(`${name}: ${done}`));
    },
  };
}

function stale(status: CampaignStatus): Refusal {
  return new Refusal('stale_click', { state: describeStatus(status) });
}

async function targetOf(press: Press): Promise<CampaignDetail> {
  return ownCampaign(press, parseCampaignValue(press.value)?.campaignId ?? 0);
}
