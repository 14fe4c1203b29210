import type { LookupFunction } from 'node:net';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { eq, sql } from 'drizzle-orm/sql';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { apiTokens } from '#db/api-schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createToken } from '#operations/create-token.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { revokeToken } from '#operations/revoke-token.ts';
import { createApi } from '#support/api.ts';
import { placeCall, says } from '#support/desk.ts';
import { ANNA, phones } from '#support/engine.ts';
import { anything, type Schema, type Taste, text, valuesOf } from '#support/schema-values.ts';
import { createWebhookDoor } from '#webhooks/door.ts';

/** More rounds on request: `FUZZ_RUNS=500 FUZZ_SEED=7 vitest run test/http/api/fuzz.test.ts`. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 30);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const PATIENCE = { timeout: 120_000 + RUNS * 1_000 };

const api = await createApi();
const { app, ask, deps, workspace } = api;

type Content = Record<string, { schema?: Schema }>;
type Operation = {
  parameters?: { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: Schema }[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
  'x-needs'?: string;
};
type Named = { name: string; method: string; path: string; operation: Operation };
type Sent = { url: string; headers: Record<string, string>; body?: BodyInit };

const document = await (await app.request('/api/openapi.json')).json();
const operations: Named[] = Object.entries<Record<string, Operation>>(document.paths).flatMap(
  ([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      operation,
    })),
);

const checker = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
addFormats.default(checker);
checker.addSchema(document, 'api');
const checks = new Map<string, ValidateFunction>();

/** Nothing of this may ever reach a token of our workspace. */
const FOREIGN = { words: 'Zanzibar-7f3k', phone: '+13105550142' };

/** Names are looked up nowhere, and nothing is sent. */
const lookup: LookupFunction = (_name, _options, found) => found(null, [{ address: '8.8.8.8', family: 4 }]);
const door = createWebhookDoor({ allowsLoopback: false, timeoutMs: 1_000, lookup });
const taken = { kind: 'answered', status: 200, ms: 1, body: 'taken', retryAfterMs: null } as const;
Object.assign(deps, { webhooks: { ...door, post: async () => taken } });

const causes: unknown[] = [];
Object.assign(deps, { log: { ...deps.log, error: (fields: object) => causes.push(fields) } });

const elsewhere = await ensureWorkspace(deps, { slackTeamId: 'T2', name: FOREIGN.words, botUserId: 'U_BOT' });
const ours = await furnish(workspace, { words: 'Ours', phone: '+12125550142' });
const theirs = await furnish(elsewhere, FOREIGN);
await api.drain();
const before = await theirView();
const sids = [ours.sid, theirs.sid];
const deliveryIds = [...(await deliveriesOf(ours)), ...(await deliveriesOf(theirs))];
const outOfForce = await tokensOutOfForce();
const looker = await api.tokenFor(['read']);
const used = await tokenIds();

afterAll(async () => {
  // Whatever was asked with our tokens: nothing of theirs has changed.
  expect(await theirView()).toEqual(before);
});

/** A workspace with one thing of each kind, all of it bearing its words. */
async function furnish(where: typeof workspace, { words: name, phone }: typeof FOREIGN) {
  const workspaceId = where.id;
  const made = await createToken(deps, {
    workspaceId,
    actor: ANNA,
    name,
    scopes: ['read', 'write', 'launch'],
    expiresAt: null,
  });
  await deps.db.update(apiTokens).set({ requestsPerSecond: 100_000 }).where(eq(apiTokens.id, made.tokenId));
  const { secret: token } = made;
  const make = async (path: string, json: unknown): Promise<{ id: number }> => {
    const answer = await ask(`POST ${path}`, { json, token });
    expect([path, answer.status < 300 ? '' : answer]).toEqual([path, '']);
    return answer.body;
  };
  const assistant = await make('/assistants', { name: `${name} assistant` });
  const campaign = await make('/campaigns', {
    name: `${name} campaign`,
    description: name,
    campaign_type: 'sms',
    assistant_id: assistant.id,
    sms_message_template: `Hello {{name}}, this is ${name}.`,
  });
  await make(`/campaigns/${campaign.id}/contacts`, {
    contacts: [{ phone_number: phone, name: `${name} person`, company: name }],
  });
  await make('/dnc', { phone_number: phone, reason: name, channel: 'sms' });
  await make('/consents', {
    phone_number: phone,
    channel: 'sms',
    given_at: '2026-01-02T03:04:05Z',
    method: name,
    wording: name,
  });
  await make('/tokens', { name: `${name} child`, scopes: ['read'] });
  const webhook = await make('/webhooks', {
    url: `https://example.com/${name}`,
    events: ['contact_updated', 'campaign_status_changed'],
    description: name,
  });
  const call = await placeCall({ ...api, workspace: where }, { name: `${name} calls` }, phone);
  await says(api, call.callId, { role: 'contact', text: `${name} speaking` });
  return { token, tokenId: made.tokenId, campaignId: campaign.id, webhookId: webhook.id, sid: call.ref };
}

async function deliveriesOf({ token, webhookId }: Awaited<ReturnType<typeof furnish>>): Promise<string[]> {
  const { body } = await ask(`GET /webhooks/${webhookId}/deliveries`, { token });
  expect(body.deliveries.length).toBeGreaterThan(0);
  return body.deliveries.map(({ id }: { id: string }) => id);
}

/** One that was revoked, and one that is over. */
async function tokensOutOfForce(): Promise<string[]> {
  const make = (expiresAt: Date | null) =>
    createToken(deps, {
      workspaceId: workspace.id,
      actor: ANNA,
      name: 'short',
      scopes: ['read', 'write', 'launch'],
      expiresAt,
    });
  const [revoked, expired] = [await make(null), await make(new Date(deps.clock.now().getTime() + 1_000))];
  await revokeToken(deps, { workspaceId: workspace.id, actor: ANNA, tokenId: revoked.tokenId });
  api.clock.move(2_000);
  return [revoked.secret, expired.secret];
}

/** Those that are made by now are what we ask with. */
async function tokenIds(): Promise<number[]> {
  const { body } = await ask('GET /tokens');
  return body.tokens.map(({ id }: { id: number }) => id);
}

async function theirView() {
  const { campaignId, token } = theirs;
  const views = [
    '/campaigns',
    '/calls',
    `/calls/sid/${theirs.sid}/transcripts`,
    `/webhooks/${theirs.webhookId}/deliveries`,
    '/assistants',
    '/dnc',
    '/webhooks',
    '/tokens',
    `/consents?phone_number=${encodeURIComponent(FOREIGN.phone)}`,
  ];
  const its = ['', '/contacts', '/executions', '/export', '/progress', '/schedule', '/imports'].map(
    (end) => `/campaigns/${campaignId}${end}`,
  );
  const shown = [];
  for (const view of [...views, ...its]) {
    const { status, body } = await ask(`GET ${view}`, { token });
    shown.push({ view, status, body: withoutTraces(body) });
  }
  return shown;
}

/** When a token was used last is nothing that anybody changed. */
function withoutTraces(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body, (key, value) => (/^last_/.test(key) ? null : value)));
}

async function send(
  { method }: Named,
  { url, headers, body }: Sent,
): Promise<{ status: number; type: string; text: string }> {
  const answer = await app.request(url, { method, headers, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
}

/** What has to be true of whatever is answered. */
async function expectSound(named: Named, sent: Sent): Promise<void> {
  causes.length = 0;
  const answer = await send(named, sent);
  const what = `${named.name} ${JSON.stringify({ ...sent, headers: undefined, body: String(sent.body).slice(0, 2_000) })} → ${answer.status} ${answer.text.slice(0, 600)}`;
  expect(answer.status, `${what}\n${causes.map(describe5xx).join('\n')}`).toBeLessThan(500);
  expect(answer.text, what).not.toContain(FOREIGN.words);
  expect(answer.text, what).not.toContain(FOREIGN.phone);
  expect(answer.text, what).not.toMatch(/node_modules|\.ts:\d+|graphile_worker|pg_|violates/);
  const documented = named.operation.responses[String(answer.status)];
  expect(documented, `not in the document: ${what}`).toBeDefined();
  const check = checkOf(named, answer);
  if (check && !check(JSON.parse(answer.text)))
    expect.fail(`${what}\nis not as documented: ${checker.errorsText(check.errors)}`);
}

function describe5xx(fields: unknown): string {
  const { cause } = fields as { cause?: Error };
  return `${cause?.stack}\n${(cause?.cause as Error | undefined)?.message ?? ''}`;
}

function checkOf({ method, path, operation }: Named, { status, type }: { status: number; type: string }) {
  if (
    !type.startsWith('application/json') ||
    !operation.responses[String(status)]?.content?.['application/json']?.schema
  )
    return null;
  const steps = [
    'paths',
    path,
    method.toLowerCase(),
    'responses',
    status,
    'content',
    'application/json',
    'schema',
  ];
  const place = `api#/${steps.map((step) => encodeURIComponent(String(step).replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
  const known = checks.get(place) ?? checker.compile({ $ref: place });
  checks.set(place, known);
  return known;
}

function resolve(ref: string): Schema {
  return ref
    .slice(2)
    .split('/')
    .reduce((place, step) => place[step], document);
}

/** Ids of things that nothing has been done to yet: of the kind that an address is about. */
let fresh: number[] = [];

async function freshFor(path: string): Promise<number[]> {
  const made = async (what: string, json: unknown) =>
    (await ask(`POST ${what}`, { json, token: ours.token })).body.id ?? 1;
  if (path.includes('/campaigns/')) {
    const running = await api.campaign({ phones: phones(2, 4_000) });
    await changeStatus(deps, { campaignId: running, move: 'start', actor: ANNA });
    const [draft, scheduled, cancelled] = [
      await api.campaign({ phones: phones(2, 4_100) }),
      await api.campaign({ phones: phones(2, 4_200) }),
      await api.campaign({ phones: phones(2, 4_300) }),
    ];
    await changeStatus(deps, { campaignId: cancelled, move: 'start', actor: ANNA });
    await changeStatus(deps, { campaignId: cancelled, move: 'cancel', actor: ANNA });
    await made(`/campaigns/${scheduled}/schedule`, {
      schedule_type: 'scheduled',
      scheduled_at: '2027-02-15T09:00:00Z',
    });
    return [running, draft, scheduled, cancelled, await api.campaign()];
  }
  if (path.includes('/webhooks/'))
    return [await made('/webhooks', { url: 'https://example.com/fresh', events: ['opt_out'] })];
  return path.includes('/tokens/') ? [await made('/tokens', { name: 'fresh', scopes: ['read'] })] : [];
}

/** Ids of both workspaces, which are numbered together: the first few are of what they were furnished with. */
function goodPart(path: string, name: string): fc.Arbitrary<string> {
  if (name === 'sid') return fc.constantFrom(...sids, 'CA404');
  if (name === 'delivery_id') return fc.oneof(fc.constantFrom(...deliveryIds), fc.uuid());
  const known = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 60 }));
  const ids = fresh.length > 0 && name === 'id' ? fc.oneof(fc.constantFrom(...fresh), known) : known;
  return ids.filter((id) => !path.includes('/tokens/') || !used.includes(id)).map(String);
}

const badPart = fc.oneof(
  fc.constantFrom('0', '-1', '2147483647', '2147483648', '99999999999999999999', '1e3', '%00', '%ff', 'NaN'),
  text.filter((value) => value !== '' && value !== '.' && value !== '..').map(encode),
);

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function encode(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

function requests(named: Named): fc.Arbitrary<Sent> {
  return fc.oneof(
    { weight: 3, arbitrary: requestsOf(named, { kind: 'proper', resolve }) },
    { weight: 2, arbitrary: requestsOf(named, { kind: 'wild', resolve }) },
  );
}

function requestsOf({ path, operation }: Named, taste: Taste): fc.Arbitrary<Sent> {
  const isWild = taste.kind === 'wild';
  const valuesIn = (
    place: string,
    make: (name: string, schema: Schema) => fc.Arbitrary<string | undefined>,
  ) =>
    fc.record(
      Object.fromEntries(
        (operation.parameters ?? [])
          .filter((one) => one.in === place)
          .map(({ name, schema }) => [name, make(name, schema)]),
      ),
    );
  const inPath = valuesIn('path', (name) =>
    isWild ? fc.oneof(goodPart(path, name), badPart) : goodPart(path, name),
  );
  const inQuery = valuesIn('query', (name, schema) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: valuesOf(schema, taste, name).map(asText) },
      { weight: isWild ? 1 : 0, arbitrary: text },
    ),
  );
  const keys = fc.constantFrom(undefined, undefined, undefined, 'a', 'b', 'x'.repeat(300), 'with space');
  return fc
    .record({
      path: inPath,
      query: inQuery,
      body: bodies(operation, taste),
      key: isWild ? keys : fc.constant(undefined),
    })
    .map(({ path: values, query, body, key }) => {
      const filled = path.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '1');
      const asked = Object.entries(query).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}=${encode(value)}`],
      );
      return {
        url: `${filled}${asked.length > 0 ? `?${asked.join('&')}` : ''}`,
        headers: {
          authorization: `Bearer ${ours.token}`,
          ...(key === undefined ? {} : { 'idempotency-key': key }),
          ...body.headers,
        },
        ...(body.body === undefined ? {} : { body: body.body }),
      };
    });
}

type Body = { headers: Record<string, string>; body?: BodyInit };

function bodies({ requestBody }: Operation, taste: Taste): fc.Arbitrary<Body> {
  if (!requestBody) return fc.constant({ headers: {} });
  const of = Object.entries(requestBody.content).map(([type, { schema }]) =>
    bodyOf(type, schema ?? {}, taste),
  );
  const sound = fc.oneof(...of);
  return taste.kind === 'wild'
    ? fc.oneof({ weight: 4, arbitrary: sound }, { weight: 1, arbitrary: broken })
    : sound;
}

function bodyOf(type: string, schema: Schema, taste: Taste): fc.Arbitrary<Body> {
  const isWild = taste.kind === 'wild';
  if (type === 'application/json')
    return fc
      .oneof(
        { weight: 8, arbitrary: valuesOf(schema, taste) },
        { weight: isWild ? 1 : 0, arbitrary: anything },
      )
      .map((value) => ({ headers: { 'content-type': type }, body: JSON.stringify(value) }));
  if (type === 'multipart/form-data')
    return fc
      .record({
        file: isWild ? files : fc.constant(PEOPLE),
        fields: isWild
          ? fc.dictionary(fc.constantFrom('column_mappings', 'mode', 'kind', 'x'), text)
          : fc.constantFrom<Record<string, string>>({}, { mode: 'append' }, { kind: 'own' }),
      })
      .map(({ file, fields }) => {
        const form = new FormData();
        for (const [name, value] of Object.entries(fields)) form.append(name, value.toWellFormed());
        form.append('file', new File([file], 'people.csv', { type: 'text/csv' }));
        return { headers: {}, body: form };
      });
  const lines = isWild
    ? files
    : fc.constant(type === 'text/csv' ? PEOPLE : '{"phone_number":"+12125550142"}\n');
  return lines.map((body) => ({ headers: { 'content-type': type }, body }));
}

const PEOPLE = 'phone_number,name\n+12125550142,Ada\n+12125550143,Grace\n';
const cells = fc.array(text, { maxLength: 4 }).map((row) => row.join(','));
const files = fc.oneof(
  fc
    .array(cells, { maxLength: 4 })
    .map((rows) => ['phone_number,name', '+12125550142,Ada', ...rows].join('\n')),
  fc.array(cells, { maxLength: 3 }).map((rows) => rows.join('\n')),
  fc.array(anything, { maxLength: 3 }).map((rows) => rows.map((row) => JSON.stringify(row)).join('\n')),
);

const broken: fc.Arbitrary<Body> = fc.record({
  headers: fc.constantFrom<Record<string, string>>(
    {},
    { 'content-type': 'application/json' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/xml' },
    { 'content-type': 'application/json; charset=utf-16' },
    { 'content-type': 'multipart/form-data' },
    { 'content-type': 'multipart/form-data; boundary=x' },
  ),
  body: fc.constantFrom(
    '',
    '{',
    'null',
    '[]',
    '""',
    'NaN',
    '{"a":1}{',
    '{"__proto__":{"a":1}}',
    '['.repeat(20_000),
    '--x\r\n\r\n',
    '\u0000',
  ),
});

describe('whatever is sent', () => {
  test('the document names every kind of operation', () => {
    expect(operations.length).toBeGreaterThan(40);
  });

  test.each(operations)(
    '$name answers as documented, breaks nowhere, and shows nothing of others',
    PATIENCE,
    async (named) => {
      fresh = await freshFor(named.path);
      await fc.assert(
        fc.asyncProperty(requests(named), (sent) => expectSound(named, sent)),
        { numRuns: RUNS, seed: SEED, endOnFailure: true },
      );
    },
  );

  test('leaves no task behind that fails', async () => {
    await api.drain();
    const failed = await deps.db.execute<{ task_identifier: string; last_error: string }>(
      sql`select task_identifier, last_error from graphile_worker.jobs where last_error is not null`,
    );
    const words = [
      ...failed.map((task) => `${task.task_identifier}: ${task.last_error}`),
      ...causes.map(describe5xx),
    ];
    // Time stands still here, and with it the turn of a card that a results file waits for.
    expect(words.filter((cause) => !cause.includes('the card is not posted yet'))).toEqual([]);
  });
});

describe('without a token in force', () => {
  test.each(operations)('$name is refused before anything is looked at', async (named) => {
    for (const token of [null, ...outOfForce, 'rm_made-up', `${ours.token}x`]) {
      const [sent] = fc.sample(requests(named), { numRuns: 1, seed: SEED });
      const { authorization: _, ...headers } = sent?.headers ?? {};
      const answer = await send(named, {
        ...sent,
        url: sent?.url ?? '',
        headers: token === null ? headers : { ...headers, authorization: `Bearer ${token}` },
      });
      expect([token, answer.status]).toEqual([token, 401]);
    }
  });

  test.each(operations.filter(({ operation }) => !['read', 'any'].includes(operation['x-needs'] ?? '')))(
    '$name is refused to a token that may only look',
    async (named) => {
      const url = named.path.replace(/\{\w+\}/g, '1');
      const headers = { authorization: `Bearer ${looker}`, 'content-type': 'application/json' };
      const answer = await send(named, { url, headers, ...(named.operation.requestBody && { body: '{}' }) });
      expect(answer.status).toBe(403);
    },
  );
});
