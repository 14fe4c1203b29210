import { lookup as lookUpName } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isLoopbackHost, readWebhookUrl } from '#domain/webhook-url.ts';
import type { WebhookDoor } from '#ports/webhooks.ts';
import { isOwnAddress, isPublicAddress } from './addresses.ts';
import { PRIVATE, PRIVATE_CODE } from './private-address.ts';
import { sendOnce } from './send-once.ts';

export type DoorOptions = {
  /** Plain http to this machine is let through as well: for the sandbox and tests, never in production. */
  allowsLoopback: boolean;
  timeoutMs: number;
  /** How names are looked up; the system's way unless a test has its own. */
  lookup?: LookupFunction;
};

/** Sockets to one host at once, over all webhooks that lead there. */
const MOST_SOCKETS = 10;
const IDLE_MS = 5_000;
/** Slack waits three seconds for the whole of a form's answer, and the system's own patience may be much longer. */
const LOOK_UP_MS = 2_000;

/** Opens the way out to addresses that customers name; `close` cuts what is still under way. */
export function createWebhookDoor({ allowsLoopback, timeoutMs, lookup }: DoorOptions): WebhookDoor {
  const resolve = lookup ?? (lookUpName as LookupFunction);
  const guarded = guard(resolve, allowsLoopback);
  const options = { keepAlive: true, maxSockets: MOST_SOCKETS, timeout: IDLE_MS, lookup: guarded };
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) };
  return {
    async check(text) {
      const read = readWebhookUrl(text, { allowsLoopback });
      if (!read.ok) return read;
      const problem = await problemOfHost(read.url.hostname, guarded, allowsLoopback);
      return problem === null ? { ok: true, url: read.url.href } : { ok: false, problem };
    },
    async post({ url: text, headers, body }) {
      const read = readWebhookUrl(text, { allowsLoopback });
      if (!read.ok) return { kind: 'failed', problem: read.problem, ms: 0 };
      const { url } = read;
      const problem = problemOfLiteral(url.hostname, allowsLoopback);
      if (problem) return { kind: 'failed', problem, ms: 0 };
      const agent = agents[url.protocol as keyof typeof agents];
      return sendOnce({ url, headers, body }, { agent, timeoutMs });
    },
    async close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/**
 * Looks names up and refuses those that any private address belongs to. The connection goes to an address that was
 * looked at here, so a name that answers differently the next time gains nothing.
 */
function guard(resolve: LookupFunction, allowsLoopback: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : [];
      const [first] = addresses;
      if (error) return callback(error, '');
      if (!first || !addresses.every(({ address }) => mayReach(hostname, address, allowsLoopback)))
        return callback(Object.assign(new Error(PRIVATE), { code: PRIVATE_CODE }), '');
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

function mayReach(hostname: string, address: string, allowsLoopback: boolean): boolean {
  return isPublicAddress(address) || (allowsLoopback && isLoopbackHost(hostname) && isOwnAddress(address));
}

/** An address in place of a name is never looked up, so it is looked at here. */
function problemOfLiteral(hostname: string, allowsLoopback: boolean): string | null {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) === 0 || mayReach(hostname, address, allowsLoopback) ? null : PRIVATE;
}

async function problemOfHost(
  hostname: string,
  lookup: LookupFunction,
  allowsLoopback: boolean,
): Promise<string | null> {
  if (isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0) return problemOfLiteral(hostname, allowsLoopback);
  return new Promise((done) => {
    const late = `The host name ${hostname} could not be looked up within ${LOOK_UP_MS / 1_000} seconds. Try again.`;
    const timer = setTimeout(() => done(late), LOOK_UP_MS);
    lookup(hostname, { all: true }, (error) => {
      clearTimeout(timer);
      if (!error) return done(null);
      done(error.code === PRIVATE_CODE ? PRIVATE : `The host name ${hostname} cannot be found.`);
    });
  });
}
