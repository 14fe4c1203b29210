/** The stand-in on a port of its own, for tests. */

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import type { StandInOptions } from './options.ts';
import { createSlackStandIn, type SlackStandIn } from './stand-in.ts';

export type StartedSlackStandIn = SlackStandIn & { url: string };

export async function startSlackStandIn(options: Partial<StandInOptions> = {}): Promise<StartedSlackStandIn> {
  const standIn = createSlackStandIn(options);
  const sockets = new WebSocketServer({ noServer: true });
  const server = createAdaptorServer({
    fetch: standIn.routes.fetch,
    websocket: { server: sockets },
  }) as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  standIn.setBaseUrl(url);
  return {
    ...standIn,
    url,
    async close() {
      await standIn.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
