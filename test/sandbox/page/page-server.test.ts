import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createPageServer, type FeedChange, type PageSource } from '#sandbox/page-server.ts';
import { SHORTCUTS } from '#sandbox/shortcuts.ts';
import { startFakeSandbox } from './fake-sandbox.ts';
import { ada, ben, message, tsAt } from './people.ts';

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function source(part: ReturnType<PageSource['snapshot']>) {
  const listeners = new Set<(change: FeedChange) => void>();
  return {
    snapshot: () => part,
    subscribe(listener: (change: FeedChange) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    say(change: FeedChange) {
      for (const listener of listeners) listener(change);
    },
    listeners,
  };
}

function socket(bufferedAmount = 0) {
  const sent: { type: string; [key: string]: unknown }[] = [];
  const closed: number[] = [];
  return {
    sent,
    closed,
    raw: { bufferedAmount },
    send: (text: string) => void sent.push(JSON.parse(text)),
    close: (code?: number) => void closed.push(code ?? 0),
  };
}

async function open(...sources: PageSource[]) {
  const server = await createPageServer({ sources });
  closers.push(() => server.close());
  return server;
}

describe('the page server', () => {
  it('serves the page, its script and its style, and 304 to whoever has them', async () => {
    const { routes } = await open();
    for (const [path, type] of [
      ['/', 'text/html'],
      ['/page.js', 'text/javascript'],
      ['/page.css', 'text/css'],
    ] as const) {
      const first = await routes.request(path);
      expect(first.status).toBe(200);
      expect(first.headers.get('content-type')).toContain(type);
      expect(first.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect((await first.text()).length).toBeGreaterThan(300);
      const again = await routes.request(path, {
        headers: { 'if-none-match': first.headers.get('etag') ?? '' },
      });
      expect(again.status).toBe(304);
      expect(await again.text()).toBe('');
    }
  });

  it('asks no other host for anything', async () => {
    const { routes } = await open();
    for (const path of ['/', '/page.css']) {
      const text = await (await routes.request(path)).text();
      expect(text.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//);
    }
  });

  it('joins what every source has into one snapshot, then passes changes on in order', async () => {
    const one = source({ tables: { users: [ada] }, botUserId: 'U0BOT' });
    const two = source({
      tables: { users: [ben], messages: [] },
      slashCommands: [{ command: '/x', description: '', usageHint: '' }],
    });
    const server = await open(one, two);
    const page = socket();
    server.connectFeed(page);
    expect(page.sent[0]).toMatchObject({
      type: 'snapshot',
      botUserId: 'U0BOT',
      slashCommands: [{ command: '/x' }],
      tables: { users: [{ id: ada.id }, { id: ben.id }], traffic: [], bot: [] },
    });
    one.say({ type: 'upsert', table: 'messages', row: message({ ts: tsAt(1) }) });
    two.say({ type: 'remove', table: 'messages', id: 'x' });
    expect(page.sent.slice(1).map((change) => change.type)).toEqual(['upsert', 'remove']);
  });

  it('tells a socket nothing once it let go, and drops one that falls too far behind', async () => {
    const only = source({});
    const server = await open(only);
    const [gone, slow, fine] = [socket(), socket(17 * 1024 * 1024), socket()];
    server.connectFeed(gone)();
    server.connectFeed(slow);
    server.connectFeed(fine);
    only.say({ type: 'remove', table: 'users', id: 'x' });
    only.say({ type: 'remove', table: 'users', id: 'y' });
    expect([gone.sent.length, slow.sent.length, fine.sent.length]).toEqual([1, 1, 3]);
    expect(slow.closed).toEqual([1013]);
  });

  it('closes its sockets and stops listening to its sources', async () => {
    const only = source({});
    const server = await createPageServer({ sources: [only] });
    const page = socket();
    server.connectFeed(page);
    await server.close();
    expect(page.closed).toEqual([1001]);
    expect(only.listeners.size).toBe(0);
  });

  it('bundles anew on every load only when asked to', async () => {
    const server = await createPageServer({ sources: [], rebundleOnLoad: true });
    closers.push(() => server.close());
    expect((await server.routes.request('/')).status).toBe(200);
    expect((await server.routes.request('/page.js')).status).toBe(200);
  });

  it('feeds its own page and programs, but no page of another origin', async () => {
    const sandbox = await startFakeSandbox();
    closers.push(() => sandbox.close());
    const address = `ws://127.0.0.1:${sandbox.port}/ui/feed`;
    const outcome = (origin?: string) =>
      new Promise<string>((resolve) => {
        const client = new WebSocket(address, origin === undefined ? {} : { origin });
        client.on('message', (data) => {
          client.terminate();
          resolve(JSON.parse(String(data)).type);
        });
        client.on('error', (error) => resolve(error.message));
      });
    expect(await outcome()).toBe('snapshot');
    expect(await outcome(`http://127.0.0.1:${sandbox.port}`)).toBe('snapshot');
    expect(await outcome('http://evil.example')).toContain('403');
  });

  it('offers exactly the shortcuts that the manifest registers', async () => {
    const manifest = await readFile(new URL('manifest.yml', pathToFileURL(`${process.cwd()}/`)), 'utf8');
    const registered = [...manifest.matchAll(/callback_id: (\w+)/g)].map((match) => match[1]);
    expect(SHORTCUTS.map((shortcut) => shortcut.callbackId)).toEqual(registered);
    for (const { name, description } of SHORTCUTS) {
      expect(manifest).toContain(`name: ${name}`);
      expect(manifest).toContain(`description: ${description}`);
    }
  });
});
