/** The page's side: verbs as JSON, files as raw bytes. Requests from other origins are turned away. */

import { type Context, Hono } from 'hono';
import type { SlackContext } from './context.ts';
import { fileResponse } from './file-routes.ts';
import { isDownloadable } from './files.ts';
import { draftFile, dropFile } from './people-actions.ts';
import { PersonRefusal } from './person-refusal.ts';
import { readVerbInput } from './verb-input.ts';
import { answered, SLACK_VERB_NAMES, type SlackVerbName, type SlackVerbs } from './verbs.ts';

export function uiRoutes(slack: SlackContext, verbs: SlackVerbs): Hono {
  const app = new Hono();
  app.use('/ui/*', async (c, next) => {
    if (isForeign(c)) return c.json({ ok: false, error: 'Only the sandbox page may do this.' }, 403);
    return await next();
  });
  for (const name of SLACK_VERB_NAMES) app.post(`/ui/${name}`, (c) => runVerb(verbs, name, c));
  app.post('/ui/upload-file', (c) => uploadFile(slack, c));
  app.post('/ui/upload-draft', (c) => uploadDraft(slack, c));
  app.get('/ui/files/:id', (c) => {
    const file = slack.workspace.files.get(c.req.param('id'));
    return file && isDownloadable(file) ? fileResponse(slack, file) : c.text('This file is gone.', 404);
  });
  return app;
}

async function runVerb<K extends SlackVerbName>(verbs: SlackVerbs, name: K, c: Context): Promise<Response> {
  if (!c.req.header('content-type')?.startsWith('application/json')) {
    return c.json({ ok: false, error: 'Send JSON.' }, 415);
  }
  const body: unknown = await c.req.json().catch(() => null);
  const checked = await answered(async () => {
    const answer = await verbs[name](readVerbInput(name, body));
    if (!answer.ok) throw new PersonRefusal(answer.error);
    return answer;
  });
  return c.json(checked);
}

async function uploadFile(slack: SlackContext, c: Context): Promise<Response> {
  const { userId = '', channelId = '', threadTs = '', name = '', comment = '' } = c.req.query();
  const answer = await answered(async () => {
    if (name === '') throw new PersonRefusal('The file has no name.');
    const { message, file } = await dropFile(slack, {
      userId,
      channelId,
      threadTs: threadTs === '' ? null : threadTs,
      name,
      comment,
      bytes: c.req.raw.body,
    });
    return { ts: message.ts, file };
  });
  return c.json(answer);
}

async function uploadDraft(slack: SlackContext, c: Context): Promise<Response> {
  const { userId = '', name = '' } = c.req.query();
  return c.json(
    await answered(async () => {
      if (name === '') throw new PersonRefusal('The file has no name.');
      return await draftFile(slack, { userId, name, bytes: c.req.raw.body });
    }),
  );
}

/** Any website could otherwise make a visitor's browser post to this machine. */
function isForeign(c: Context): boolean {
  const origin = c.req.header('origin');
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== c.req.header('host');
}
