import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems hand out by themselves, one of which would be taken again before its server listens. */
const PORTS = [20_000, 32_000] as const;
const TRIES = 50;

/** A port that is free at this moment, for a server whose address others must know before it listens. */
export async function freePort(): Promise<number> {
  for (let tried = 1; tried <= TRIES; tried += 1) {
    const port = randomInt(...PORTS);
    if (await isFree(port)) return port;
  }
  throw new Error(`${TRIES} ports in a row were taken`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
