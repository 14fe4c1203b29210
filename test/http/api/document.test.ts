import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApi } from '#support/api.ts';

const { app, ask } = await createApi();

type Schema = { $ref?: string; example?: unknown };
type Operation = {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  security: unknown;
  'x-needs': string;
  parameters?: { name: string; in: string; required?: boolean; description?: string }[];
  requestBody?: { content: Record<string, { schema?: Schema } | undefined> };
  responses: Record<string, unknown>;
};
type Described = { name: string; method: string; path: string; operation: Operation };

const UPLOADS = /\/(import-data|contacts|import)$/;
// biome-ignore lint/suspicious/noExplicitAny: a document is what came; the tests below say what it must be.
let document: any;
let described: Described[];

beforeAll(async () => {
  const answer = await app.request('/api/openapi.json');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
  document = await answer.json();
  described = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method,
        path,
        operation,
      })),
  );
});

function at(reference: string): Schema {
  return reference
    .split('/')
    .slice(1)
    .reduce((place, name) => place[name], document);
}

describe('the document', () => {
  test('is OpenAPI 3.1 for this server and its tokens, and needs none itself', () => {
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Ringmaster' },
      servers: [{ url: 'https://bot.example' }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    });
  });

  test('has every route that is registered, and no other', () => {
    const registered = app.routes
      .filter(
        ({ path, method }) =>
          /^\/(api\/v1|api\/calls|ws)\//.test(path) && !path.includes('*') && method !== 'ALL',
      )
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`);
    expect(described.map(({ name }) => name).sort()).toEqual([...new Set(registered)].sort());
    expect(described.length).toBeGreaterThan(20);
  });

  test('names every operation once', () => {
    const ids = described.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('says of each operation what it is, what it needs, and how it refuses', () => {
    const lacking = described.filter(
      ({ operation: { summary, tags, security, responses, ...more } }) =>
        !summary ||
        !tags?.length ||
        JSON.stringify(security) !== '[{"token":[]}]' ||
        !['read', 'write', 'launch', 'stop', 'any'].includes(more['x-needs']) ||
        !['400', '401', '403', '404', '422', '429', '500'].every((code) => code in responses) ||
        !Object.keys(responses).some((code) => /^2/.test(code)),
    );
    expect(lacking.map(({ name }) => name)).toEqual([]);
  });

  test('lists its parts in the order in which a reader needs them, and says what each is for', () => {
    const listed = document.tags.map(({ name }: { name: string }) => name);
    expect(listed.slice(0, 3)).toEqual(['Campaigns', 'Imports', 'Contacts']);
    expect(new Set(described.flatMap(({ operation }) => operation.tags))).toEqual(new Set(listed));
    for (const { name, description } of document.tags) expect(description, name).toMatch(/^[A-Z].*\.$/);
  });

  test('says what each change does, what each parameter means, and what the token needs', () => {
    const silent = described.flatMap(({ name, method, operation }) => [
      ...(operation.parameters ?? []).filter((one) => !one.description).map((one) => `${name} ${one.name}`),
      ...(method === 'get' || operation.description.includes('\n\n') ? [] : [name]),
      ...(/Needs (the scope `|a token)/.test(operation.description) ? [] : [`${name} needs`]),
    ]);
    expect(silent).toEqual([]);
  });

  test('gives an example for every body, which is taken as it stands', async () => {
    await ask('POST /campaigns', { json: { name: 'One', campaign_type: 'sms', assistant_id: null } });
    const bodies = described.flatMap(({ name, operation }) => {
      const schema = operation.requestBody?.content['application/json']?.schema;
      const { example } = schema?.$ref ? at(schema.$ref) : (schema ?? {});
      return schema ? [{ name, example }] : [];
    });
    expect(bodies.filter(({ example }) => example === undefined)).toEqual([]);
    // Whether its address exists is asked of the network.
    for (const { name, example } of bodies.filter(({ name }) => !name.includes('/webhooks'))) {
      const answer = await ask(name.replace('/api/v1', '').replaceAll(/\{\w+\}/g, '1'), { json: example });
      expect([200, 202, 400, 404], `${name}: ${JSON.stringify(answer.body)}`).toContain(answer.status);
    }
  });

  test('describes every place in an address, and takes a body only where one is sent', () => {
    const wrong = described.filter(({ path, method, operation }) => {
      const places = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
      const told = (operation.parameters ?? []).filter((one) => one.in === 'path' && one.required);
      const hasBody = operation.requestBody !== undefined;
      return (
        JSON.stringify(told.map(({ name }) => name).sort()) !== JSON.stringify(places) ||
        (hasBody && ['get', 'delete'].includes(method))
      );
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('lets looking need nothing but read, and changing never', () => {
    const odd = described.filter(({ method, operation }) => {
      const need = operation['x-needs'];
      return method === 'get' ? !['read', 'any'].includes(need) : need === 'read';
    });
    expect(odd.map(({ name, operation }) => `${name} ${operation['x-needs']}`)).toEqual([
      // It renders what it is given and keeps nothing.
      ...described.filter(({ path }) => path.endsWith('/template-preview')).map(({ name }) => `${name} read`),
    ]);
  });

  test('offers an Idempotency-Key on every POST, and files only where they are read in pieces', () => {
    const posts = described.filter(({ method }) => method === 'post');
    const keyed = posts.filter(({ operation }) =>
      operation.parameters?.some(({ name }) => name === 'Idempotency-Key'),
    );
    expect(keyed).toEqual(posts);
    const files = described.filter(({ operation }) => operation.requestBody?.content['multipart/form-data']);
    expect(files.filter(({ path }) => !UPLOADS.test(path))).toEqual([]);
  });

  test('holds schemas that a validator understands, and examples that fit them', () => {
    const ajv = new Ajv2020({
      strict: false,
      formats: { 'date-time': true, binary: true, uri: true, email: true },
    });
    ajv.addSchema({ $id: 'api', components: document.components });
    const bad = Object.entries(document.components.schemas as Record<string, { example?: unknown }>).flatMap(
      ([name, schema]) => {
        const validate = ajv.compile({ $ref: `api#/components/schemas/${name}` });
        if (schema.example === undefined || validate(schema.example)) return [];
        return [`${name}: ${ajv.errorsText(validate.errors)}`];
      },
    );
    expect(bad).toEqual([]);
  });
});

describe('every operation', () => {
  test('is refused without a token', async () => {
    for (const { method, path } of described) {
      const answer = await app.request(path.replaceAll(/\{\w+\}/g, '1'), { method: method.toUpperCase() });
      expect([path, answer.status, await answer.json()]).toEqual([path, 401, { detail: expect.any(String) }]);
    }
  });
});

test('an unknown address below /api is a 404 in words, a wrong method a 405 that says the right ones', async () => {
  for (const path of ['/nothing', '/campaigns/1/nothing', '/tokens/1/2'])
    expect(await ask(`GET ${path}`)).toMatchObject({ status: 404, body: { detail: expect.any(String) } });
  expect((await app.request('/api/nothing')).status).toBe(404);
  const wrong = await ask('PATCH /tokens/');
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, POST']);
  expect(wrong.body.detail).toMatch(/^This address takes GET, POST, not PATCH\./);
  expect((await ask('PUT /campaigns/1/start')).status).toBe(405);
});

test('the page that shows it asks for nothing but files of this server', async () => {
  const page = await app.request('/api/docs/');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self';");
  const html = await page.text();
  expect(html).not.toMatch(/https?:|<script>|\son\w+=/);
  const files = [...html.matchAll(/(?:src|href)="(\/api\/docs\/[^"]+)"/g)].map(([, file = '']) => file);
  expect(files).toHaveLength(4);
  for (const file of files) expect((await app.request(file)).status).toBe(200);
  for (const file of ['package.json', '../package.json', '%2e%2e%2fpackage.json', 'constructor'])
    expect((await app.request(`/api/docs/${file}`)).status).toBe(404);
  expect((await app.request('/api')).headers.get('location')).toBe('/api/docs');
});
