import { expect, test } from 'vitest';
import { createApi } from '#support/api.ts';

const { ask } = await createApi();
const json = { 'content-type': 'application/json' };
const post = (body: BodyInit, headers: Record<string, string> = json) =>
  ask('POST /tokens', { body, headers });

test('a body over 1 MB is refused in words, whether its length is said or not', async () => {
  const large = JSON.stringify({ name: 'x'.repeat(1024 * 1024), scopes: ['read'] });
  const said = await post(large, { ...json, 'content-length': String(large.length) });
  const streamed = await post(large);
  for (const { status, body } of [said, streamed])
    expect([status, body.detail]).toEqual([413, expect.stringMatching(/larger than 1 MB/)]);
});

test('a body that is no JSON is refused in words', async () => {
  const broken = await post('{"name": ');
  expect([broken.status, broken.body.detail]).toEqual([400, expect.stringMatching(/it is no JSON/)]);
  const other = await post('name=x', { 'content-type': 'text/plain' });
  expect([other.status, other.body.detail]).toEqual([415, expect.stringMatching(/Send JSON/)]);
  const none = await ask('POST /tokens');
  expect([none.status, Array.isArray(none.body.detail)]).toEqual([422, true]);
});

test.each([
  '{"name":"a\\u0000b","scopes":["read"]}',
  '{"name":"\\ud800","scopes":["read"]}',
  '{"a\\uDC00":1}',
  `{"deep":${'['.repeat(200_000)}${']'.repeat(200_000)},"name":"a\\u0000b","scopes":["read"]}`,
])('characters that no text may hold are refused: %.40s', async (body) => {
  const answer = await post(body);
  expect([answer.status, answer.body.detail[0].loc]).toEqual([422, ['body']]);
});

test.each([
  ['PATCH /assistants/1', 'llm_settings', '{"a":', '}'],
  ['PUT /assistants/1', 'unknown', '[', ']'],
  ['POST /campaigns/template-preview', 'variables', '{"a":', '}'],
])('a value that is nested beyond measure is refused in words: %s %s', async (what, field, open, close) => {
  const levels = 100_000;
  const body = `{"${field}":${open.repeat(levels)}1${close.repeat(levels)}}`;
  const answer = await ask(what, { body, headers: json });
  expect([answer.status, answer.body.detail]).toEqual([
    422,
    [
      {
        loc: ['body'],
        msg: expect.stringMatching(/more than 50 levels deep.*Nothing was done/),
        type: 'value_error',
      },
    ],
  ]);
});

test('brackets side by side or in a text are no levels', async () => {
  const variables = { aside: Array.from({ length: 60 }, () => [{}]), text: `\\"${'['.repeat(60)}` };
  const { status, body } = await ask('POST /campaigns/template-preview', {
    json: { template: 'Hi', variables },
  });
  expect([status, body.rendered_template]).toEqual([200, 'Hi']);
});

test('the same characters are found in the address', async () => {
  const answer = await ask('GET /tokens?search=%00');
  expect([answer.status, answer.body.detail[0].loc]).toEqual([422, ['path']]);
});

test.each([
  '{"name":"caf\\u00e9 \\ud83d\\ude00","scopes":["read"]}',
  '{"name":"C:\\\\u0000","scopes":["read"]}',
])('escapes that stand for something are taken: %s', async (body) => {
  expect((await post(body)).status).toBe(200);
});

const draft = (more: object) =>
  ask('POST /campaigns', { json: { name: 'Large', campaign_type: 'sms', ...more } });

test('a body of more values than anybody sends is refused in words before it is looked at', async () => {
  const { status, body } = await draft({ available_variables: Array(400_000).fill(1) });
  expect([status, body.detail]).toEqual([
    413,
    expect.stringMatching(/more than 100,000 values.*nothing was done/),
  ]);
});

test('of very many problems the first are told, and how many more there are', async () => {
  const { status, body } = await draft({ available_variables: Array(90_000).fill(1) });
  expect([status, body.detail.length]).toEqual([422, 101]);
  expect(body.detail[99].loc).toEqual(['body', 'available_variables', 99]);
  expect(body.detail[100].msg).toMatch(/^89,900 more problems/);
  const names = Object.fromEntries(Array.from({ length: 5_000 }, (_, place) => [`setting${place}`, 1]));
  const unknown = await draft({ execution_settings: names });
  expect(unknown.body.detail[0].msg.length).toBeLessThan(600);
});

test('a list of 100,000 contacts is no body with too many values', async () => {
  const { body } = await draft({});
  const ids = Array.from({ length: 100_000 }, (_, place) => place + 1);
  const asked = await ask(`POST /campaigns/${body.id}/re-execute`, { json: { contact_selection: ids } });
  expect([asked.status, asked.body.detail]).toEqual([400, expect.stringMatching(/is a draft/)]);
});

test.each([
  ['fallback_values', { name: 'x'.repeat(40_000) }],
  [
    'variable_mappings',
    Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`column ${at}`, `v${at}`])),
  ],
  ['available_variables', Array.from({ length: 9_000 }, (_, at) => `variable${at}`)],
])('%s holds no more than every list of campaigns can carry along', async (field, value) => {
  const { status, body } = await draft({ [field]: value });
  expect([status, body.detail]).toEqual([
    422,
    [{ loc: ['body', field], msg: expect.stringMatching(/^Up to 30,000 characters/), type: 'value_error' }],
  ]);
});
