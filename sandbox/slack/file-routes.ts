/** Bytes in and out: the bot's uploads, and downloads that answer a login page to whoever may not have the file. */

import { Hono } from 'hono';
import type { SlackContext } from './context.ts';
import { canBotSee, isDownloadable } from './files.ts';
import { bearer } from './request-args.ts';
import type { PendingUpload } from './uploads.ts';
import type { StoredFile } from './workspace.ts';

const LOGIN_PAGE = `<!DOCTYPE html><html lang="en"><head><title>Slack</title></head>
<body><h1>Sign in to your workspace</h1><form method="post"><input name="email"><button>Sign in</button></form></body></html>`;

export function fileRoutes(slack: SlackContext): Hono {
  const app = new Hono();
  app.post('/upload/v1/:ticket', async (c) => {
    const upload = slack.uploads.byTicket(c.req.param('ticket'));
    if (!upload) return c.text('invalid ticket', 404);
    const end = slack.traffic.begin({
      direction: 'out',
      title: 'file upload',
      request: `${upload.name}, ${upload.length} bytes`,
    });
    const problem = await receive(slack, upload, c.req.raw);
    end({ status: problem ? 400 : 200, response: problem ?? 'OK' });
    return problem ? c.text(problem, 400) : c.text(`OK - ${upload.size}`);
  });
  app.get('/files-pri/:owner/download/:name', (c) => download(slack, c.req.param('owner'), c.req.raw));
  app.get('/files-pri/:owner/:name', (c) => download(slack, c.req.param('owner'), c.req.raw));
  return app;
}

export function fileResponse(slack: SlackContext, file: StoredFile): Response {
  return new Response(slack.files.read(file.id), {
    headers: {
      'content-type': file.mimetype,
      'content-length': String(file.size),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    },
  });
}

async function receive(slack: SlackContext, upload: PendingUpload, request: Request): Promise<string | null> {
  const isForm = request.headers.get('content-type')?.startsWith('multipart/form-data') ?? false;
  const size = await slack.files.write(upload.fileId, isForm ? await firstFile(request) : request.body);
  if (size !== upload.length) return `length mismatch: expected ${upload.length}, received ${size}`;
  upload.size = size;
  return null;
}

async function firstFile(request: Request): Promise<ReadableStream<Uint8Array>> {
  const form = await request.formData();
  const file = [...form.values()].find((value) => typeof value !== 'string');
  return (file ?? new Blob([])).stream();
}

/** `owner` is `{team}-{file}`. */
function download(slack: SlackContext, owner: string, request: Request): Response {
  const file = slack.workspace.files.get(owner.slice(owner.lastIndexOf('-') + 1));
  const end = slack.traffic.begin({ direction: 'out', title: 'file download', request: file?.name ?? owner });
  if (!mayRead(slack, file, request)) {
    end({ status: 200, response: LOGIN_PAGE, note: 'No right to the file: a login page instead' });
    return new Response(LOGIN_PAGE, { headers: { 'content-type': 'text/html; charset=utf-8' } });
  }
  if (!file || !isDownloadable(file)) {
    end({ status: 404, response: '' });
    return new Response('File not found', { status: 404 });
  }
  end({ status: 200, response: `${file.size} bytes of ${file.mimetype}` });
  return fileResponse(slack, file);
}

function mayRead(slack: SlackContext, file: StoredFile | undefined, request: Request): boolean {
  const { options, faults } = slack;
  if (bearer(request.headers.get('authorization')) !== options.botToken) return false;
  if (faults.isOn('slack-revoke-token') || faults.isOn('slack-uninstall')) return false;
  if (!options.scopes.includes('files:read') || faults.strikes('slack-missing-files-read')) return false;
  return !file || file.mode === 'tombstone' || canBotSee(slack, file);
}
