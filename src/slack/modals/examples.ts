import { type CampaignTemplate, CHANNELS_OF } from '#domain/campaign-templates.ts';
import { previewCall } from '#operations/preview-call.ts';
import { previewMessage } from '#operations/preview-message.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { callPreviewBlocks } from '#slack/blocks/call-preview.ts';
import type { Block } from '#slack/blocks/kit.ts';
import { previewBlocks, variablesBlock } from '#slack/blocks/preview.ts';
import type { Entry } from '#slack/context.ts';

/** What stands in for what is saved while somebody is writing. */
export type Unsaved = {
  templates?: Partial<Record<CampaignTemplate, string | null>>;
  fallbackValues?: Record<string, string>;
  assistantId?: number | null;
};

/** Everything a campaign says, for real contacts: its calls as they are heard, its texts as they are read. */
export async function exampleBlocks(
  { deps }: Pick<Entry, 'deps'>,
  { id: campaignId, campaignType, availableVariables }: CampaignDetail,
  { templates = {}, ...unsaved }: Unsaved = {},
): Promise<Block[]> {
  const { calls, texts } = CHANNELS_OF[campaignType];
  const { smsMessageTemplate: template, ...spoken } = templates;
  const onCalls = calls
    ? callPreviewBlocks(await previewCall(deps, { campaignId, templates: spoken, ...unsaved }))
    : [];
  const { fallbackValues } = unsaved;
  const inTexts = texts
    ? previewBlocks(
        await previewMessage(deps, {
          campaignId,
          ...(template === undefined ? {} : { template: template ?? '' }),
          ...(fallbackValues ? { fallbackValues } : {}),
        }),
      )
    : [];
  return [...onCalls, ...inTexts, variablesBlock(availableVariables)];
}
