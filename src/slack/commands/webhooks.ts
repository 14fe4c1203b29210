import { listWebhooks } from '#operations/list-webhooks.ts';
import type { Message } from '#slack/blocks/kit.ts';
import { webhookList } from '#slack/blocks/webhooks.ts';
import type { Entry } from '#slack/context.ts';
import type { WordsCommand } from './command.ts';

/** As many as a workspace may have, and as a message holds. */
const SHOWN = 20;

export const webhooks: WordsCommand = {
  name: 'webhooks',
  usage: '',
  summary: 'Other systems that are told what happens: add one, how each does, try it, switch it off or on',
  right: 'administer',
  runs: 'now',
  takes: 'words',
  run: async (entry) => entry.answer.privately(await webhooksMessage(entry)),
};

/** The webhooks of the workspace as they stand now. */
export async function webhooksMessage({ deps, workspaceId }: Entry): Promise<Message> {
  const { webhooks } = await listWebhooks(deps, { workspaceId }, { limit: SHOWN, offset: 0 });
  return webhookList(webhooks);
}
