import { previewMessage } from '#operations/preview-message.ts';
import { header } from '#slack/blocks/kit.ts';
import { previewBlocks } from '#slack/blocks/preview.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import type { Entry } from '#slack/context.ts';
import { modal } from './frame.ts';
import { openThen } from './open.ts';

/** Shows the saved message as real contacts would get it. */
export async function openPreview(entry: Entry, campaignId: number): Promise<void> {
  await openThen(entry, 'Composing examples…', async () => {
    const campaign = await ownCampaign(entry, campaignId);
    const preview = await previewMessage(entry.deps, { campaignId });
    return modal({
      name: 'notice',
      title: 'Preview',
      blocks: [header(campaign.name), ...previewBlocks(preview)],
    });
  });
}
