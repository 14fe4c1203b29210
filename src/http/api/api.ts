import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Actor } from '#domain/actor.ts';
import type { ApiToken } from '#operations/check-token.ts';
import type { Deps } from '#operations/deps.ts';

export type ApiEnv = { Variables: { token: ApiToken } };
export type Api = OpenAPIHono<ApiEnv>;
/** Adds the routes of one resource. */
export type Resource = (api: Api, deps: Deps) => void;

/** Whoever asked, as every deed keeps them. */
export function actorOf({ id }: ApiToken): Actor {
  return { kind: 'api_token', tokenId: id };
}
