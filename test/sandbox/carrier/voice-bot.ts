import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import twilio from 'twilio';
import { type WebSocket, WebSocketServer } from 'ws';
import { INSTANT, type LatencyProfile } from '#sandbox/carrier/options.ts';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  listenOn,
  OUR_NUMBERS,
  startCarrier,
  stillClock,
  type TestCarrier,
} from '#support/carrier.ts';

export type Asked = { path: string; query: string; params: Record<string, string>; isSigned: boolean };
export type Frame = Record<string, unknown> & { type: string };
export type Session = {
  isSigned: boolean;
  frames: Frame[];
  closeCode: number | null;
  say(token: string, more?: object): void;
  send(frame: object | string): void;
  drop(): void;
};

/** A bot as small as can be: it answers with the documents it is given, and a test speaks for it on its sockets. */
export type VoiceBot = {
  url: string;
  socketUrl: string;
  asked: Asked[];
  sessions: Session[];
  /** What a path is answered with from now on; 204 where nothing was set. */
  answers: Map<string, string | ((asked: Asked) => string | { status: number } | 'silence')>;
  /** Called with every frame of every session. */
  onFrame: (session: Session, frame: Frame) => void;
  /** Refuse the next sockets. */
  refusesSockets: boolean;
  at(path: string): Asked[];
  close(): Promise<void>;
};

export async function startVoiceBot(): Promise<VoiceBot> {
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer();
  const endpoint = await listenOn(server as Server);
  const bot: VoiceBot = {
    url: endpoint.url,
    socketUrl: `${endpoint.url.replace('http', 'ws')}/relay`,
    asked: [],
    sessions: [],
    answers: new Map(),
    onFrame: () => undefined,
    refusesSockets: false,
    at: (path) => bot.asked.filter((asked) => asked.path === path),
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await endpoint.close();
    },
  };
  const isSigned = (header: unknown, url: string, params: Record<string, string>) =>
    twilio.validateRequest(AUTH_TOKEN, String(header), url, params);
  server.on('request', async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { pathname, search } = new URL(request.url ?? '', endpoint.url);
    const params = Object.fromEntries(new URLSearchParams(body));
    const signature = request.headers['x-twilio-signature'];
    const asked = {
      path: pathname,
      query: search,
      params,
      isSigned: isSigned(signature, endpoint.url + request.url, params),
    };
    bot.asked.push(asked);
    const set = bot.answers.get(pathname);
    const answer = typeof set === 'function' ? set(asked) : set;
    if (answer === 'silence') return;
    const status = typeof answer === 'object' ? answer.status : answer ? 200 : 204;
    response.writeHead(status, { 'Content-Type': 'text/xml' });
    response.end(typeof answer === 'string' ? answer : '');
  });
  server.on('upgrade', (request, socket, head) => {
    if (bot.refusesSockets) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const signed = isSigned(request.headers['x-twilio-signature'], bot.socketUrl, {});
    sockets.handleUpgrade(request, socket, head, (opened) => take(bot, opened, signed));
  });
  return bot;
}

function take(bot: VoiceBot, socket: WebSocket, isSigned: boolean): void {
  const send = (frame: object | string) =>
    socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  const session: Session = {
    isSigned,
    frames: [],
    closeCode: null,
    say: (token, more = {}) => send({ type: 'text', token, last: true, ...more }),
    send,
    drop: () => socket.terminate(),
  };
  bot.sessions.push(session);
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    session.frames.push(frame);
    bot.onFrame(session, frame);
  });
  socket.on('close', (code) => {
    session.closeCode = code;
  });
}

/** Times that are easy to count with; speech takes as long as in life. */
const COUNTABLE: LatencyProfile = {
  ...INSTANT,
  dial: [100, 100],
  ring: [1_000, 1_000],
  pickUp: [3_000, 3_000],
  react: [1_000, 1_000],
  endpointing: [400, 400],
  greeting: [700, 700],
  speechStart: [300, 300],
  action: [600, 600],
  completed: [500, 500],
  recording: [2_000, 2_000],
  callPrice: [60_000, 60_000],
  pace: 1,
};

export const STARTS_AT = Date.UTC(2026, 2, 2, 15);

export type Stage = {
  bot: VoiceBot;
  carrier: TestCarrier;
  clock: ReturnType<typeof stillClock>;
  /** Lets product time pass in small steps, with everything that happens meanwhile. */
  pass(ms: number): Promise<void>;
  /** Lets much time pass at once. */
  jump(ms: number): Promise<void>;
  /** Lets product time pass until something is so. */
  until(isSo: () => boolean, withinMs?: number): Promise<void>;
  stop(): Promise<void>;
};

const STEP_MS = 100;
const ON_THE_WIRE_MS = 5;

export async function setStage(overrides: Parameters<typeof startCarrier>[0] = {}): Promise<Stage> {
  const bot = await startVoiceBot();
  const clock = stillClock(STARTS_AT);
  const carrier = await startCarrier({ clock, latency: COUNTABLE, ...overrides });
  const step = async () => {
    clock.move(STEP_MS);
    await carrier.settled();
  };
  /** What is on the wire reaches the bot. */
  const arrive = async () => {
    await sleep(ON_THE_WIRE_MS);
    await carrier.settled();
  };
  return {
    bot,
    carrier,
    clock,
    pass: async (ms) => {
      for (let passed = 0; passed < ms; passed += STEP_MS) await step();
      await arrive();
    },
    jump: async (ms) => {
      clock.move(ms);
      await carrier.settled();
    },
    until: async (isSo, withinMs = 120_000) => {
      for (let passed = 0; !isSo(); passed += STEP_MS) {
        if (passed > withinMs) throw new Error(`It did not become so within ${withinMs} ms`);
        await step();
      }
      await arrive();
    },
    stop: async () => {
      await carrier.stop();
      await bot.close();
    },
  };
}

export type RestAnswer = { status: number; json: Record<string, unknown> };

/** The REST API, spoken by hand. */
export async function rest(
  carrier: TestCarrier,
  method: string,
  path: string,
  form?: Record<string, string | string[]>,
): Promise<RestAnswer> {
  const body = new URLSearchParams();
  for (const [name, values] of Object.entries(form ?? {}))
    for (const value of [values].flat()) body.append(name, value);
  const response = await fetch(`${carrier.url}/2010-04-01/Accounts/${ACCOUNT_SID}/${path}`, {
    method,
    headers: { Authorization: `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}` },
    body: form ? body : null,
  });
  const text = await response.text();
  return { status: response.status, json: text.startsWith('{') ? JSON.parse(text) : {} };
}

const ALL_EVENTS = ['initiated', 'ringing', 'answered', 'completed'];

/** Places a call as the bot does: every callback wanted, every address naming the call. */
export async function placeCall(
  { bot, carrier }: Pick<Stage, 'bot' | 'carrier'>,
  to: string,
  form: Record<string, string | string[]> = {},
): Promise<RestAnswer & { sid: string }> {
  const answer = await rest(carrier, 'POST', 'Calls.json', {
    To: to,
    From: OUR_NUMBERS.first,
    Url: `${bot.url}/answer?call=t1#rc=5&rp=all`,
    StatusCallback: `${bot.url}/status?call=t1#rc=5&rp=all`,
    StatusCallbackEvent: ALL_EVENTS,
    Timeout: '25',
    ...form,
  });
  return { ...answer, sid: String(answer.json.sid) };
}

export function hangUpTwiml(words = ''): string {
  return `<Response>${words ? `<Say>${words}</Say>` : ''}<Hangup/></Response>`;
}

export function relayTwiml(bot: VoiceBot, attributes = '', children = ''): string {
  return `<Response><Connect action="${bot.url}/after?call=t1"><ConversationRelay url="${bot.socketUrl}" ${attributes}>${children}</ConversationRelay></Connect></Response>`;
}

/** The statuses that the callbacks told, in order. */
export function statuses(bot: VoiceBot): (string | undefined)[] {
  return bot.at('/status').map(({ params }) => params.CallStatus);
}
