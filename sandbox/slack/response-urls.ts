/** `response_url`: five posts within thirty minutes, ephemeral unless asked otherwise (slack.md §2.2). */

import { Hono } from 'hono';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ApiRefusal, isTrue, optionalText } from './api-call.ts';
import type { SlackContext } from './context.ts';
import { newSecret } from './ids.ts';
import { readContent } from './message-content.ts';
import { addMessage, changeMessage, deleteMessage } from './messages.ts';
import { readRequest } from './request-args.ts';
import { findMessage, type Message, type ResponseUrl } from './workspace.ts';

const LIFE_MS = 30 * 60_000;
const USES = 5;
/** Dead URLs are remembered a while to name the right error. */
const MEMORY_MS = 24 * 60 * 60_000;

type Origin = Pick<ResponseUrl, 'kind' | 'userId' | 'channelId' | 'threadTs' | 'messageTs'>;

export function issueResponseUrl({ workspace, options }: SlackContext, origin: Origin): string {
  const now = options.clock.now();
  for (const { id, expiresAt } of workspace.responseUrls.values()) {
    if (expiresAt < now - MEMORY_MS) workspace.responseUrls.delete(id);
  }
  const id = newSecret();
  workspace.responseUrls.set(id, { ...origin, id, usesLeft: USES, expiresAt: now + LIFE_MS });
  return `${options.baseUrl}/${origin.kind === 'command' ? 'commands' : 'actions'}/${workspace.team.id}/${id}`;
}

export function responseUrlRoutes(slack: SlackContext): Hono {
  const app = new Hono();
  app.on('POST', ['/commands/:team/:id', '/actions/:team/:id'], async (c) => {
    const request = await readRequest(c.req.raw);
    const args = request instanceof ApiRefusal ? {} : request.args;
    const end = slack.traffic.begin({
      direction: 'out',
      title: 'response_url',
      request: JSON.stringify(args, null, 1),
    });
    const at = slack.options.clock.now();
    const answer =
      request instanceof ApiRefusal ? refusal(request) : answerTo(slack, c.req.param('id'), args);
    end({ status: answer.status, response: JSON.stringify(answer.body) });
    slack.options.observeCall({ method: 'response_url', args, at, ...answer, answer: answer.body });
    return c.json(answer.body, answer.status);
  });
  return app;
}

type Answer = { status: 200 | 400 | 404; body: JsonObject };

function answerTo(slack: SlackContext, id: string, args: JsonObject): Answer {
  try {
    use(slack, takeUse(slack, id), args);
    return { status: 200, body: { ok: true } };
  } catch (error) {
    if (error instanceof ApiRefusal) return refusal(error);
    throw error;
  }
}

function refusal({ code, extra }: ApiRefusal): Answer {
  const isGone = ['used_url', 'expired_url', 'invalid_url', 'message_not_found'].includes(code);
  return { status: isGone ? 404 : 400, body: { ok: false, error: code, ...extra } };
}

function takeUse({ workspace, options }: SlackContext, id: string): ResponseUrl {
  const url = workspace.responseUrls.get(id);
  if (!url) throw new ApiRefusal('invalid_url');
  if (options.clock.now() > url.expiresAt) throw new ApiRefusal('expired_url');
  if (url.usesLeft <= 0) throw new ApiRefusal('used_url');
  url.usesLeft -= 1;
  return url;
}

function use(slack: SlackContext, url: ResponseUrl, args: JsonObject): void {
  if (isTrue(args.delete_original)) deleteMessage(slack, originalOf(slack, url));
  else if (isTrue(args.replace_original)) {
    const original = originalOf(slack, url);
    changeMessage(slack, original, readContent(slack, args, 'post'));
  } else add(slack, url, args);
}

/** A slash command has no original message; an ephemeral original stays ephemeral and a public one public. */
function originalOf({ workspace }: SlackContext, url: ResponseUrl): Message {
  if (url.kind !== 'message' || url.messageTs === null) throw new ApiRefusal('cant_update_message');
  const original = findMessage(workspace, url.channelId, url.messageTs);
  if (!original) throw new ApiRefusal('message_not_found');
  return original;
}

function add(slack: SlackContext, url: ResponseUrl, args: JsonObject): void {
  const isPublic = args.response_type === 'in_channel';
  addMessage(slack, {
    ...readContent(slack, args, 'post'),
    channelId: url.channelId,
    userId: slack.workspace.app.botUserId,
    threadTs: optionalText(args, 'thread_ts') ?? url.threadTs,
    ephemeralFor: isPublic ? null : url.userId,
  });
}
