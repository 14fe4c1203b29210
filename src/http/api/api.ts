import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Actor } from '#domain/actor.ts';
import type { ApiToken } from '#operations/check-token.ts';
import type { Deps } from '#operations/deps.ts';
import type { BodyReader } from './body-reader.ts';

/**
 * `requestKey`: what verbs take as creation key. The same for every repetition of a request under one Idempotency-Key,
 * unlike that of any other request; made up when the client sent no such key. Requests that only look have none.
 * `contentDigest`: of a file that came with the request, once it is there; `bodyReader`: what it is read by.
 */
export type ApiEnv = {
  Variables: { token: ApiToken; requestKey: string; contentDigest?: string; bodyReader?: BodyReader };
};
export type Api = OpenAPIHono<ApiEnv>;
/** Adds the routes of one resource. */
export type Resource = (api: Api, deps: Deps) => void;

/** Whoever asked, as every deed keeps them. */
export function actorOf({ id }: ApiToken): Actor {
  return { kind: 'api_token', tokenId: id };
}
