import { OpenAPIHono } from '@hono/zod-openapi';
import { Hono } from 'hono';
import type { Deps } from '#operations/deps.ts';
import type { ApiEnv } from './api.ts';
import { bearer } from './bearer.ts';
import { bodies, storable } from './bodies.ts';
import { lastPieces } from './body-reader.ts';
import { writeDocument } from './document.ts';
import { answerElsewhere } from './elsewhere.ts';
import { idempotent } from './idempotent.ts';
import { answerError, problemsIn, unprocessable } from './problems.ts';
import { referencePage } from './reference-page.ts';
import { RESOURCES } from './resources.ts';

/** What reads nothing but its address passes by what looks at bodies. */
const CHANGING = ['POST', 'PUT', 'PATCH', 'DELETE'];

type ApiOptions = {
  /** What a client is told of a defect, and the log explains. */
  reference: () => string;
  /** Where clients reach us, as the document says. */
  publicUrl: string;
};

/**
 * Everything below `/api`: the routes of `/api/v1`, which know who asks before they look at a request, and their document
 * with a page to browse it, which anybody may read.
 */
export function apiRoutes(deps: Deps, { reference, publicUrl }: ApiOptions): Hono {
  const api = new OpenAPIHono<ApiEnv>({
    strict: false,
    defaultHook: (result, c) => (result.success ? undefined : unprocessable(c, problemsIn(result))),
  });
  api.use('/api/v1/*', bearer(deps), storable);
  api.on(CHANGING, '/api/v1/*', lastPieces, bodies, idempotent(deps));
  api.onError((error, c) => answerError(error, c, { log: deps.log, reference }));
  for (const register of RESOURCES) register(api, deps);
  let document: string | null = null;
  api.get('/api/openapi.json', (c) => {
    // Made when somebody asks for the first time: writing it takes longer than starting.
    document ??= writeDocument(api, publicUrl);
    return c.body(document, 200, { 'content-type': 'application/json', 'cache-control': 'no-cache' });
  });
  api.get('/api', (c) => c.redirect('/api/docs'));
  api.route('/api/docs', referencePage());
  api.all('/api/*', answerElsewhere(api));
  return new Hono().route('/', api);
}
