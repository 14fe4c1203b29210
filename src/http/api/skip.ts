import { z } from '@hono/zod-openapi';
import { PageQuery, Pagination, paginationOf } from './contract.ts';

/**
 * Lists of assistants and calls are cut by `skip` and `limit` (campaign-api §1.2); `page` and `per_page`, by which every
 * other list is cut, are taken as well and win.
 */
export const SkipQuery = z.object({
  skip: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000_000)
    .default(0)
    .openapi({ description: 'How many to leave out at the beginning.' }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .openapi({ description: 'How many to have at most.' }),
  page: PageQuery.shape.page
    .unwrap()
    .optional()
    .openapi({ description: 'Which page, instead of `skip`; the first is 1.' }),
  per_page: PageQuery.shape.per_page
    .unwrap()
    .optional()
    .openapi({ description: 'How many to a page, instead of `limit`.' }),
});

/** What an answer says of the part that it holds, beside its items. */
export const Part = {
  total: z.number().int(),
  skip: z.number().int(),
  limit: z.number().int(),
  pagination: Pagination,
};

/** Which part is asked for. */
export function partAsked({ skip, limit, page, per_page }: z.output<typeof SkipQuery>) {
  const size = per_page ?? limit;
  return page === undefined ? { skip, limit: size } : { skip: (page - 1) * size, limit: size };
}

/** Where a part stands among all items. */
export function partOf({ skip, limit }: ReturnType<typeof partAsked>, total: number) {
  const pagination = paginationOf({ page: Math.floor(skip / limit) + 1, per_page: limit }, total);
  return { total, skip, limit, pagination };
}
