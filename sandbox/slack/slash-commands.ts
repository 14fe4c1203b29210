/** A person runs a slash command; the bot has three seconds and may answer in the response itself. */

import type { JsonObject, Verbs } from '#sandbox/page-protocol.ts';
import { ApiRefusal } from './api-call.ts';
import { failureOf } from './app-failure.ts';
import { isObject } from './block-schema.ts';
import { spokenName } from './channels.ts';
import { encodeText } from './compose.ts';
import type { SlackContext } from './context.ts';
import { channelOf, findPerson } from './interaction-payload.ts';
import { readContent } from './message-content.ts';
import { addMessage } from './messages.ts';
import { PersonRefusal } from './person-refusal.ts';
import { issueResponseUrl } from './response-urls.ts';
import { SLACKBOT_ID } from './seed.ts';
import type { Channel, User } from './workspace.ts';

/** `text` is what was typed, with the command; text that does not start with `/` goes to the app's first command. */
export async function runSlashCommand(
  slack: SlackContext,
  input: Verbs['run-slash-command'],
): Promise<JsonObject> {
  const user = findPerson(slack, input.userId);
  const channel = channelOf(slack, input.channelId, user);
  if (channel.isArchived) throw new PersonRefusal(`#${channel.name} is archived.`);
  const { command, text } = split(slack, input.text);
  if (!isKnown(slack, command, user)) {
    tell(slack, user, channel, `\`${command}\` is not a valid command.`);
    return {};
  }
  const delivered = await slack.deliver({
    kind: 'command',
    title: `${command} ${text}`.trim(),
    payload: payload(slack, user, channel, command, text),
  });
  const failure = failureOf(delivered) ?? answer(slack, user, channel, input.text, delivered);
  if (failure !== null) tell(slack, user, channel, `${command} failed with the error "${failure}"`);
  return {};
}

function split(slack: SlackContext, typed: string): { command: string; text: string } {
  const trimmed = typed.trim();
  if (!trimmed.startsWith('/'))
    return { command: slack.options.slashCommands[0]?.command ?? '/', text: trimmed };
  const [command = '/'] = trimmed.split(/\s/, 1);
  return { command, text: trimmed.slice(command.length).trim() };
}

/** People of other companies do not have our apps' commands. */
function isKnown({ options, faults }: SlackContext, command: string, user: User): boolean {
  if (user.isStranger || faults.isOn('slack-uninstall')) return false;
  return options.slashCommands.some((known) => known.command === command);
}

function payload(
  slack: SlackContext,
  user: User,
  channel: Channel,
  command: string,
  text: string,
): JsonObject {
  const { team, app } = slack.workspace;
  return {
    token: slack.options.verificationToken,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: spokenName(channel),
    user_id: user.id,
    user_name: user.name,
    command,
    text: slack.options.shouldEscapeCommands ? encodeText(slack.workspace, text, true) : text,
    api_app_id: app.id,
    is_enterprise_install: 'false',
    response_url: issueResponseUrl(slack, {
      kind: 'command',
      userId: user.id,
      channelId: channel.id,
      threadTs: null,
      messageTs: null,
    }),
    trigger_id: slack.triggers.issue({ userId: user.id, channelId: channel.id, viewId: null }),
  };
}

/** Plain text or JSON, seen by the person alone unless `in_channel`, which shows the typed command too. */
function answer(
  slack: SlackContext,
  user: User,
  channel: Channel,
  typed: string,
  delivered: { outcome: string; body?: string },
): string | null {
  const body = delivered.body?.trim() ?? '';
  if (body === '') return null;
  try {
    const args = body.startsWith('{') ? (JSON.parse(body) as JsonObject) : { text: body };
    if (!isObject(args) || (!args.text && !args.blocks)) return null;
    const isPublic = args.response_type === 'in_channel';
    if (isPublic)
      addMessage(slack, { channelId: channel.id, userId: user.id, text: encodeText(slack.workspace, typed) });
    addMessage(slack, {
      ...readContent(slack, args, 'post'),
      channelId: channel.id,
      userId: slack.workspace.app.botUserId,
      ephemeralFor: isPublic ? null : user.id,
    });
    return null;
  } catch (error) {
    return error instanceof ApiRefusal ? error.code : 'invalid_command_response';
  }
}

/** Slackbot, to one person. */
export function tell(
  slack: SlackContext,
  user: User,
  channel: Channel,
  text: string,
  threadTs: string | null = null,
): void {
  addMessage(slack, { channelId: channel.id, userId: SLACKBOT_ID, text, threadTs, ephemeralFor: user.id });
}
