import { listTokens } from '#operations/list-tokens.ts';
import type { Message } from '#slack/blocks/kit.ts';
import { tokenList } from '#slack/blocks/tokens.ts';
import type { Entry } from '#slack/context.ts';
import type { WordsCommand } from './command.ts';

export const token: WordsCommand = {
  name: 'token',
  usage: '',
  summary: 'Tokens for the API: make one, see what each may do and when it was used, revoke it',
  right: 'administer',
  runs: 'now',
  takes: 'words',
  run: async (entry) => entry.answer.privately(await tokensMessage(entry)),
};

/** All tokens of the workspace, with the buttons that make and revoke them. */
export async function tokensMessage({ deps, workspaceId, actor }: Entry): Promise<Message> {
  return tokenList(await listTokens(deps, { workspaceId, actor }), deps.clock.now());
}
