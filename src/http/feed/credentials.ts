import type { Context } from 'hono';

const PREFIXES = ['bearer.', 'burki-token-'];

/**
 * The token that a handshake carries: `?token=`, `Authorization: Bearer`, or a sub-protocol `bearer.<token>`, which is what a
 * browser can send without having it in an address (campaign-api §4.2, §7.22). Null when there is none.
 */
export function secretOf(c: Context): string | null {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
  return c.req.query('token') || bearer || secretAmong(c.req.header('sec-websocket-protocol') ?? '');
}

/** Of the sub-protocols that a client offers, the one to settle on: not one that carries its token, if there is another. */
export function chooseProtocol(offered: Set<string>): string | false {
  const [first] = offered;
  return [...offered].find((protocol) => !carriesSecret(protocol)) ?? first ?? false;
}

function secretAmong(protocols: string): string | null {
  const found = protocols
    .split(',')
    .map((protocol) => protocol.trim())
    .find(carriesSecret);
  const prefix = PREFIXES.find((start) => found?.startsWith(start));
  return found && prefix ? found.slice(prefix.length) : null;
}

function carriesSecret(protocol: string): boolean {
  return PREFIXES.some((prefix) => protocol.startsWith(prefix));
}
