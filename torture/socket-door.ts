import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';

/** A frame of a conversation on its way; `callSid` is empty until the carrier has said which call it is. */
export type Frame = {
  port: number;
  from: 'carrier' | 'bot';
  callSid: string;
  contactNumber: string;
  content: Record<string, unknown>;
};

export type SocketWatch = {
  /** The bot that takes the next conversation; undefined while none lives. */
  choosePort(): number | undefined;
  opened(port: number): void;
  passed(frame: Frame): void;
};

/** Headers of a handshake that belong to one connection, not to what is asked for on it. */
const OF_THE_CONNECTION = /^(host|connection|upgrade|sec-websocket-.*)$/;
const NO_CODE = 1_005;
const CUT_OFF = 1_006;

/** Leads conversations through to a living bot; a socket ends on both sides with the process at either of them. */
export function bridgeSockets(server: Server, watch: SocketWatch): void {
  const accepting = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on('upgrade', (incoming: IncomingMessage, raw: Duplex, head: Buffer) => {
    raw.on('error', () => undefined);
    const port = watch.choosePort();
    if (port === undefined) return refuse(raw, 502);
    const inner = new WebSocket(`ws://127.0.0.1:${port}${incoming.url ?? '/'}`, {
      headers: headersOf(incoming),
      perMessageDeflate: false,
    });
    const giveUp = () => inner.terminate();
    raw.once('close', giveUp);
    inner.on('error', () => refuse(raw, 502));
    inner.once('unexpected-response', (_request, response) => {
      refuse(raw, response.statusCode ?? 502);
      inner.terminate();
    });
    inner.once('open', () => {
      raw.off('close', giveUp);
      accepting.handleUpgrade(incoming, raw, head, (outer) => couple(outer, inner, port, watch));
      watch.opened(port);
    });
  });
}

function couple(outer: WebSocket, inner: WebSocket, port: number, watch: SocketWatch): void {
  const call = { callSid: '', contactNumber: '' };
  const lead = (from: Frame['from'], source: WebSocket, target: WebSocket) => {
    source.on('message', (data, isBinary) => {
      const content = JSON.parse(String(data)) as Record<string, unknown>;
      if (content.type === 'setup') {
        call.callSid = String(content.callSid);
        call.contactNumber = String(content.direction === 'inbound' ? content.from : content.to);
      }
      if (target.readyState === WebSocket.OPEN) target.send(data, { binary: isBinary });
      watch.passed({ port, from, ...call, content });
    });
    source.on('error', () => undefined);
    source.on('close', (code) => end(target, code));
  };
  lead('carrier', outer, inner);
  lead('bot', inner, outer);
}

function end(socket: WebSocket, code: number): void {
  if (code === CUT_OFF) socket.terminate();
  else if (code === NO_CODE) socket.close();
  else socket.close(code);
}

function refuse(raw: Duplex, status: number): void {
  if (raw.writable) raw.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || OF_THE_CONNECTION.test(name) ? [] : [[name, String(value)]],
    ),
  );
}
