import { listPage, parseListValue } from '#slack/commands/list.ts';
import { refreshExample } from '#slack/modals/campaign-message.ts';
import { redrawSettings } from '#slack/modals/campaign-settings.ts';
import { MODALS } from '#slack/modals/index.ts';
import { metadataNumber } from '#slack/modals/modal.ts';
import { parseModalName } from '#slack/modals/names.ts';
import { redrawNewCampaign, startAfresh } from '#slack/modals/new-campaign.ts';
import { fillView } from '#slack/modals/open.ts';
import type { ActionHandler } from './action.ts';

export const refresh: ActionHandler = {
  right: 'view',
  runs: 'now',
  async run(press) {
    const { view } = press;
    const campaignId = view && metadataNumber(view.metadata, 'campaignId');
    if (view && campaignId)
      await fillView(press.slack, view.id, () => refreshExample(press, campaignId, view.state));
  },
};

/** Keeps what is typed, at every letter. */
export const keepTyped: ActionHandler = {
  right: null,
  runs: 'now',
  async run(press) {
    const { view } = press;
    const name = parseModalName(view?.name);
    const handler = name && MODALS[name];
    if (view && handler?.keep) await handler.keep({ ...press, viewId: view.id, ...view }, press.at);
  },
};

export const afresh: ActionHandler = {
  right: 'edit',
  runs: 'now',
  async run(press) {
    if (press.view) await fillView(press.slack, press.view.id, () => startAfresh(press));
  },
};

/** Another kind of campaign, or of hours, asks for other fields. */
export const redraw: ActionHandler = {
  right: 'edit',
  runs: 'now',
  async run(press) {
    const { view, slack } = press;
    if (view?.name === 'new_campaign')
      await fillView(slack, view.id, () => redrawNewCampaign(press, view.state, press.at));
    if (view?.name === 'campaign_settings') await fillView(slack, view.id, () => redrawSettings(press, view));
  },
};

/** Shows the fields that few people need. */
export const showMore: ActionHandler = {
  right: 'edit',
  runs: 'now',
  async run(press) {
    const { view, slack } = press;
    if (view) await fillView(slack, view.id, () => redrawSettings(press, view, true));
  },
};

export const turnPage: ActionHandler = {
  right: 'view',
  runs: 'now',
  async run(press) {
    const page = parseListValue(press.value);
    if (page) await press.answer.instead(await listPage(press, page));
  },
};

/** Fields are read when the form is sent off; touching one does nothing. */
export const touchField: ActionHandler = { right: null, runs: 'now', run: async () => undefined };
