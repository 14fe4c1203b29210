import type { IncomingMessage } from 'node:http';
import { upgradeWebSocket } from '@hono/node-server';
import { Hono } from 'hono';
import type { WSContext } from 'hono/ws';
import type { OpenConversation } from '#ports/conversation.ts';
import type { Log } from '#ports/log.ts';
import { RELAY_PATH } from './callback-address.ts';
import { type RelayLimits, type RelayLine, RelaySession } from './relay-session.ts';
import { isSignedUpgrade, type SignatureCheck } from './signed-form.ts';

export type RelayOptions = SignatureCheck & {
  converse: OpenConversation;
  log: Log;
  limits?: Partial<RelayLimits>;
};

const LIMITS: RelayLimits = {
  setupWithinMs: 5_000,
  openWithinMs: 10_000,
  endWithinMs: 10_000,
  framesPerSecond: 50,
  framesAtOnce: 250,
  mostBufferedBytes: 256 * 1_024,
};
/** A line whose other end has vanished says nothing by itself; the operating system asks it this often. */
const STILL_THERE_MS = 30_000;

/**
 * Where ConversationRelay connects to. A handshake that Twilio has not signed is refused with an empty 403 before
 * anything else is looked at. The largest frame is the server's to limit.
 */
export function relayRoutes(options: RelayOptions): Hono {
  const session = { ...options, limits: { ...LIMITS, ...options.limits } };
  const onError = (cause: unknown) => options.log.error({ cause }, 'a conversation’s socket broke');
  return new Hono().get(
    RELAY_PATH,
    async (c, next) => (isSignedUpgrade(c, options) ? next() : c.body(null, 403)),
    upgradeWebSocket(
      (c) => {
        const { incoming }: { incoming?: IncomingMessage } = c.env ?? {};
        incoming?.socket.setKeepAlive(true, STILL_THERE_MS);
        let relay: RelaySession | null = null;
        return {
          onOpen: (_event, socket) => {
            relay = new RelaySession(lineOf(socket), session);
          },
          onMessage: ({ data }) => relay?.receive(data),
          onClose: () => relay?.lost(),
        };
      },
      { onError },
    ),
  );
}

/** What the server's socket can do beyond what Hono shows of it. */
type Socket = Omit<RelayLine, 'buffered'> & { bufferedAmount: number };

function lineOf(socket: WSContext<unknown>): RelayLine {
  const raw = socket.raw as Socket;
  return {
    send: (frame) => raw.send(frame),
    buffered: () => raw.bufferedAmount,
    close: (code, reason) => raw.close(code, reason),
    terminate: () => raw.terminate(),
  };
}
