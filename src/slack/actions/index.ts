import type { ActionName } from '#slack/action-ids.ts';
import type { ActionHandler } from './action.ts';
import { askForApproval, attest, rejectApproval, reviewApproval } from './approval.ts';
import { editAssistant, newAssistant, retire } from './assistants.ts';
import { exportAudit, turnAuditPage } from './audit.ts';
import { hangUp, listen, refreshCalls, sendMeRecording, showCall, takeOver, turnCallPage } from './calls.ts';
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
  raiseBudget,
  redialCampaign,
  resumeCampaign,
  showCampaign,
  showLiveCalls,
  startCampaign,
  testCampaign,
} from './campaign.ts';
import { endConsent, recordConsent } from './consent.ts';
import { turnContactPage } from './contact.ts';
import { turnDncPage } from './dnc.ts';
import { addFile, newFromFile, suppressFile } from './files.ts';
import { afresh, keepTyped, redraw, refresh, showMore, touchField, turnPage } from './forms.ts';
import { overrideRow, revokeRow } from './law.ts';
import { askToErase, exportPersonFile } from './privacy.ts';
import { assumeDone, keepHold, retryReview, suppressHold, suppressReply, writeReply } from './replies.ts';
import { giveRole, takeRole } from './roles.ts';
import {
  redrawSchedule,
  scheduleCampaign,
  skipRun,
  startNow,
  touchZone,
  undoStart,
  unscheduleCampaign,
} from './schedule.ts';
import { newToken, revoke } from './tokens.ts';
import { newWebhook, switchOffWebhook, switchOnWebhook, tryThisWebhook } from './webhooks.ts';

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
  'campaign.calls': showLiveCalls,
  'campaign.redial': redialCampaign,
  'campaign.test': testCampaign,
  'campaign.schedule': scheduleCampaign,
  'campaign.unschedule': unscheduleCampaign,
  'campaign.undo': undoStart,
  'schedule.start_now': startNow,
  'schedule.skip': skipRun,
  'schedule.redraw': redrawSchedule,
  'campaign.attest': attest,
  'campaign.raise_budget': raiseBudget,
  'approval.ask': askForApproval,
  'approval.approve': reviewApproval,
  'approval.reject': rejectApproval,
  'audit.page': turnAuditPage,
  'audit.export': exportAudit,
  'role.give': giveRole,
  'role.take': takeRole,
  'token.new': newToken,
  'token.revoke': revoke,
  'webhook.new': newWebhook,
  'webhook.on': switchOnWebhook,
  'webhook.off': switchOffWebhook,
  'webhook.try': tryThisWebhook,
  'law.override': overrideRow,
  'law.revoke': revokeRow,
  'call.show': showCall,
  'call.page': turnCallPage,
  'call.listen': listen,
  'call.hang_up': hangUp,
  'call.take_over': takeOver,
  'call.recording': sendMeRecording,
  'calls.refresh': refreshCalls,
  'contact.page': turnContactPage,
  'assistant.new': newAssistant,
  'assistant.edit': editAssistant,
  'assistant.retire': retire,
  'file.new': newFromFile,
  'file.add': addFile,
  'file.suppress': suppressFile,
  'reply.write': writeReply,
  'reply.suppress': suppressReply,
  'hold.suppress': suppressHold,
  'hold.keep': keepHold,
  'review.retry': retryReview,
  'review.assume_done': assumeDone,
  'dnc.older': turnDncPage,
  'consent.record': recordConsent,
  'consent.withdraw': endConsent,
  'privacy.export': exportPersonFile,
  'privacy.erase': askToErase,
  'list.page': turnPage,
  'form.refresh_example': refresh,
  'form.start_afresh': afresh,
  'form.redraw': redraw,
  'form.time_zone': touchZone,
  'form.holidays': touchField,
  'form.more': showMore,
  'form.typed': keepTyped,
  'form.input': touchField,
};
