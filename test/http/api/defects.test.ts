import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { apiRoutes } from '#http/api/mount.ts';
import { createApi } from '#support/api.ts';
import { quietLog } from '#support/engine.ts';

const { deps } = await createApi();
/** Nobody listens at this port. */
const nowhere = openDatabase('postgres://127.0.0.1:1/nowhere');
afterAll(() => nowhere.close());

const logged: object[] = [];
const log = { ...quietLog, error: (fields: object) => void logged.push(fields) };
const app = apiRoutes(
  { ...deps, db: nowhere.db, log },
  { reference: () => 'ref-7', publicUrl: 'https://bot.example' },
);
const ask = async (method: string) => {
  const answer = await app.request('/api/v1/campaigns?search=secret-search', {
    method,
    headers: { authorization: 'Bearer rm_secret-token' },
  });
  return { status: answer.status, detail: (await answer.json()).detail };
};

test('a look that broke says that nothing was changed, and what to do', async () => {
  expect(await ask('GET')).toEqual({
    status: 500,
    detail:
      'Something went wrong on our side. Nothing was changed. Try again in a moment; if it happens again, tell an operator the reference ref-7.',
  });
});

test('a change that broke does not claim that nothing was done', async () => {
  const { status, detail } = await ask('POST');
  expect(status).toBe(500);
  expect(detail).toMatch(
    /may or may not have been done\. Look before you send it again.* Idempotency-Key.*ref-7\.$/,
  );
});

test('the log has the cause and the reference, and neither token nor query', async () => {
  logged.length = 0;
  await ask('GET');
  expect(logged).toEqual([expect.objectContaining({ reference: 'ref-7', path: '/api/v1/campaigns' })]);
  expect(JSON.stringify(logged)).not.toMatch(/secret/);
});
