import { eq } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { apiTokens } from '#db/api-schema.ts';
import { createToken } from '#operations/create-token.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { revokeToken } from '#operations/revoke-token.ts';
import { createApi } from '#support/api.ts';
import { ANNA } from '#support/engine.ts';
import { startReceiver } from '#support/receiver.ts';

const { ask, deps, workspace, clock, tokenFor } = await createApi();
const other = await ensureWorkspace(deps, { slackTeamId: 'T_OTHER', name: 'Other' });
const receiver = await startReceiver();
const inDays = (days: number) => new Date(clock.now().getTime() + days * 86_400_000);
const make = (json: object, token?: string) => ask('POST /tokens', { json, ...(token ? { token } : {}) });

describe('a token', () => {
  test('makes another one, whose secret is in that answer alone', async () => {
    const made = await make({ name: 'Nightly report', scopes: ['read'] });
    expect(made.status).toBe(200);
    expect(made.headers.get('cache-control')).toBe('no-store');
    const { token, ...shown } = made.body;
    expect(token).toMatch(/^rm_[\w-]{43}$/);
    expect(shown).toMatchObject({
      name: 'Nightly report',
      scopes: ['read'],
      hint: token.slice(-4),
      expires_at: null,
    });
    const list = await ask('GET /tokens', { token });
    expect(list.body).toEqual({ tokens: [{ ...shown, last_used_at: '2026-11-24T19:00:00Z' }] });
    const kept = JSON.stringify(await deps.db.select().from(apiTokens));
    expect(kept).not.toContain(token);
  });

  test('sees those it made and no others', async () => {
    const token = await tokenFor(['read', 'write']);
    const child = await make({ name: 'Child', scopes: ['write'] }, token);
    const grandchild = await make({ name: 'Grandchild', scopes: ['write'] }, child.body.token);
    const { body } = await ask('GET /tokens', { token });
    expect(body.tokens.map(({ name }: { name: string }) => name)).toEqual([
      'Grandchild',
      'Child',
      'read and write',
    ]);
    expect(grandchild.body.parent_id).toBe(child.body.id);
  });

  test('makes none that may do more than itself, or for longer', async () => {
    const secret = async () => {
      const made = await createToken(deps, {
        workspaceId: workspace.id,
        actor: ANNA,
        name: 'Short',
        scopes: ['write'],
        expiresAt: inDays(1),
      });
      return made.secret;
    };
    const token = await secret();
    const more = await make({ name: 'More', scopes: ['write', 'launch'], expires_at: inDays(2) }, token);
    expect([more.status, more.body.detail.map(({ loc }: { loc: string[] }) => loc.join('.'))]).toEqual([
      422,
      ['body.scopes', 'body.expires_at'],
    ]);
    const same = await make({ name: 'Same', scopes: ['write'] }, token);
    expect([same.status, same.body.expires_at]).toEqual([200, '2026-11-25T19:00:00Z']);
    const reader = await make({ name: 'R', scopes: ['read'] }, await tokenFor(['read']));
    expect([reader.status, reader.body.detail]).toEqual([
      403,
      expect.stringContaining('may not change anything'),
    ]);
  });

  test('is revoked with all that it made, and nobody else’s can be', async () => {
    const token = await tokenFor(['write']);
    const child = await make({ name: 'Child', scopes: ['write'] }, token);
    const grandchild = await make({ name: 'Grandchild', scopes: ['write'] }, child.body.token);
    const stranger = await tokenFor(['read', 'write'], other.id);
    expect((await ask(`DELETE /tokens/${child.body.id}`, { token: stranger })).status).toBe(404);
    expect((await ask(`DELETE /tokens/${child.body.id}`, { token: grandchild.body.token })).status).toBe(404);
    const gone = await ask(`DELETE /tokens/${child.body.id}`, { token });
    expect(gone.body.message).toMatch(/^“Child” is revoked, and so is the one made by it\./);
    const again = await ask(`DELETE /tokens/${child.body.id}`, { token });
    expect(again.body.message).toMatch(/revoked already/);
    for (const secret of [child.body.token, grandchild.body.token])
      await expect.poll(async () => (await ask('GET /tokens', { token: secret })).status).toBe(401);
    expect((await ask('GET /tokens', { token })).status).toBe(200);
  });

  test('leaves webhooks behind when it is revoked, and their numbers are told', async () => {
    const token = await tokenFor(['read', 'write']);
    const child = await make({ name: 'Child', scopes: ['read', 'write'] }, token);
    const hook = async (maker: string) => {
      const json = { url: receiver.url, events: ['reply_received'] };
      return (await ask('POST /webhooks', { json, token: maker })).body.id;
    };
    const [first, second, off] = [await hook(token), await hook(child.body.token), await hook(token)];
    await ask(`PATCH /webhooks/${off}`, { json: { is_active: false } });
    await hook(await tokenFor(['read', 'write']));
    const { tokens } = (await ask('GET /tokens', { token })).body;
    const { message } = (await ask(`DELETE /tokens/${tokens.at(-1).id}`, { token })).body;
    expect(message).toContain(`Webhooks ${first} and ${second}, which were made with it, are still told`);
    expect(message).toMatch(/: switch them off, unless/);
  });

  test('does not outlive one that is revoked while it is being made', async () => {
    const top = await createToken(deps, {
      workspaceId: workspace.id,
      actor: ANNA,
      name: 'Top',
      scopes: ['write'],
      expiresAt: null,
    });
    const actor = { kind: 'api_token', tokenId: top.tokenId } as const;
    const wish = { workspaceId: workspace.id, actor, name: 'Racer', scopes: ['write'], expiresAt: null };
    const racers = Array.from({ length: 5 }, () => createToken(deps, wish).catch((error) => error.code));
    await revokeToken(deps, { workspaceId: workspace.id, actor: ANNA, tokenId: top.tokenId });
    const made = await Promise.all(racers);
    const rows = await deps.db.select().from(apiTokens).where(eq(apiTokens.name, 'Racer'));
    expect(rows.filter(({ revokedAt }) => revokedAt === null)).toEqual([]);
    expect(rows.length + made.filter((code) => code === 'token_not_found').length).toBe(5);
  });

  test('is not made when its end is misspelt: it would live on', async () => {
    const refused = await make({ name: 'Brief', scopes: ['read'], expires_days: 1 });
    expect([refused.status, refused.body.detail[0].type]).toEqual([422, 'unrecognized_keys']);
  });

  test('is refused at its end, at once', async () => {
    const made = await make({ name: 'Brief', scopes: ['read'], expires_at: inDays(1) });
    const { token } = made.body;
    expect((await ask('GET /tokens', { token })).status).toBe(200);
    clock.set(inDays(1));
    const over = await ask('GET /tokens', { token });
    expect([over.status, over.body.detail]).toEqual([
      401,
      expect.stringContaining('no API token that is in force'),
    ]);
    expect(over.headers.get('www-authenticate')).toBe('Bearer');
  });
});

test.each(['Bearer', 'Basic abc', 'Bearer rm_unknown', 'Bearer a b', `Bearer ${'x'.repeat(300)}`])(
  'a request with “%.20s” is nobody’s',
  async (authorization) => {
    const answer = await ask('GET /tokens', { token: null, headers: { authorization } });
    expect(answer.status).toBe(401);
  },
);

test('a page of another host may neither ask nor read, whatever it says of itself, and a cookie is no token', async () => {
  const page = { origin: 'https://evil.example', 'sec-fetch-mode': 'cors' };
  const { body: made } = await make({ name: 'Page', scopes: ['read'] });
  const before = await ask('OPTIONS /tokens', {
    token: null,
    headers: { ...page, 'access-control-request-method': 'DELETE' },
  });
  const asked = await ask('GET /tokens', { token: made.token, headers: page });
  const byCookie = await ask('GET /tokens', {
    token: null,
    headers: { ...page, cookie: `token=${made.token}` },
  });
  expect([before.status, asked.status, byCookie.status]).toEqual([401, 200, 401]);
  for (const { headers } of [before, asked, byCookie])
    expect([...headers.keys()].filter((name) => /^(access-control-|set-cookie)/.test(name))).toEqual([]);
});

test.each(['X-HTTP-Method-Override', 'X-Method-Override', 'X-HTTP-Method'])(
  'the method of a request is what it says, and not what its header “%s” says',
  async (header) => {
    const { body: made } = await make({ name: 'Stays', scopes: ['read'] });
    const answer = await ask(`GET /tokens/${made.id}?_method=DELETE`, { headers: { [header]: 'DELETE' } });
    expect(answer.status).toBe(405);
    expect((await ask('GET /tokens', { token: made.token })).status).toBe(200);
  },
);
