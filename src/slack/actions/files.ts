import { canImport, wrongStatus } from '#domain/lifecycle.ts';
import { parseFileId } from '#slack/action-ids.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import { askForColumns } from '#slack/modals/columns.ts';
import { openThen } from '#slack/modals/open.ts';
import { openSuppressionImport } from '#slack/modals/suppression-import.ts';
import type { ActionHandler, Press } from './action.ts';

const READING = 'Reading the file…';

export const newFromFile: ActionHandler = {
  right: 'edit',
  runs: 'now',
  run: (press) =>
    openThen(press, READING, () =>
      askForColumns(press, {
        ...whereOf(press),
        fileId: parseFileId(press.value) ?? '',
        campaignId: null,
        next: 'message',
      }),
    ),
};

/** The file is in the id, the chosen draft is the value. */
export const addFile: ActionHandler = {
  right: 'edit',
  runs: 'now',
  run: (press) =>
    openThen(press, READING, async () => {
      const campaign = await ownCampaign(press, Number(press.value) || 0);
      if (!canImport(campaign.status)) throw wrongStatus('import', campaign.status);
      const fileId = parseFileId(press.detail) ?? '';
      return askForColumns(press, { ...whereOf(press), fileId, campaignId: campaign.id, next: 'nothing' });
    }),
};

/** The numbers of a dropped file go onto the do-not-call list; the form for files of their own takes no large ones. */
export const suppressFile: ActionHandler = {
  right: 'edit',
  runs: 'now',
  run: (press) => openSuppressionImport(press, parseFileId(press.value)),
};

function whereOf({ channelId, message }: Press) {
  return { channelId, threadTs: message?.threadTs ?? message?.ts ?? null };
}
