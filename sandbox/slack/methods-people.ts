import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ApiRefusal, isTrue, parsed, requiredText } from './api-call.ts';
import { type ApiMethods, page } from './api-method.ts';
import { checkBlocks, checkView } from './block-check.ts';
import { isObject } from './block-schema.ts';
import { channelForChange } from './channels.ts';
import type { SlackContext } from './context.ts';
import { switchFault } from './fault-switches.ts';
import { findMessage, type User, type UserGroup } from './workspace.ts';

export const peopleMethods: ApiMethods = {
  'auth.test': { scopes: [], run: authTest },
  'auth.revoke': { scopes: [], run: authRevoke },
  'team.info': { scopes: ['team:read'], run: teamInfo },
  'users.info': { scopes: ['users:read'], run: userInfo },
  'users.list': { scopes: ['users:read'], run: userList },
  'usergroups.list': { scopes: ['usergroups:read'], run: groupList },
  'usergroups.users.list': { scopes: ['usergroups:read'], run: groupUsers },
  'reactions.add': { scopes: ['reactions:write'], run: addReaction },
  'apps.connections.open': { scopes: [], token: 'app', run: openConnection },
  'blocks.validate': { scopes: [], token: 'none', run: validateBlocks },
};

function authTest({ workspace, options }: SlackContext): JsonObject {
  const { team, app } = workspace;
  return {
    url: `${options.baseUrl}/`,
    team: team.name,
    user: workspace.users.get(app.botUserId)?.name ?? '',
    team_id: team.id,
    user_id: app.botUserId,
    bot_id: app.botId,
    is_enterprise_install: false,
  };
}

function authRevoke(slack: SlackContext, args: JsonObject): JsonObject {
  if (isTrue(args.test)) return { revoked: false };
  switchFault(slack, { id: 'slack-revoke-token', isOn: true, count: null });
  return { revoked: true };
}

function teamInfo({ workspace }: SlackContext): JsonObject {
  const { id, name, domain } = workspace.team;
  return { team: { id, name, domain, email_domain: '', icon: { image_default: true } } };
}

function userInfo(slack: SlackContext, args: JsonObject): JsonObject {
  const user = slack.workspace.users.get(requiredText(args, 'user'));
  if (!user) throw new ApiRefusal('user_not_found');
  return { user: toUserObject(slack, user) };
}

function userList(slack: SlackContext, args: JsonObject): JsonObject {
  const { rows, next } = page([...slack.workspace.users.values()], args, 100, 1000);
  return {
    members: rows.map((user) => toUserObject(slack, user)),
    cache_ts: Math.floor(slack.options.clock.now() / 1000),
    response_metadata: { next_cursor: next },
  };
}

function toUserObject({ options }: SlackContext, user: User): JsonObject {
  const now = options.productClock.now();
  return {
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    deleted: user.isDeleted,
    real_name: user.realName,
    tz: user.timeZone,
    tz_label: user.timeZone,
    tz_offset: offsetSeconds(user.timeZone, now),
    profile: {
      real_name: user.realName,
      display_name: user.name,
      team: user.teamId,
      ...(options.scopes.includes('users:read.email') && { email: user.email }),
    },
    is_admin: user.isAdmin,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: user.isGuest,
    is_ultra_restricted: false,
    is_bot: user.isBot,
    is_app_user: false,
    ...(user.isStranger && { is_stranger: true }),
    updated: Math.floor(now / 1000),
  };
}

function offsetSeconds(timeZone: string, now: number): number {
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(
    now,
  );
  return Math.round((Date.parse(`${wall.replace(' ', 'T')}Z`) - now) / 60_000) * 60;
}

function groupList(slack: SlackContext, args: JsonObject): JsonObject {
  paidPlanOnly(slack);
  const groups = [...slack.workspace.groups.values()];
  return { usergroups: groups.map((group) => toGroupObject(slack, group, isTrue(args.include_users))) };
}

function groupUsers(slack: SlackContext, args: JsonObject): JsonObject {
  paidPlanOnly(slack);
  const group = slack.workspace.groups.get(requiredText(args, 'usergroup'));
  if (!group) throw new ApiRefusal('no_such_subteam');
  return { users: group.userIds };
}

function paidPlanOnly({ options }: SlackContext): void {
  if (!options.isPaidPlan) throw new ApiRefusal('plan_upgrade_required');
}

function toGroupObject({ workspace }: SlackContext, group: UserGroup, withUsers: boolean): JsonObject {
  return {
    id: group.id,
    team_id: workspace.team.id,
    is_usergroup: true,
    is_external: false,
    name: group.name,
    handle: group.handle,
    description: '',
    date_delete: 0,
    user_count: group.userIds.length,
    ...(withUsers && { users: group.userIds }),
  };
}

function addReaction(slack: SlackContext, args: JsonObject): JsonObject {
  const channel = channelForChange(slack, requiredText(args, 'channel'));
  const message = findMessage(slack.workspace, channel.id, requiredText(args, 'timestamp'));
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(requiredText(args, 'name')))
    throw new ApiRefusal('invalid_name');
  if (!message || message.ephemeralFor) throw new ApiRefusal('message_not_found');
  return {};
}

function openConnection({ options, sockets, workspace }: SlackContext): JsonObject {
  const base = options.baseUrl.replace(/^http/, 'ws');
  return { url: `${base}/link/?ticket=${sockets.issueTicket()}&app_id=${workspace.app.id}` };
}

function validateBlocks(_slack: SlackContext, args: JsonObject): JsonObject {
  const view = parsed(args.view);
  const message = parsed(args.message);
  const blocks = isObject(message) ? message.blocks : parsed(args.blocks);
  const problems = isObject(view)
    ? checkView(view, view.type === 'home' ? 'home' : 'modal')
    : checkBlocks('message', blocks);
  if (problems.length === 0) return {};
  throw new ApiRefusal('invalid_blocks', {
    errors: problems.map(({ pointer, message: text }) => ({
      pointer,
      code: 'invalid',
      message: text,
      constraint: text,
    })),
  });
}
