import type { WebClient } from '@slack/web-api';
import { ChatUnavailable } from '#ports/chat.ts';
import { failureCode } from './errors.ts';

/** Who the bot is, as Slack says of its token. */
export type Identity = { teamId: string; teamName: string; botUserId: string; botId: string | undefined };

/** Asks Slack once and remembers; a failed look is not remembered. Throws `ChatUnavailable`. */
export function createIdentity(web: WebClient): () => Promise<Identity> {
  let known: Promise<Identity> | null = null;
  return () => {
    known ??= look(web).catch((error: unknown) => {
      known = null;
      throw new ChatUnavailable(`Slack does not say who we are (${failureCode(error)}).`, { cause: error });
    });
    return known;
  };
}

async function look(web: WebClient): Promise<Identity> {
  const answer = await web.auth.test();
  if (!answer.team_id || !answer.user_id) throw new ChatUnavailable('Slack’s answer names no workspace.');
  return {
    teamId: answer.team_id,
    teamName: answer.team ?? answer.team_id,
    botUserId: answer.user_id,
    botId: answer.bot_id,
  };
}
