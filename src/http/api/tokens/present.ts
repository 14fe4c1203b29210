import type { z } from '@hono/zod-openapi';
import { instant } from '#http/instant.ts';
import type { ShownToken } from '#operations/list-tokens.ts';
import type { Token } from './schemas.ts';

/** A token as answers have it; never its secret. */
export function presentToken(token: ShownToken): z.output<typeof Token> {
  return {
    id: token.id,
    name: token.name,
    hint: token.hint,
    scopes: token.scopes,
    requests_per_second: token.requestsPerSecond,
    parent_id: token.parentId,
    created_by: token.createdBy,
    created_at: instant(token.createdAt),
    expires_at: instant(token.expiresAt),
    last_used_at: instant(token.lastUsedAt),
  };
}
