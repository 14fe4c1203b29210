import type { Need } from '#domain/token-scopes.ts';
import type { Api } from './api.ts';
import { IDEMPOTENCY_KEY, KEY_SHAPE } from './idempotent.ts';
import { TAGS } from './tags.ts';

const VERSION = '1.0.0';

const ABOUT = `Everything that Ringmaster does in Slack, for programs: make campaigns, load contacts, start and stop, watch.

**First steps.** \`POST /api/v1/campaigns\` makes a draft, \`POST …/import-data\` loads its contacts (ask its \`status_url\`
until it says \`completed\`), \`GET …/preflight\` says what would happen, \`POST …/start\` begins, \`GET …/progress\` or a
socket follows it, \`GET …/export\` hands out what came of it. “Authorize” takes a token; “Try it out” then does what it
says, for real.

**Tokens.** Every request carries \`Authorization: Bearer <token>\`. An admin makes one with \`/campaign token\`, or at the
server with \`npm run token -- create\`. A token has scopes: \`read\` looks, \`write\` changes, \`launch\` has people
contacted; stopping takes \`write\` or \`launch\`. Each operation says what it needs.

**Limits.** A token and all that are made by it allow 60 requests a second together, over all servers. What is more is
answered 429, and \`Retry-After\` says for how many seconds to wait. A body has at most 1 MB, a file of contacts 200 MB; ten files
at once are handed out to a token and those made by it.

**Repetitions.** A POST with an \`${IDEMPOTENCY_KEY}\` is done once. Sent again within 24 hours it gets the same answer with
\`Idempotent-Replayed: true\`; with another body 422; while the first one is under way 409. One that failed may be repeated.

**Browsers.** A token is only ever taken from a header, never from a cookie, so no page can act with somebody else's. Pages of
other hosts cannot read what is answered here: a token belongs on a server, or into this host's own dashboard.

**Errors** are \`{"detail": "…"}\`: what happened, what still stands, what to do next. A request that is not of the
documented shape is answered 422 with one entry for each field.`;

/** An operation as the generator writes it, as far as we add to it. */
type Operation = {
  description?: string;
  'x-needs'?: Need;
  'x-needs-also'?: Need;
  parameters?: object[];
  requestBody?: object;
  responses: Record<string, unknown>;
};

const KEY_PARAMETER = {
  name: IDEMPOTENCY_KEY,
  in: 'header',
  required: false,
  description: 'Done once under this key, and answered alike for 24 hours.',
  schema: { type: 'string', pattern: KEY_SHAPE.source },
};

const problem = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
});

/** The OpenAPI 3.1 document of all routes that are registered, as JSON. */
export function writeDocument(api: Api, publicUrl: string): string {
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Ringmaster', version: VERSION, description: ABOUT },
    servers: [{ url: publicUrl }],
    tags: TAGS,
  });
  for (const [path, item] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(item as Record<string, Operation>))
      completeOperation(operation, `${method} ${path}`);
  const components = {
    ...document.components,
    securitySchemes: {
      token: { type: 'http', scheme: 'bearer', description: 'A token of /campaign token.' },
    },
  };
  return JSON.stringify({ ...document, components }, orNull);
}

/** The generator writes “this, or null” as both at once, which null is not. */
function orNull(_key: string, value: unknown): unknown {
  const { allOf, ...others } = (value ?? {}) as { allOf?: [{ $ref?: string }, { type?: string[] }?] };
  const [named, rest] = allOf ?? [];
  if (!named?.$ref || !Array.isArray(rest?.type) || !rest.type.includes('null')) return value;
  return { ...others, anyOf: [named, { type: 'null' }] };
}

/** In the description, because the page shows no extensions. */
const SCOPE_WORDS: Record<Need, string> = {
  read: 'Needs the scope `read`.',
  write: 'Needs the scope `write`.',
  launch: 'Needs the scope `launch`.',
  stop: 'Needs the scope `write` or `launch`.',
  any: 'Needs a token of whatever scope.',
};

/** What holds for every operation of a kind, whoever described it. */
function completeOperation(operation: Operation & { operationId?: string }, name: string): void {
  operation.operationId ??= idOf(name);
  const { 'x-needs': needs, 'x-needs-also': also } = operation;
  const scopes = needs && [SCOPE_WORDS[needs], ...(also ? [`And the scope \`${also}\`.`] : [])].join(' ');
  if (scopes) operation.description = [operation.description, scopes].filter(Boolean).join('\n\n');
  operation.responses['500'] ??= problem(
    'Something broke on our side; the answer says what stands and under which reference the log has it.',
  );
  if (!name.startsWith('get '))
    operation.responses['413'] ??= problem('The body is too large; nothing was done.');
  if (operation.requestBody)
    operation.responses['415'] ??= problem('The body is of a kind that is not taken here; nothing was done.');
  if (!name.startsWith('post ')) return;
  operation.parameters = [...(operation.parameters ?? []), KEY_PARAMETER];
  operation.responses['409'] ??= problem(
    `The first request with this ${IDEMPOTENCY_KEY} is still under way, or its answer is not kept.`,
  );
}

/** `post /api/v1/campaigns/{id}/start` → `post_campaigns_id_start`. */
function idOf(name: string): string {
  return name
    .replace('/api/v1', '')
    .replaceAll(/[^a-z0-9]+/gi, '_')
    .replace(/_$/, '');
}
