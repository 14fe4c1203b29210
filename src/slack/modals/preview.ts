import { actions, header } from '#slack/blocks/kit.ts';
import { ownCampaign } from '#slack/commands/resolve.ts';
import type { Entry } from '#slack/context.ts';
import { exampleBlocks } from './examples.ts';
import { modal } from './frame.ts';
import { openThen } from './open.ts';
import { testButton } from './test-on-me.ts';

/** Shows what is saved as real contacts would hear and read it. */
export async function openPreview(entry: Entry, campaignId: number): Promise<void> {
  await openThen(entry, 'Composing examples…', async () => {
    const campaign = await ownCampaign(entry, campaignId);
    const examples = await exampleBlocks(entry, campaign);
    return modal({
      name: 'notice',
      title: 'Preview',
      blocks: [header(campaign.name), ...examples, actions([testButton(campaign)])],
    });
  });
}
