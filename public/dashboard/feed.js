/**
 * Following the live feed. The whole of it, as any client would do it:
 *
 *   1. Open the socket, with the token as a sub-protocol: browsers send no Authorization header with a socket, and a token
 *      in the address would end up in logs. (Other clients may send `Authorization: Bearer …`.)
 *   2. `connection_ack` comes first, then `initial_progress` with what stands now, then a `progress_update` on every change.
 *      What was missed while away needs no catching up: the initial state is current.
 *   3. Send `ping` every 30 seconds. Where nothing at all comes back, the line is dead, whatever the browser believes.
 *   4. When the socket closes, the code says what to do: 1008 is a token that is not in force, 4004 a campaign that does
 *      not exist; trying again helps neither. After anything else wait min(1 s · 2ⁿ, 30 s), at most ten times in a row. With
 *      4008 something is too much, such as sockets of one token, and the reason says what to do about it first.
 */

/** The server settles on one of the sub-protocols that it is offered, and says which: better this than the token. */
const PROTOCOL = 'ringmaster';
const PING_EVERY_MS = 30_000;
const ANSWER_WITHIN_MS = 10_000;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const MOST_TRIES = 10;
/** What a browser says of a connection that ended without a word. */
const NO_CODE = 1006;
const FINAL = new Set([1008, 4004]);
const TOO_MUCH = 4008;

/**
 * Keeps a socket of the feed open until `close()`. `onMessage` gets every message; `onState` gets
 * `{ kind: 'connecting' | 'live' }`, `{ kind: 'lost', at, why, retryAt, tries }` between two tries,
 * `{ kind: 'given_up', at, why, tries }` after the last one, and `{ kind: 'refused', code }` when trying again is of no use;
 * with each comes `tryNow`, for a button.
 */
export function follow(path, token, { onMessage, onState: report }) {
  let socket = /** @type {ReturnType<typeof openSocket> | null} */ (null);
  let tries = 0;
  let lostAt = /** @type {Date | null} */ (null);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retry;
  let isClosed = false;
  const onState = (state) => report(state, tryNow);

  const connect = () => {
    clearTimeout(retry);
    if (isClosed) return;
    onState({ kind: 'connecting' });
    socket = openSocket(path, token, {
      onMessage(message) {
        if (message.type === 'connection_ack') {
          lostAt = null;
          onState({ kind: 'live' });
          // A server that greets and hangs up again and again is not back yet.
        } else tries = 0;
        onMessage(message);
      },
      onClose: lose,
    });
  };

  const lose = (code, reason) => {
    if (isClosed) return;
    if (FINAL.has(code)) return onState({ kind: 'refused', code });
    lostAt ??= new Date();
    const why = code === TOO_MUCH ? reason : '';
    if (tries >= MOST_TRIES) return onState({ kind: 'given_up', at: lostAt, why, tries });
    const delay = Math.min(FIRST_DELAY_MS * 2 ** tries, LONGEST_DELAY_MS);
    tries += 1;
    retry = setTimeout(connect, delay);
    onState({ kind: 'lost', at: lostAt, why, retryAt: Date.now() + delay, tries, of: MOST_TRIES });
  };

  const tryNow = () => {
    if (isClosed || !lostAt) return;
    socket?.close();
    tries = 0;
    connect();
  };

  // A laptop that wakes up, or a network that is back, need not wait for the next try.
  window.addEventListener('online', tryNow);
  connect();

  return {
    send: (message) => socket?.send(message),
    close() {
      isClosed = true;
      clearTimeout(retry);
      window.removeEventListener('online', tryNow);
      socket?.close();
    },
  };
}

/** One connection, from its opening to its end, which `onClose` hears of exactly once. */
function openSocket(path, token, { onMessage, onClose }) {
  const address = new URL(path, location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(address, [PROTOCOL, `bearer.${token}`]);
  let deadline = setTimeout(() => end(NO_CODE), ANSWER_WITHIN_MS);

  const send = (message) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
  const ping = setInterval(() => {
    send({ type: 'ping' });
    clearTimeout(deadline);
    deadline = setTimeout(() => end(NO_CODE), ANSWER_WITHIN_MS);
  }, PING_EVERY_MS);
  const end = (code, reason = '') => {
    clearInterval(ping);
    clearTimeout(deadline);
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
    onClose?.(code, reason);
  };

  socket.onmessage = ({ data }) => {
    clearTimeout(deadline);
    onMessage(JSON.parse(data));
  };
  socket.onclose = ({ code, reason }) => end(code, reason);

  return {
    send,
    close() {
      onClose = null;
      end(1000);
    },
  };
}
