import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';

const PORTS_TRIED = 50;
const TAKEN = new Set(['EADDRINUSE', 'EACCES']);

/** Listens on this machine only, on the wanted port or the next one that is free. Throws when many in a row are taken. */
export async function listenNear(server: Server, wanted: number): Promise<number> {
  for (const port of portsFrom(wanted)) {
    if (await tryListen(server, port, '127.0.0.1')) return (server.address() as AddressInfo).port;
  }
  throw new Error(`No port from ${wanted} on is free. Choose another with --port.`);
}

/** The wanted port, or the next one, that is free on every address of this machine. */
export async function findFreePort(wanted: number): Promise<number> {
  for (const port of portsFrom(wanted)) {
    if ((await isFree(port, undefined)) && (await isFree(port, '127.0.0.1'))) return port;
  }
  throw new Error(`No port from ${wanted} on is free for the bot. Choose another with --port.`);
}

function portsFrom(wanted: number): number[] {
  return Array.from({ length: PORTS_TRIED }, (_, index) => wanted + index).filter((port) => port <= 65_535);
}

async function isFree(port: number, host: string | undefined): Promise<boolean> {
  const probe = createServer();
  if (!(await tryListen(probe, port, host))) return false;
  probe.close();
  await once(probe, 'close');
  return true;
}

async function tryListen(
  server: Server | ReturnType<typeof createServer>,
  port: number,
  host: string | undefined,
): Promise<boolean> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (TAKEN.has((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
