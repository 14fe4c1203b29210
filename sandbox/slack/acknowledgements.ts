/** Envelopes sent over sockets that wait for their acknowledgement. */

import type { WebSocket } from 'ws';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import type { Delivered } from './delivery.ts';

export type Acknowledgements = {
  /** Resolves when the envelope is acknowledged, its time is up or its socket is gone. */
  wait(envelopeId: string, socket: WebSocket): Promise<Delivered>;
  receive(data: string): void;
  socketGone(socket: WebSocket): void;
};

export function createAcknowledgements(deadlineMs: () => number): Acknowledgements {
  const waiting = new Map<string, { socket: WebSocket; settle: (delivered: Delivered) => void }>();
  return {
    wait: (envelopeId, socket) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => settle({ outcome: 'failed', reason: 'http_timeout' }), deadlineMs());
        const settle = (delivered: Delivered) => {
          clearTimeout(timer);
          waiting.delete(envelopeId);
          resolve(delivered);
        };
        waiting.set(envelopeId, { socket, settle });
      }),
    receive(data) {
      const { envelope_id: id, payload } = read(data);
      if (typeof id === 'string')
        waiting.get(id)?.settle({ outcome: 'answered', status: 200, body: body(payload), isFinal: false });
    },
    socketGone(gone) {
      for (const { socket, settle } of [...waiting.values()]) {
        if (socket === gone) settle({ outcome: 'failed', reason: 'connection_failed' });
      }
    },
  };
}

/** Clients send `{}` where they have nothing to say. */
function body(payload: JsonObject[string] | undefined): string {
  const isEmpty = typeof payload !== 'object' || payload === null || Object.keys(payload).length === 0;
  return isEmpty ? '' : JSON.stringify(payload);
}

function read(data: string): JsonObject {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}
