import { readWorkspace } from '#db/workspaces.ts';
import type { Actor } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import { type Right, rolesThatMay } from '#domain/rights.ts';
import { ChatUnavailable, type ChatUser } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { mayByRole } from './may-by-role.ts';

const DOING: Record<Right, string> = {
  view: 'look at campaigns here',
  edit: 'change campaigns',
  launch: 'start campaigns',
  stop: 'stop campaigns',
  export: 'export results',
  suppress: 'change the do-not-call list',
  listen: 'hear or read what people said on the phone',
  administer: 'change the workspace’s settings',
};

/**
 * Whether somebody may do something, asked at every entry point and again where the work is done. Guests, people of other
 * companies and bots may nothing; channels shared with another company are refused altogether; an unanswered question is
 * a no (slack.md §8). Throws the `Refusal`.
 */
export async function authorize(
  deps: Deps,
  {
    workspaceId,
    actor,
    channelId,
    right,
  }: { workspaceId: number; actor: Actor; channelId: string | null; right: Right },
): Promise<void> {
  if (actor.kind !== 'slack_user') return;
  try {
    const user = await deps.chat.user(actor.userId);
    const workspace = await readWorkspace(deps.db, workspaceId);
    if (!workspace || !isMember(user, workspace.slackTeamId))
      throw new Refusal('not_allowed', { doing: DOING[right], roles: [] });
    if (channelId && (await deps.chat.channel(channelId)).isExtShared)
      throw new Refusal('channel_shared', {});
    if (!(await mayByRole(deps, workspace, user, right)))
      throw new Refusal('not_allowed', { doing: DOING[right], roles: rolesThatMay(right) });
  } catch (cause) {
    if (cause instanceof ChatUnavailable) throw new Refusal('cannot_check_now', {});
    throw cause;
  }
}

function isMember(user: ChatUser, slackTeamId: string): boolean {
  const isInside = user.teamId === slackTeamId && !user.isStranger && !user.isGuest;
  return isInside && !user.isBot && !user.isDeleted;
}
