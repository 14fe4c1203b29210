import type { ActionName } from '#slack/action-ids.ts';
import type { ActionHandler } from './action.ts';
import {
  cancelCampaign,
  createCampaign,
  editCampaign,
  explainCampaign,
  exportFromCard,
  importIntoCampaign,
  pauseCampaign,
  pickCampaign,
  previewCampaign,
  resumeCampaign,
  showCampaign,
  startCampaign,
} from './campaign.ts';
import { addFile, newFromFile } from './files.ts';
import { afresh, keepTyped, refresh, touchField, turnPage } from './forms.ts';
import { assumeDone, keepHold, retryReview, suppressHold, suppressReply, writeReply } from './replies.ts';

/** What every button and menu does. */
export const ACTIONS: Record<ActionName, ActionHandler> = {
  'campaign.start': startCampaign,
  'campaign.pause': pauseCampaign,
  'campaign.resume': resumeCampaign,
  'campaign.cancel': cancelCampaign,
  'campaign.edit': editCampaign,
  'campaign.import': importIntoCampaign,
  'campaign.preview': previewCampaign,
  'campaign.why': explainCampaign,
  'campaign.export': exportFromCard,
  'campaign.show': showCampaign,
  'campaign.new': createCampaign,
  'campaign.pick': pickCampaign,
  'file.new': newFromFile,
  'file.add': addFile,
  'reply.write': writeReply,
  'reply.suppress': suppressReply,
  'hold.suppress': suppressHold,
  'hold.keep': keepHold,
  'review.retry': retryReview,
  'review.assume_done': assumeDone,
  'list.page': turnPage,
  'form.refresh_example': refresh,
  'form.start_afresh': afresh,
  'form.time_zone': touchField,
  'form.typed': keepTyped,
  'form.input': touchField,
};
