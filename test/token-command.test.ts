import { expect, test } from 'vitest';
import { readTokenCommand } from '#token-command.ts';

const NAMED = ['create', '--name', 'CRM', '--scopes', 'read, launch'];

test.each([
  [NAMED, { does: 'create', name: 'CRM', scopes: ['read', 'launch'], expiresDays: null, workspace: null }],
  [[...NAMED, '--expires-days', '90'], { does: 'create', expiresDays: 90 }],
  [['list', '--workspace=Acme Inc'], { does: 'list', workspace: 'Acme Inc' }],
  [['revoke', '7'], { does: 'revoke', tokenId: 7, workspace: null }],
])('%j is read', (args, command) => {
  expect(readTokenCommand(args)).toMatchObject(command);
});

test.each([
  [[], 'Say what is to be done with tokens.'],
  [['create', '--name', 'CRM'], 'What the token may do is missing.'],
  [['create', '--scopes', 'read'], 'The name of the token is missing.'],
  [[...NAMED, '--expires-days', '0'], '--expires-days is a whole number from 1 to 3,650.'],
  [[...NAMED, '--expires-days', 'soon'], '--expires-days is a whole number from 1 to 3,650.'],
  [[...NAMED, '--colour', 'red'], "Unknown option '--colour'"],
  [[...NAMED, 'today'], '“today” is too much.'],
  [['revoke', 'CRM'], 'Say the number of the token'],
  [['revoke'], 'Say the number of the token'],
  [['revoke', '7', '8'], '“8” is too much.'],
  [['list', 'all'], '“all” is too much.'],
])('%j is answered in words and with how to say it', (args, words) => {
  expect(() => readTokenCommand(args)).toThrow(words);
  expect(() => readTokenCommand(args)).toThrow('Nothing was done.\n\nUsage:\n');
});

test.each([[['--help']], [['create', '-h']], [['help']]])(
  '%j asks how it is used, and nothing is done',
  (args) => {
    expect(readTokenCommand(args)).toBe('help');
  },
);
