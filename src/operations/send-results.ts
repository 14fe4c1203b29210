import { keepResultsDue, readCampaign } from '#db/campaigns.ts';
import { readCard } from '#db/cards.ts';
import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { exportResults } from './export-results.ts';
import { uploadInParts } from './upload-in-parts.ts';

/**
 * Puts the results of a campaign as a CSV file into its thread, or into the given place. Numbers are whole in it: its
 * readers may export. Results longer than one upload come in several files, and none of them is left out.
 */
export async function sendResults(
  deps: Deps,
  { campaignId, place: given }: { campaignId: number; place?: ChatPlace },
  maxBytes?: number,
): Promise<void> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) return;
  const place = given ?? (await threadOf(deps, campaignId));
  if (!place) return done(deps, campaignId);
  const { name } = row.campaign;
  const file = {
    name: `${slug(name)}-results`,
    title: `Results of ${name}`,
    what: 'The results, contact by contact',
    note: null,
    rows: exportResults(deps, { campaignId }),
  };
  await uploadInParts(deps, place, file, maxBytes);
  if (!given) await done(deps, campaignId);
}

async function done(deps: Deps, campaignId: number): Promise<void> {
  await keepResultsDue(deps.db, campaignId, null);
}

/** The campaign's thread; null when it has none any more. Throws while its card is still to be posted. */
async function threadOf(deps: Deps, campaignId: number): Promise<ChatPlace | null> {
  const card = await readCard(deps.db, campaignId);
  if (card?.state === 'pending') throw new Error('the card is not posted yet, so the results file waits');
  return card?.ts ? { channelId: card.channelId, threadTs: card.ts } : null;
}

/** A campaign’s name as a part of a file’s name. */
export function slug(name: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return words.slice(0, 60) || 'campaign';
}
