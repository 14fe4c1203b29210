import { keepResultsDue, readCampaign } from '#db/campaigns.ts';
import { readCard } from '#db/cards.ts';
import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { exportResults } from './export-results.ts';

/** What Slack takes in one upload by a bot with room to spare; a longer file is cut with a note on how to get all of it. */
const MAX_BYTES = 50_000_000;

/**
 * Puts the results of a campaign as a CSV file into its thread, or into the given place. Numbers are whole in it: its
 * readers may export.
 */
export async function sendResults(
  deps: Deps,
  { campaignId, place: given }: { campaignId: number; place?: ChatPlace },
): Promise<void> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) return;
  const place = given ?? (await threadOf(deps, campaignId));
  if (!place) return done(deps, campaignId);
  const { content, isCut } = await collect(deps, campaignId);
  const name = `${slug(row.campaign.name)}-results.csv`;
  const comment = isCut
    ? 'The results are longer than one file may be; this is their beginning.'
    : 'The results, contact by contact.';
  const result = await deps.chat.uploadFile(place, {
    name,
    title: `Results of ${row.campaign.name}`,
    comment,
    content,
  });
  // The queue tries again later: seeing the file twice is a nuisance, not seeing it is a loss.
  if (result.kind === 'throttled' || result.kind === 'unknown')
    throw new Error(`the results file: ${result.kind}`);
  if (result.kind !== 'done')
    deps.log.warn({ campaignId, result: result.kind }, 'the results file was not posted');
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

async function collect(deps: Deps, campaignId: number): Promise<{ content: Uint8Array; isCut: boolean }> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const text of exportResults(deps, { campaignId })) {
    const piece = new TextEncoder().encode(text);
    if (bytes + piece.length > MAX_BYTES) return { content: Buffer.concat(pieces), isCut: true };
    pieces.push(piece);
    bytes += piece.length;
  }
  return { content: Buffer.concat(pieces), isCut: false };
}

/** A campaign’s name as a part of a file’s name. */
export function slug(name: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return words.slice(0, 60) || 'campaign';
}
