import { sendAudit } from '#operations/send-audit.ts';
import { auditPage, demandAudit, parseAuditValue } from '#slack/commands/audit.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import { directChannel } from '#slack/direct-channel.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { ActionHandler } from './action.ts';

export const turnAuditPage: ActionHandler = {
  right: 'export',
  runs: 'now',
  async run(press) {
    const page = parseAuditValue(press.value);
    if (page) await press.answer.instead(await auditPage(press, page));
  },
};

export const exportAudit: ActionHandler = {
  right: 'export',
  runs: 'stored',
  async run(press) {
    const asked = parseAuditValue(press.value);
    if (!asked) return;
    const { deps, workspaceId, actor } = press;
    await demandAudit(press, asked.campaignId);
    const campaignId = asked.campaignId && (await ownCampaign(press, asked.campaignId)).id;
    const place = { channelId: await directChannel(press), threadTs: null };
    await sendAudit(deps, { workspaceId, campaignId, actor, place });
    await press.answer.privately(
      sentenceMessage('The log comes to you as a CSV file in your direct messages with me.'),
    );
  },
};
