import { channelProblem as problemOf } from '#operations/check-channel.ts';
import type { Entry } from '#slack/context.ts';

/** What is wrong with the channel chosen for a card, as a sentence, or null. */
export async function channelProblem(
  { deps }: Pick<Entry, 'deps'>,
  channelId: string | null,
): Promise<string | null> {
  return channelId ? problemOf(deps, channelId) : 'Choose the channel for its card.';
}
