import { upgradeWebSocket } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { WSContext } from 'hono/ws';
import type { Deps } from '#operations/deps.ts';
import type { Changes } from '#ports/changes.ts';
import { secretOf } from './credentials.ts';
import type { Wire } from './feed-socket.ts';
import { type FeedLimits, Hub } from './hub.ts';
import { openMonitor } from './monitor-view.ts';
import { openProgress } from './progress-view.ts';
import type { OpenView, Session } from './session.ts';
import { openTalk } from './talk-view.ts';

/** The live feed of one process. `stop` closes every socket with 1001, and takes no more. */
export type Feed = { routes: Hono; stop(): Promise<void> };

/**
 * Each socket may have a megabyte waiting for a slow reader; a thousand that come back at once ask for a thousand things
 * within two seconds.
 */
const LIMITS: FeedLimits = { mostSockets: 2_000, looksPerSecond: 500 };
const NO_SOCKET = 'This address speaks WebSocket alone: connect to it with ws:// or wss://.';
const ID = /^[1-9]\d{0,8}$/;

/** Opens the sockets at `/ws` (campaign-api §4.2, §7.22). Nothing is listened for before the first of them. */
export function createFeed(deps: Deps, changes: Changes, limits: Partial<FeedLimits> = {}): Feed {
  const hub = new Hub(deps, changes, { ...LIMITS, ...limits });
  const sockets = (viewOf: (c: Context) => OpenView) => socketsOf(deps, hub, viewOf);
  const monitor = sockets(() => (socket, token) => openMonitor(deps, hub.campaigns, { socket, token }));
  const progress = sockets((c) => {
    const campaignId = idOf(c);
    return (socket, token) => openProgress(deps, hub.campaigns, { socket, token, campaignId });
  });
  const transcript = sockets((c) => {
    const wanted = c.req.param('id') ?? '';
    return (socket, token) => openTalk(deps, hub.talks, { socket, token, wanted });
  });
  const routes = new Hono()
    .get('/ws/campaigns/monitor', monitor, refuseRequest)
    .get('/ws/campaigns/:id/progress', progress, refuseRequest)
    .get('/ws/calls/:id/live-transcript', transcript, refuseRequest)
    // As the reference writes it (campaign-api §6).
    .get('/live-transcript/:id', transcript, refuseRequest);
  return { routes, stop: () => hub.stop() };
}

function socketsOf(deps: Deps, hub: Hub, viewOf: (c: Context) => OpenView) {
  const onError = (cause: unknown) => deps.log.error({ cause }, 'a socket of the feed broke');
  return upgradeWebSocket(
    (c) => {
      const opening = { secret: secretOf(c), open: viewOf(c) };
      let session: Session | null = null;
      return {
        onOpen: (_event, socket: WSContext<unknown>) => {
          session = hub.take(socket.raw as Wire, opening);
        },
        onMessage: ({ data }) => session?.receive(data),
        onClose: () => session && hub.lost(session),
      };
    },
    { onError },
  );
}

function refuseRequest(c: Context) {
  return c.json({ detail: NO_SOCKET }, 426, { upgrade: 'websocket' });
}

/** Null for what is no id at all: there is no such campaign either. */
function idOf(c: Context): number | null {
  const id = c.req.param('id') ?? '';
  return ID.test(id) ? Number(id) : null;
}
