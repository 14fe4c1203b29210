import { describe, expect, test } from 'vitest';
import { ROLES, roleMay, rolesAgree, rolesThatMay } from '#domain/rights.ts';

describe('roles', () => {
  test.each([
    ['viewer', 'view', true],
    ['viewer', 'stop', true],
    ['viewer', 'suppress', true],
    ['viewer', 'edit', false],
    ['viewer', 'listen', false],
    ['editor', 'export', true],
    ['editor', 'launch', false],
    ['launcher', 'launch', true],
    ['launcher', 'administer', false],
    ['admin', 'administer', true],
  ] as const)('a %s who wants to %s: %j', (role, right, may) => expect(roleMay(role, right)).toBe(may));

  test('each may all that the one before it may', () => {
    const rights = ['view', 'edit', 'launch', 'stop', 'export', 'suppress', 'listen', 'administer'] as const;
    for (const [at, role] of ROLES.entries()) {
      const before = ROLES[at - 1];
      if (before)
        for (const right of rights) expect(!roleMay(before, right) || roleMay(role, right)).toBe(true);
    }
  });

  test('to stop a campaign needs no more than to look', () => {
    expect(rolesThatMay('stop')).toEqual(rolesThatMay('view'));
  });
});

describe('whether it matters which role somebody has', () => {
  test.each([
    [['viewer', 'admin'], 'stop', true],
    [['viewer', 'editor'], 'launch', false],
    [['viewer', 'launcher'], 'launch', null],
    [['editor'], 'edit', true],
    [[], 'view', null],
  ] as const)('%j, to %s: %j', (roles, right, verdict) => expect(rolesAgree(roles, right)).toBe(verdict));
});
