import { signal } from '@preact/signals';
import type { FeedMessage } from '#sandbox/page-protocol.ts';
import { applyFeedMessages } from './tables.ts';

export const connection = signal<'connecting' | 'open' | 'lost'>('connecting');

const firstDelayMs = 250;
const longestDelayMs = 3000;
/** Changes that arrive within two frames are drawn together. */
const gatherMs = 33;

/** Keeps one socket to the sandbox open for as long as the page lives. */
export function connectFeed(): () => void {
  let socket: WebSocket | undefined;
  let delayMs = firstDelayMs;
  let reconnectTimer = 0;
  let isStopped = false;
  const gather = gatherMessages();

  function open() {
    clearTimeout(reconnectTimer);
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    socket = new WebSocket(`${scheme}://${location.host}/ui/feed`);
    socket.onmessage = (event: MessageEvent<string>) => {
      connection.value = 'open';
      delayMs = firstDelayMs;
      gather(JSON.parse(event.data) as FeedMessage);
    };
    socket.onclose = reconnectSoon;
  }

  function reconnectSoon() {
    if (isStopped) return;
    connection.value = 'lost';
    reconnectTimer = window.setTimeout(open, delayMs);
    delayMs = Math.min(delayMs * 2, longestDelayMs);
  }

  function reconnectNow() {
    if (connection.value === 'lost' && socket?.readyState === WebSocket.CLOSED) open();
  }

  window.addEventListener('online', reconnectNow);
  document.addEventListener('visibilitychange', reconnectNow);
  open();
  return () => {
    isStopped = true;
    clearTimeout(reconnectTimer);
    socket?.close();
  };
}

function gatherMessages() {
  let waiting: FeedMessage[] = [];
  return (message: FeedMessage) => {
    if (waiting.length === 0) {
      setTimeout(() => {
        const messages = waiting;
        waiting = [];
        applyFeedMessages(messages);
      }, gatherMs);
    }
    waiting.push(message);
  };
}
