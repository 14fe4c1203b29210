import type { WebClient } from '@slack/web-api';
import { ChatUnavailable } from '#ports/chat.ts';
import { failureCode } from './errors.ts';

/** Who the bot is, as Slack says of its token. */
export type Identity = { teamId: string; teamName: string; botUserId: string; botId: string | undefined };

/** Asks Slack. Throws `ChatUnavailable`. */
export async function readIdentity(web: WebClient): Promise<Identity> {
  try {
    const answer = await web.auth.test();
    if (!answer.team_id || !answer.user_id) throw new ChatUnavailable('Slack’s answer names no workspace.');
    return {
      teamId: answer.team_id,
      teamName: answer.team ?? answer.team_id,
      botUserId: answer.user_id,
      botId: answer.bot_id,
    };
  } catch (error) {
    if (error instanceof ChatUnavailable) throw error;
    throw new ChatUnavailable(`Slack does not say who we are (${failureCode(error)}).`, { cause: error });
  }
}
