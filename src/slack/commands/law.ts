import { showLaw } from '#operations/show-law.ts';
import type { Message } from '#slack/blocks/kit.ts';
import { lawOfPlace, lawOverview } from '#slack/blocks/law.ts';
import { type Entry, may } from '#slack/context.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { WordsCommand } from './command.ts';

export const law: WordsCommand = {
  name: 'law',
  usage: '[state, country or row]',
  summary: 'The hours that the law allows, where each row comes from, and what overrides it',
  right: 'view',
  runs: 'now',
  takes: 'words',
  async run(entry, words) {
    await entry.answer.privately(await lawMessage(entry, words || null));
  },
};

/** The rows of a place, or of all places, as somebody may see and change them. */
export async function lawMessage(entry: Entry, place: string | null): Promise<Message> {
  const shown = await showLaw(entry.deps, { workspaceId: entry.workspaceId, place });
  if (!shown)
    return sentenceMessage(
      `There is no state, country or row called “${place}”. Nothing was changed. /campaign law shows all rows.`,
    );
  const mayChange = await may(entry, 'administer');
  return place === null ? lawOverview(shown, mayChange) : lawOfPlace(shown, place, mayChange);
}
