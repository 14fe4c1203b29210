import { z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { type Need, scopesAllow, type TokenScope } from '#domain/token-scopes.ts';
import type { ApiEnv } from './api.ts';

/** The parts that every route of the API is described with. */

const LARGEST_ID = 2_147_483_647;

/** An id as it stands in an address or a body. */
export const Id = z.coerce.number().int().min(1).max(LARGEST_ID);

/** An id in a body, where a text or a boolean is none. */
export const BodyId = z.number().int().min(1).max(LARGEST_ID);

export const CampaignPath = z.object({
  id: Id.openapi({ param: { name: 'id', in: 'path' }, description: 'Of the campaign.', example: 42 }),
});

/** An instant as answers carry it: ISO 8601 in UTC. */
export const Instant = z.iso.datetime().openapi({ example: '2024-02-15T09:00:00Z' });

/** `page` and `per_page` of every list (campaign-api §1.2). */
export const PageQuery = z.object({
  page: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(1)
    .openapi({ description: 'Which page; the first is 1.' }),
  per_page: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(50)
    .openapi({ description: 'How many to a page.' }),
});

export const Pagination = z
  .object({
    page: z.number(),
    per_page: z.number(),
    total_items: z.number(),
    total_pages: z.number(),
    has_next: z.boolean(),
    has_prev: z.boolean(),
  })
  .openapi('Pagination');

/** Which of all items a page shows. */
export function rowsOf({ page, per_page }: z.output<typeof PageQuery>): { limit: number; offset: number } {
  return { limit: per_page, offset: (page - 1) * per_page };
}

/** Where a page stands among all items. */
export function paginationOf(
  { page, per_page }: z.output<typeof PageQuery>,
  totalItems: number,
): z.output<typeof Pagination> {
  const totalPages = Math.ceil(totalItems / per_page);
  return {
    page,
    per_page,
    total_items: totalItems,
    total_pages: totalPages,
    has_next: page < totalPages,
    has_prev: page > 1,
  };
}

const Detail = z.object({ detail: z.string() }).openapi('Error');
const Invalid = z
  .object({
    detail: z.array(
      z.object({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string(), type: z.string() }),
    ),
  })
  .openapi('ValidationError');

/** A JSON answer or body of this shape. */
export function json<S extends z.ZodType>(schema: S, description: string) {
  return { content: { 'application/json': { schema } }, description };
}

/** What every route may answer besides its own. */
export const REFUSED = {
  400: json(Detail, 'Refused: what is the matter, what still stands, what to do.'),
  401: json(Detail, 'No token, or one that is not in force.'),
  403: json(Detail, 'The token may not do this.'),
  404: json(Detail, 'There is no such thing in this workspace.'),
  422: json(Invalid, 'The request is not of the documented shape, field by field.'),
  429: json(Detail, 'Too many requests; Retry-After says for how many seconds to wait.'),
};

const DOING: Record<Need, string> = {
  read: 'look',
  write: 'change anything',
  launch: 'have anybody contacted',
  stop: 'stop anything',
  any: 'do anything',
};

/**
 * What a route demands of the token, `also` where one scope is not enough. Spread into its description, so that document
 * and check are one.
 */
export function needs(need: Need, also?: TokenScope) {
  const demands = also ? [need, also] : [need];
  const check: MiddlewareHandler<ApiEnv> = async (c, next) => {
    const { name, scopes } = c.get('token');
    const missing = demands.find((demand) => !scopesAllow(scopes, demand));
    if (!missing) return next();
    const wanted = demands.map((demand) => (demand === 'stop' ? 'write or launch' : demand)).join(' and ');
    const detail = `The token “${name}” may not ${DOING[missing]}: it has the scopes ${scopes.join(', ')}. Nothing was done. Use one that has ${wanted}.`;
    return c.json({ detail }, 403);
  };
  const extra = also ? { 'x-needs-also': also } : {};
  return { security: [{ token: [] }], 'x-needs': need, ...extra, middleware: check };
}
