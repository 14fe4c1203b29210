import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm/sql';
import { apiTokens } from '#db/api-schema.ts';
import type { TokenScope } from '#domain/token-scopes.ts';
import { apiRoutes } from '#http/api/mount.ts';
import { createRoutes } from '#http/server.ts';
import { createToken } from '#operations/create-token.ts';
import { ANNA, createEngine, quietLog } from './engine.ts';

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever came; tests compare it whole.
export type ApiAnswer = { status: number; headers: Headers; body: any };
type Request = { json?: unknown; headers?: Record<string, string>; body?: BodyInit; token?: string | null };

/** The engine with the API in front of it, asked as a client would, and a token that may do everything. */
export async function createApi() {
  const engine = await createEngine();
  const { deps, workspace } = engine;
  const app = createRoutes(
    [apiRoutes(deps, { reference: () => randomBytes(4).toString('hex'), publicUrl: 'https://bot.example' })],
    quietLog,
    () => 'ref-1',
  );
  const tokenFor = async (scopes: TokenScope[], workspaceId = workspace.id) => {
    const made = await createToken(deps, {
      workspaceId,
      actor: ANNA,
      name: scopes.join(' and '),
      scopes,
      expiresAt: null,
    });
    // Tests ask faster than any client; the limit has tests of its own.
    await deps.db.update(apiTokens).set({ requestsPerSecond: 100_000 }).where(eq(apiTokens.id, made.tokenId));
    return made.secret;
  };
  const everything = await tokenFor(['read', 'write', 'launch']);
  /** `ask('POST /campaigns/1/start')`; the path is below /api/v1. A token of null sends none. */
  const ask = async (what: string, request: Request = {}): Promise<ApiAnswer> => {
    const [method = 'GET', path = ''] = what.split(' ');
    const { token = everything } = request;
    const answer = await app.request(`/api/v1${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      body: request.json === undefined ? (request.body ?? null) : JSON.stringify(request.json),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json');
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  };
  return { ...engine, app, ask, tokenFor };
}
