import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm/sql';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { apiTokens } from '#db/api-schema.ts';
import type { TokenScope } from '#domain/token-scopes.ts';
import { createAdmission } from '#http/api/admission.ts';
import { apiRoutes } from '#http/api/mount.ts';
import { createToken } from '#operations/create-token.ts';
import { revokeToken } from '#operations/revoke-token.ts';
import { ANNA, createEngine, testClock } from '#support/engine.ts';

const { deps: engineDeps, workspace, database } = await createEngine();
const clock = testClock();
/** Real time is the test’s as well. */
const deps = { ...engineDeps, clock: { ...clock, toReal: (at: Date) => at } };

async function makeToken(requestsPerSecond = 60, scopes: TokenScope[] = ['read']) {
  const { secret, tokenId } = await createToken(deps, {
    workspaceId: workspace.id,
    actor: ANNA,
    name: 'Busy',
    scopes,
    expiresAt: null,
  });
  await deps.db.update(apiTokens).set({ requestsPerSecond }).where(eq(apiTokens.id, tokenId));
  return { secret, tokenId };
}

async function times(count: number, ask: () => Promise<{ kind: string }>): Promise<Record<string, number>> {
  const kinds = (await Promise.all(Array.from({ length: count }, ask))).map(({ kind }) => kind);
  return Object.fromEntries(
    [...new Set(kinds)].map((kind) => [kind, kinds.filter((one) => one === kind).length]),
  );
}

describe('the limit of a token', () => {
  test('holds over all processes, and is there again a second later', async () => {
    const { secret } = await makeToken();
    const [first, second] = [createAdmission(deps), createAdmission(deps)];
    const both = async () => {
      const [a = {}, b = {}] = await Promise.all([
        times(100, () => first(secret)),
        times(100, () => second(secret)),
      ]);
      return (a.admitted ?? 0) + (b.admitted ?? 0);
    };
    expect(await both()).toBe(60);
    clock.move(999);
    expect(await both()).toBe(0);
    clock.move(1);
    expect(await both()).toBe(60);
  });

  test('is one for a token and all that are made by it, directly or through others', async () => {
    const { tokenId, secret } = await makeToken(60, ['read', 'write']);
    const makeBy = (id: number) =>
      createToken(deps, {
        workspaceId: workspace.id,
        actor: { kind: 'api_token', tokenId: id },
        name: 'Child',
        scopes: ['read'],
        expiresAt: null,
      });
    const child = await makeBy(tokenId);
    const grandchild = await makeBy(child.tokenId);
    const admit = createAdmission(deps);
    const asked = await Promise.all(
      [secret, child.secret, grandchild.secret].map((one) => times(60, () => admit(one))),
    );
    expect(asked.reduce((sum, { admitted = 0 }) => sum + admitted, 0)).toBe(60);
    clock.move(1_000);
    await deps.db.update(apiTokens).set({ requestsPerSecond: 5 }).where(eq(apiTokens.id, tokenId));
    expect(await times(60, () => admit(grandchild.secret))).toEqual({ admitted: 5, waits: 55 });
  });

  test('costs a few statements and not one for each request', async () => {
    const { secret } = await makeToken(1_000);
    const admit = createAdmission(deps);
    const opened = vi.spyOn(database.client.db, 'transaction');
    onTestFinished(() => opened.mockRestore());
    expect(await times(1_000, () => admit(secret))).toEqual({ admitted: 1_000 });
    expect(opened.mock.calls.length).toBeLessThan(25);
    opened.mockClear();
    expect(await times(1_000, () => admit(secret))).toEqual({ waits: 1_000 });
    expect(opened.mock.calls.length).toBeLessThan(2);
  });

  test('says in words and with Retry-After when to come again', async () => {
    const { secret } = await makeToken(1);
    const app = apiRoutes(deps, {
      reference: () => randomBytes(4).toString('hex'),
      publicUrl: 'https://bot.example',
    });
    const ask = () => app.request('/api/v1/tokens', { headers: { authorization: `Bearer ${secret}` } });
    expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toEqual({
      detail:
        'The token “Busy” allows 1 request a second, shared with tokens that it made or that made it. This one was not carried out. Send it again in a second.',
    });
    clock.move(1_000);
    expect((await ask()).status).toBe(200);
  });
});

test('a token that was revoked is refused by every process within a second', async () => {
  const { secret, tokenId } = await makeToken();
  const admit = createAdmission(deps);
  expect((await admit(secret)).kind).toBe('admitted');
  await revokeToken(deps, { workspaceId: workspace.id, actor: ANNA, tokenId });
  clock.move(1_000);
  expect(await admit(secret)).toEqual({ kind: 'unknown' });
});

test('a client that goes on asking with a token that is none costs a look a second', async () => {
  const { secret, tokenId } = await makeToken();
  await revokeToken(deps, { workspaceId: workspace.id, actor: ANNA, tokenId });
  const admit = createAdmission(deps);
  const opened = vi.spyOn(database.client.db, 'transaction');
  onTestFinished(() => opened.mockRestore());
  for (let time = 0; time < 20; time += 1) expect(await admit(secret)).toEqual({ kind: 'unknown' });
  expect(opened).toHaveBeenCalledTimes(1);
  clock.move(1_000);
  await admit(secret);
  expect(opened).toHaveBeenCalledTimes(2);
});

test('its use is noted to within a second', async () => {
  const { secret, tokenId } = await makeToken();
  await createAdmission(deps)(secret);
  const [row] = await deps.db.select().from(apiTokens).where(eq(apiTokens.id, tokenId));
  expect(row?.lastUsedAt).toEqual(clock.now());
});
