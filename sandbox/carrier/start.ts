import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { type CarrierSettings, type CarrierStandIn, createCarrierStandIn } from './carrier.ts';

export type RunningCarrier = CarrierStandIn & { url: string; stop(): Promise<void> };

/** The carrier on a port of its own, 0 for any free one. */
export async function startCarrierStandIn(settings: CarrierSettings, port = 0): Promise<RunningCarrier> {
  const carrier = createCarrierStandIn(settings);
  const server = createAdaptorServer({ fetch: carrier.routes.fetch }) as Server;
  server.keepAliveTimeout = 60_000;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: actualPort } = server.address() as AddressInfo;
  const stop = async () => {
    carrier.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { ...carrier, url: `http://127.0.0.1:${actualPort}`, stop };
}
