import { once } from 'node:events';
import { Hono } from 'hono';
import WebSocket from 'ws';
import { type HttpServer, listen } from '#http/server.ts';
import type {
  ConversationListener,
  ConversationTransport,
  OpenConversation,
  SessionOpening,
} from '#ports/conversation.ts';
import type { Log } from '#ports/log.ts';
import { signForm } from '#sandbox/carrier/signature.ts';
import { ACCOUNT_SID, AUTH_TOKEN } from '#support/carrier.ts';
import { quietLog } from '#support/engine.ts';
import { relayRoutes } from '#telephony/twilio/relay.ts';
import type { RelayLimits } from '#telephony/twilio/relay-session.ts';

const PUBLIC = 'https://bot.example.com/ringmaster';
export const RELAY = 'wss://bot.example.com/ringmaster/twilio/relay';
export const CALL = 'CA0123456789abcdef0123456789abcdef';

export const SETUP = {
  type: 'setup',
  sessionId: 'VX1',
  callSid: CALL,
  parentCallSid: '',
  accountSid: ACCOUNT_SID,
  from: '+12025550100',
  to: '+12125550101',
  forwardedFrom: '',
  callerName: '',
  direction: 'outbound-api',
  callType: 'PSTN',
  callStatus: 'IN-PROGRESS',
  customParameters: { nonce: 'nonce-1' },
};

export type Heard = [verb: keyof ConversationListener, ...told: unknown[]];

export type RelayStage = {
  server: HttpServer;
  url: string;
  heard: Heard[];
  openings: SessionOpening[];
  transports: ConversationTransport[];
  logged: { fields: object; message: string }[];
  /** How the next session is opened; by default at once, for any nonce. */
  open: (opening: SessionOpening, listener: ConversationListener) => ReturnType<OpenConversation>;
  /** What the listener does beside remembering. */
  onHeard: (heard: Heard) => void;
  /** Connects as Twilio would, behind a proxy that strips the public prefix. */
  connect(lies?: { token?: string; signedUrl?: string; signature?: string | null; path?: string }): WebSocket;
  /** Connects, and has said who it is. */
  begin(setup?: object): Promise<WebSocket>;
};

/** The relay on the real server, with a conversation that remembers everything it hears. */
export async function startRelayStage(limits: Partial<RelayLimits> = {}): Promise<RelayStage> {
  const stage: RelayStage = {
    server: { port: 0, openSockets: () => 0, close: async () => {} },
    url: '',
    heard: [],
    openings: [],
    transports: [],
    logged: [],
    open: async (_opening, listener) => listener,
    onHeard: () => {},
    connect: ({ token = AUTH_TOKEN, signedUrl = RELAY, signature, path = '/twilio/relay' } = {}) => {
      const signed = signature === undefined ? signForm(token, signedUrl, {}) : signature;
      const headers = signed === null ? {} : { 'X-Twilio-Signature': signed };
      // A handshake that is broken off is an error of the client's.
      return new WebSocket(`${stage.url}${path}`, { headers }).on('error', () => {});
    },
    begin: async (setup = SETUP) => {
      const socket = stage.connect();
      await once(socket, 'open');
      socket.send(JSON.stringify(setup));
      return socket;
    },
  };
  const log: Log = {
    ...quietLog,
    warn: (fields, message) => stage.logged.push({ fields, message }),
    error: (fields, message) => stage.logged.push({ fields, message }),
  };
  const routes = relayRoutes({
    authTokens: [AUTH_TOKEN, 'the-token-before-the-rotation'],
    accountSid: ACCOUNT_SID,
    publicUrl: PUBLIC,
    converse: (opening, transport) => {
      stage.openings.push(opening);
      stage.transports.push(transport);
      return stage.open(opening, listenerOf(stage));
    },
    log,
    limits,
  });
  stage.server = await listen(new Hono().route('/', routes), 0, 'http://127.0.0.1');
  stage.url = `ws://127.0.0.1:${stage.server.port}`;
  return stage;
}

/** Code and reason of a socket that closes. */
export async function closing(socket: WebSocket): Promise<[code: number, reason: string]> {
  const [code, reason] = await once(socket, 'close');
  return [code, String(reason)];
}

/** The next frames that a socket receives. */
export function frames(socket: WebSocket): unknown[] {
  const received: unknown[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  return received;
}

function listenerOf(stage: RelayStage): ConversationListener {
  const remember = (...heard: Heard) => {
    stage.heard.push(heard);
    stage.onHeard(heard);
  };
  return {
    onUtterance: (utterance) => remember('onUtterance', utterance),
    onInterrupt: (cut) => remember('onInterrupt', cut),
    onDigit: (digit) => remember('onDigit', digit),
    onSpeaking: (who, isSpeaking) => remember('onSpeaking', who, isSpeaking),
    onPlayed: (text) => remember('onPlayed', text),
    onProblem: (description) => remember('onProblem', description),
    onClose: () => remember('onClose'),
  };
}
