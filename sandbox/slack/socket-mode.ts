/** Socket Mode: tickets, hello, envelopes, pings and disconnects (slack.md §1.2). */

import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { WebSocket } from 'ws';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { createAcknowledgements } from './acknowledgements.ts';
import type { Delivered, DeliveryKind, Outgoing } from './delivery.ts';
import { newSecret } from './ids.ts';
import type { StandInOptions } from './options.ts';

const PING_EVERY_MS = 10_000;
/** How long an old connection is kept after it was told to go. */
const REFRESH_GRACE_MS = 10_000;
const CLOSE_GRACE_MS = 500;
const HOST = 'stand-in-applink';

const ENVELOPE_TYPES: Record<DeliveryKind, string> = {
  event: 'events_api',
  command: 'slash_commands',
  interaction: 'interactive',
};

export type RefreshReason = 'warning' | 'refresh_requested' | 'link_disabled';

export type Sockets = {
  /** A single-use pass for one connection, part of the URL that `apps.connections.open` answers. */
  issueTicket(): string;
  takeTicket(ticket: string): boolean;
  connect(socket: WebSocket): void;
  isConnected(): boolean;
  /** Sends to one connection chosen by chance, like Slack. */
  send(outgoing: Outgoing): Promise<Delivered>;
  /** Asks every client to connect anew; a warning only announces it. */
  refresh(reason: RefreshReason): void;
  close(): Promise<void>;
};

export function createSockets(options: StandInOptions, appId: string): Sockets {
  const tickets = new Set<string>();
  const open = new Set<WebSocket>();
  const leaving = new Map<WebSocket, NodeJS.Timeout>();
  const acknowledgements = createAcknowledgements(() => options.ackDeadlineMs);

  return {
    issueTicket() {
      const ticket = newSecret();
      tickets.add(ticket);
      return ticket;
    },
    takeTicket: (ticket) => tickets.delete(ticket),
    connect(socket) {
      open.add(socket);
      listen(socket);
      socket.send(JSON.stringify(hello(open.size, appId)));
    },
    isConnected: () => open.size > 0,
    async send(outgoing) {
      const socket = [...open][randomInt(Math.max(1, open.size))];
      if (!socket) return { outcome: 'failed', reason: 'connection_failed' };
      const id = randomUUID();
      const delivered = acknowledgements.wait(id, socket);
      socket.send(JSON.stringify(envelope(id, outgoing)));
      return await delivered;
    },
    refresh(reason) {
      for (const socket of [...open]) {
        socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: HOST } }));
        if (reason !== 'warning') retire(socket);
      }
    },
    async close() {
      await Promise.all([...open, ...leaving.keys()].map(closeGently));
    },
  };

  function listen(socket: WebSocket): void {
    const pings = setInterval(() => socket.ping(), PING_EVERY_MS);
    socket.on('message', (data) => acknowledgements.receive(String(data)));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(pings);
      clearTimeout(leaving.get(socket));
      open.delete(socket);
      leaving.delete(socket);
      acknowledgements.socketGone(socket);
    });
  }

  /** No new envelopes; what is under way may still be acknowledged. */
  function retire(socket: WebSocket): void {
    open.delete(socket);
    leaving.set(
      socket,
      setTimeout(() => socket.terminate(), REFRESH_GRACE_MS),
    );
  }
}

/** A client that does not answer the close frame is cut off. */
async function closeGently(socket: WebSocket): Promise<void> {
  const closed = once(socket, 'close');
  const timer = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
  socket.close(1001);
  await closed;
  clearTimeout(timer);
}

function hello(connections: number, appId: string): JsonObject {
  return {
    type: 'hello',
    num_connections: connections,
    debug_info: { host: HOST, build_number: 1, approximate_connection_time: 18_060 },
    connection_info: { app_id: appId },
  };
}

function envelope(id: string, { kind, payload, retry }: Outgoing): JsonObject {
  return {
    envelope_id: id,
    type: ENVELOPE_TYPES[kind],
    accepts_response_payload: kind !== 'event',
    payload,
    ...(kind === 'event' && { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? '' }),
  };
}
