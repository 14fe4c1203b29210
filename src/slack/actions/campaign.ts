import { describeStatus, type Move } from '#domain/lifecycle.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Right } from '#domain/rights.ts';
import { changeStatus } from '#operations/change-status.ts';
import { postCard } from '#operations/post-card.ts';
import { reExecuteCampaign } from '#operations/re-execute.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { parseCampaignValue, parseRedialValue } from '#slack/action-ids.ts';
import { auditPage } from '#slack/commands/audit.ts';
import { askToRedial } from '#slack/commands/calls.ts';
import { COMMANDS, runOn } from '#slack/commands/index.ts';
import { standing, tellAboutCampaign } from '#slack/commands/look.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import { demand } from '#slack/context.ts';
import { exportCampaign } from '#slack/export.ts';
import { openEdit } from '#slack/modals/campaign-message.ts';
import { openImport } from '#slack/modals/import-file.ts';
import { openLiveCalls } from '#slack/modals/live-calls.ts';
import { openNewCampaign } from '#slack/modals/new-campaign.ts';
import { openPreflight } from '#slack/modals/preflight.ts';
import { openPreview } from '#slack/modals/preview.ts';
import { openRaiseBudget } from '#slack/modals/raise-budget.ts';
import { openTestOnMe } from '#slack/modals/test-on-me.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { ActionHandler, Press } from './action.ts';

export const startCampaign = opens('launch', (press, campaign) => openPreflight(press, campaign.id));
export const editCampaign = opens('edit', (press, campaign) => openEdit(press, campaign.id));
export const importIntoCampaign = opens('edit', (press, campaign) => openImport(press, campaign.id));
export const previewCampaign = opens('view', (press, campaign) => openPreview(press, campaign.id));
export const testCampaign = opens('edit', (press, campaign) => openTestOnMe(press, campaign.id));
export const raiseBudget = opens('launch', (press, campaign) => openRaiseBudget(press, campaign.id));
export const showLiveCalls = opens('view', (press, campaign) => openLiveCalls(press, campaign.id));
export const explainCampaign = opens('view', tellAboutCampaign);

export const pauseCampaign = moves('stop', 'pause', 'Paused.');
export const resumeCampaign = moves('launch', 'resume', 'Resumed. It goes on where it stopped.');
export const cancelCampaign = moves('stop', 'cancel', 'Cancelled. Nobody else will be contacted.');

export const exportFromCard: ActionHandler = {
  right: 'export',
  runs: 'stored',
  run: async (press) => exportCampaign(press, await targetOf(press)),
};

export const showCampaign: ActionHandler = {
  right: 'edit',
  runs: 'stored',
  async run(press) {
    const campaign = await targetOf(press);
    if (!press.channelId) return;
    const channel = await press.deps.chat.channel(press.channelId);
    if (!channel.isMember) {
      return press.answer.privately(
        sentenceMessage('I am not in this channel, so I cannot post the card here. Type /invite first.'),
      );
    }
    await postCard(press.deps, { campaignId: campaign.id, channelId: press.channelId, actor: press.actor });
    await press.answer.instead(
      sentenceMessage(`The card of “${campaign.name}” is being posted here. Its thread goes on under it.`),
    );
  },
};

/** Whoever was not reached waits again, in a draft; what is shown then has the button that starts it. */
export const redialCampaign: ActionHandler = {
  right: 'launch',
  runs: 'stored',
  async run(press) {
    const wanted = parseRedialValue(press.value);
    const { id } = await ownCampaign(press, wanted?.campaignId ?? 0);
    const choice = wanted?.choice ?? 'no_answer';
    await reExecuteCampaign(press.deps, {
      campaignId: id,
      actor: press.actor,
      selection: choice === 'all' ? 'failed_only' : { statuses: [choice] },
    });
    await press.answer.privately(await standing(press, await ownCampaign(press, id)));
  },
};

export const createCampaign: ActionHandler = {
  right: 'edit',
  runs: 'now',
  run: (press) => openNewCampaign(press, { name: '' }),
};

/** One of several campaigns was chosen for a command; `detail` says which command. */
export const pickCampaign: ActionHandler = {
  right: 'view',
  runs: 'now',
  async run(press) {
    const command = COMMANDS.find(({ name, takes }) => name === press.detail && takes === 'campaign');
    const campaign = await ownCampaign(press, Number(press.value) || 0);
    if (command?.takes !== 'campaign') return pickForWords(press, campaign);
    await demand(press, command.right);
    await runOn(press, command, campaign);
  },
};

/** Commands that take words and asked for a campaign among them. */
async function pickForWords(press: Press, campaign: CampaignDetail): Promise<void> {
  if (press.detail === 'why') return tellAboutCampaign(press, campaign);
  if (press.detail === 'audit')
    return press.answer.privately(await auditPage(press, { campaignId: campaign.id, page: 0 }));
  if (press.detail === 'redial') {
    await demand(press, 'launch');
    return askToRedial(press, campaign, null);
  }
  if (press.detail !== 'import') return;
  await demand(press, 'edit');
  await openImport(press, campaign.id);
}

function opens(right: Right, run: (press: Press, campaign: CampaignDetail) => Promise<void>): ActionHandler {
  return { right, runs: 'now', run: async (press) => run(press, await targetOf(press)) };
}

/**
 * The button's version decides: a press on what is no longer so changes nothing (slack.md §8). A pause counts however old
 * its card is: stopping must not fail because somebody was faster with something else.
 */
function moves(right: Right, move: Move, done: string): ActionHandler {
  return {
    right,
    runs: 'stored',
    async run(press) {
      const campaign = await targetOf(press);
      const { deps, actor, value } = press;
      const expectedVersion = move === 'pause' ? undefined : (parseCampaignValue(value)?.version ?? 0);
      const { status, changed } = await changeStatus(deps, {
        campaignId: campaign.id,
        move,
        actor,
        expectedVersion,
      });
      if (!changed) throw new Refusal('stale_click', { state: describeStatus(status) });
      await press.answer.privately(sentenceMessage(`${campaign.name}: ${done}`));
    },
  };
}

async function targetOf(press: Press): Promise<CampaignDetail> {
  return ownCampaign(press, parseCampaignValue(press.value)?.campaignId ?? 0);
}
