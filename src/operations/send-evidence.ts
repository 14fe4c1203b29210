import { readCampaign } from '#db/campaigns.ts';
import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { exportEvidence } from './export-evidence.ts';
import { slug } from './send-results.ts';
import { uploadInParts } from './upload-in-parts.ts';

/**
 * Hands what every attempt of a campaign rested on to one person as CSV: numbers, consents and texts are whole in it, so it
 * goes where they alone read it.
 */
export async function sendEvidence(
  deps: Pick<Deps, 'db' | 'chat' | 'log'>,
  { campaignId, place }: { campaignId: number; place: ChatPlace },
): Promise<void> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) return;
  const { name } = row.campaign;
  await uploadInParts(deps, place, {
    name: `${slug(name)}-evidence`,
    title: `Evidence of ${name}`,
    what: `What each attempt of ${name} rested on`,
    rows: exportEvidence(deps, { campaignId }),
  });
}
