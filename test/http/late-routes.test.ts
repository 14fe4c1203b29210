import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { lateRoutes } from '#http/late-routes.ts';

const early = new Hono().get('/early', (c) => c.text('early'));
const ask = (path: string) => new Request(`http://ringmaster.test${path}`);

function routes(load: () => Promise<Hono>) {
  let loads = 0;
  const counted = () => {
    loads += 1;
    return load();
  };
  const all = lateRoutes(early, { isLate: (path) => path.startsWith('/late'), load: counted });
  return { text: async (path: string) => (await all.fetch(ask(path))).text(), loads: () => loads };
}

const both = async () => new Hono().get('/late', (c) => c.text('late')).route('/', early);

it('loads late routes when one of them is asked for, once however many ask', async () => {
  const { text, loads } = routes(both);
  expect(await text('/early')).toBe('early');
  expect(loads()).toBe(0);
  expect(await Promise.all([text('/late'), text('/late')])).toEqual(['late', 'late']);
  expect([await text('/early'), loads()]).toEqual(['early', 1]);
});

it('tries again after loading failed, while the others go on', async () => {
  let isBroken = true;
  const { text, loads } = routes(() => (isBroken ? Promise.reject(new Error('no memory')) : both()));
  await expect(text('/late')).rejects.toThrow('no memory');
  expect(await text('/early')).toBe('early');
  isBroken = false;
  expect([await text('/late'), loads()]).toEqual(['late', 2]);
});
