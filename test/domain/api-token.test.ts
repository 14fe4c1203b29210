import { describe, expect, test } from 'vitest';
import { checkTokenWish, isInForce } from '#domain/api-token.ts';
import { scopesAllow } from '#domain/token-scopes.ts';

const NOW = new Date('2026-11-24T19:00:00Z');
const later = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);
const wish = { name: ' Nightly  report ', scopes: ['launch', 'read', 'read'], expiresAt: later(1) };

describe('a token', () => {
  test('is kept with a tidy name and each scope once', () => {
    expect(checkTokenWish(wish, NOW, null)).toEqual({
      ok: true,
      name: 'Nightly report',
      scopes: ['read', 'launch'],
      expiresAt: later(1),
    });
  });

  test.each([
    ['has a name', { name: '  ' }, null, ['name']],
    ['has a name of at most 80 characters', { name: 'x'.repeat(81) }, null, ['name']],
    ['has a scope', { scopes: [] }, null, ['scopes']],
    ['has only scopes that there are', { scopes: ['read', 'admin'] }, null, ['scopes']],
    ['ends at an instant to come', { expiresAt: NOW }, null, ['expires_at']],
    ['ends at a real instant', { expiresAt: new Date(Number.NaN) }, null, ['expires_at']],
    ['may do no more than its maker', {}, { scopes: ['read'], expiresAt: null }, ['scopes']],
    [
      'ends no later than its maker',
      {},
      { scopes: ['read', 'launch'], expiresAt: later(0.5) },
      ['expires_at'],
    ],
    [
      'ends when its maker does',
      { expiresAt: null },
      { scopes: ['read', 'launch'], expiresAt: later(9) },
      ['expires_at'],
    ],
    [
      'is told all that is wrong at once',
      { name: '', scopes: [], expiresAt: NOW },
      null,
      ['name', 'scopes', 'expires_at'],
    ],
  ] as const)('%s', (_, change, maker, fields) => {
    const checked = checkTokenWish({ ...wish, ...change }, NOW, maker);
    expect(checked.ok ? [] : checked.problems.map(({ field }) => field)).toEqual(fields);
  });

  test.each([
    [null, null, true],
    [null, later(1), true],
    [null, NOW, false],
    [NOW, later(1), false],
  ])('revoked %s and ending %s counts: %s', (revokedAt, expiresAt, counts) => {
    expect(isInForce({ revokedAt, expiresAt }, NOW)).toBe(counts);
  });
});

test.each([
  [['read'], 'read', true],
  [['read'], 'stop', false],
  [['write'], 'stop', true],
  [['launch'], 'stop', true],
  [['launch'], 'write', false],
  [['write'], 'launch', false],
  [['write', 'launch'], 'read', false],
  [['read'], 'any', true],
] as const)('a token with %s may %s: %s', (scopes, need, may) => {
  expect(scopesAllow(scopes, need)).toBe(may);
});
