import { stillTold } from '#domain/api-token.ts';
import { Refusal } from '#domain/refusal.ts';
import { revokeToken } from '#operations/revoke-token.ts';
import { parseRowId } from '#slack/action-ids.ts';
import { tokensMessage } from '#slack/commands/token.ts';
import { openToken } from '#slack/modals/token.ts';
import { quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { ActionHandler } from './action.ts';

export const newToken: ActionHandler = { right: 'administer', runs: 'now', run: openToken };

/** The list in which it was pressed shows at once that it is gone. */
export const revoke: ActionHandler = {
  right: 'administer',
  runs: 'stored',
  async run(press) {
    const tokenId = parseRowId(press.value);
    if (!tokenId) throw new Refusal('token_not_found', { tokenId: 0 });
    const { deps, workspaceId, actor } = press;
    const { name, webhooks } = await revokeToken(deps, { workspaceId, actor, tokenId });
    await press.answer.instead(await tokensMessage(press));
    const left = stillTold(webhooks);
    if (left) await press.answer.privately(sentenceMessage(`The token “${quote(name)}” is revoked.${left}`));
  },
};
