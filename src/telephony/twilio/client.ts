import { Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { isIPv4 } from 'node:net';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import type { AccountContext } from 'twilio/lib/rest/api/v2010/account.js';
import { answerRefused, requestLost } from './request-problem.ts';

export type TwilioAccess = {
  accountSid: string;
  authToken: string;
  origin: string;
  timeoutMs: number;
};
export type TwilioClient = { account: AccountContext; close(): void };

const TWILIO_ORIGIN = 'https://api.twilio.com';
const MOST_SOCKETS = 50;
const IDLE_SOCKET_MS = 30_000;

/**
 * The official client for one account, without its retries, its environment variables and its errors: every failure is a
 * `TwilioRefused` or a `RequestLost`. Loaded on first use, because the client brings 30 MB of HTTP library along.
 */
export async function createTwilioClient(access: TwilioAccess): Promise<TwilioClient> {
  const agents = createAgents();
  const [{ Client }, Requests, Api] = await loadTwilio();
  class GuardedRequests extends Requests {
    override async request<Data>(options: RequestClient.RequestOptions<Data>) {
      const uri = addressAt(access.origin, options.uri);
      const response = await super.request<Data>({ ...options, uri }).catch((error: unknown) => {
        throw requestLost(error);
      });
      this.lastRequest = undefined;
      if (response.statusCode >= 300)
        throw answerRefused(response.statusCode, response.body, response.headers);
      return response;
    }
  }
  const httpClient = new GuardedRequests({
    timeout: access.timeoutMs,
    autoRetry: false,
    keepAlive: true,
    ca: '',
  });
  httpClient.axios.defaults.httpAgent = agents.plain;
  httpClient.axios.defaults.httpsAgent = agents.secure;
  httpClient.axios.interceptors.request.use((config) => {
    config.signal = AbortSignal.timeout(access.timeoutMs);
    return config;
  });
  const client = new Client(access.accountSid, access.authToken, {
    accountSid: access.accountSid,
    httpClient,
    env: {},
    edge: '',
    region: '',
    logLevel: 'error',
    autoRetry: false,
  });
  const close = () => {
    agents.plain.destroy();
    agents.secure.destroy();
  };
  return { account: new Api(client).v2010.account, close };
}

/**
 * Where requests go: to Twilio, or to a stand-in on this machine. Throws for any other address, because a typing error
 * must not send credentials away.
 */
export function apiOrigin(apiUrl: string | null): string {
  if (apiUrl === null) return TWILIO_ORIGIN;
  const url = URL.parse(apiUrl);
  if (url && isLoopback(url.hostname)) return url.origin;
  throw new Error(
    'TWILIO_API_URL is for the stand-in carrier on this machine: use http://127.0.0.1 with its port.',
  );
}

async function loadTwilio() {
  const [base, requests, api] = await Promise.all([
    import('twilio/lib/base/BaseTwilio.js'),
    import('twilio/lib/base/RequestClient.js'),
    import('twilio/lib/rest/ApiBase.js'),
  ]);
  return [base.default, requests.default, api.default] as const;
}

function createAgents() {
  const options = { keepAlive: true, maxSockets: MOST_SOCKETS, timeout: IDLE_SOCKET_MS };
  return { plain: new PlainAgent(options), secure: new SecureAgent(options) };
}

function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]') return true;
  return isIPv4(hostname) && hostname.startsWith('127.');
}

function addressAt(origin: string, uri: string): string {
  if (!uri.startsWith(`${TWILIO_ORIGIN}/`))
    throw new Error('A request to another address than Twilio’s was refused.');
  return origin + uri.slice(TWILIO_ORIGIN.length);
}
