import { createRoute } from '@hono/zod-openapi';
import { stillTold } from '#domain/api-token.ts';
import { type Api, actorOf } from '#http/api/api.ts';
import { json, needs, REFUSED } from '#http/api/contract.ts';
import { createToken } from '#operations/create-token.ts';
import type { Deps } from '#operations/deps.ts';
import { listTokens } from '#operations/list-tokens.ts';
import { type RevokedToken, revokeToken } from '#operations/revoke-token.ts';
import { presentToken } from './present.ts';
import { MadeToken, NewToken, Revoked, TokenList, TokenPath } from './schemas.ts';

const path = '/api/v1/tokens';
const tags = ['Tokens'];

const list = createRoute({
  method: 'get',
  path,
  tags,
  ...needs('any'),
  summary: 'The token that asks and those made by it',
  responses: { 200: json(TokenList, 'Those that nobody has revoked, newest first.'), ...REFUSED },
});

const create = createRoute({
  method: 'post',
  path,
  tags,
  ...needs('write'),
  summary: 'Make a token that may do no more than the one that asks, and ends with it',
  description: 'Its secret is shown this once, and kept as a hash.',
  request: { body: { ...json(NewToken, 'What it is to be.'), required: true } },
  responses: { 200: json(MadeToken, 'It is in force. Keep its secret: it is not shown again.'), ...REFUSED },
});

const revoke = createRoute({
  method: 'delete',
  path: `${path}/{id}`,
  tags,
  ...needs('any'),
  summary: 'Revoke the token that asks or one made by it, and all made by that one',
  description: 'It cannot be undone; sockets that it opened are closed.',
  request: { params: TokenPath },
  responses: { 200: json(Revoked, 'Every process refuses it within a second.'), ...REFUSED },
});

/** Tokens that manage themselves; an admin does the same for all of them with /campaign token. */
export function tokenRoutes(api: Api, deps: Deps): void {
  api.openapi(list, async (c) => {
    const own = c.get('token');
    const tokens = await listTokens(deps, { workspaceId: own.workspaceId, actor: actorOf(own) });
    return c.json({ tokens: tokens.map(presentToken) }, 200);
  });
  api.openapi(create, async (c) => {
    const own = c.get('token');
    const { name, scopes, expires_at: end } = c.req.valid('json');
    const expiresAt = end ? new Date(end) : own.expiresAt;
    const actor = actorOf(own);
    const { workspaceId } = own;
    const { secret, token } = await createToken(deps, { workspaceId, actor, name, scopes, expiresAt });
    // Nobody on the way keeps it, our own answers under an Idempotency-Key included.
    return c.json({ ...presentToken(token), token: secret }, 200, { 'cache-control': 'no-store' });
  });
  api.openapi(revoke, async (c) => {
    const own = c.get('token');
    const tokenId = c.req.valid('param').id;
    const actor = actorOf(own);
    const revoked = await revokeToken(deps, { workspaceId: own.workspaceId, actor, tokenId });
    return c.json({ message: revokedWords(revoked) }, 200);
  });
}

function revokedWords({ name, ended: { length: ended }, webhooks }: RevokedToken): string {
  if (ended === 0) return `“${name}” was revoked already. Nothing was changed.`;
  const others =
    ended > 1 ? `, and so ${ended === 2 ? 'is the one' : `are the ${ended - 1}`} made by it` : '';
  return `“${name}” is revoked${others}. What was done with it stands; it is refused everywhere within a second.${stillTold(webhooks)}`;
}
