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
