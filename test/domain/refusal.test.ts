import { describe, expect, test } from 'vitest';
import { REFUSALS, Refusal, type RefusalCode } from '#domain/refusal.ts';

/** Answers every question a sentence may ask about its details, so that new refusals are checked without being listed. */
const DETAILS = new Proxy<Record<string, unknown>>(
  {
    matches: [
      { id: 4, name: 'Spring A' },
      { id: 9, name: 'Spring B' },
    ],
    campaigns: [{ id: 4, name: 'Spring A' }],
    attempts: 3,
    roles: ['launcher', 'admin'],
    problems: [{ field: 'name', sentence: 'Give the campaign a name.' }],
    state: 'is running',
    next: 'Pause it first.',
    problem: 'It is broken.',
    // Workspaces in one sentence, a list in words in another.
    known: Object.assign([{ slackTeamId: 'T1', name: 'Acme' }], { toString: () => 'pending or failed' }),
  },
  { get: (known, key) => known[String(key)] ?? 'something' },
);

describe('every refusal', () => {
  test.each(Object.keys(REFUSALS) as RefusalCode[])('%s is at least two whole sentences', (code) => {
    const refusal = new Refusal(code, DETAILS as never);
    expect(refusal.code).toBe(code);
    expect(refusal.ok).toBe(false);
    expect(refusal.message).toMatch(/^[A-Z“0-9].*[.?]$/);
    expect(refusal.message.split(/[.?](?:\s|$)/).length).toBeGreaterThan(2);
    expect(refusal.message).not.toMatch(/undefined|null|\[object/);
  });
});

test('an ambiguous name lists what it could mean', () => {
  expect(
    new Refusal('ambiguous_name', {
      wanted: 'spring',
      matches: [
        { id: 4, name: 'Spring A' },
        { id: 9, name: 'Spring B' },
      ],
    }).message,
  ).toBe(
    '“spring” fits 2 campaigns: #4 Spring A, #9 Spring B. Nothing was done. Say the number of the one you mean.',
  );
});

test('whoever may not do something learns whom to ask', () => {
  expect(new Refusal('not_allowed', { doing: 'start campaigns', roles: ['launcher', 'admin'] }).message).toBe(
    'You may not start campaigns. Nothing was changed. Ask a launcher or an admin to do it, or an admin to give you that role.',
  );
});

test('a refusal is an error that keeps its details and can be thrown', () => {
  const refused = () => {
    throw new Refusal('sender_not_owned', { sender: '+14155550100' });
  };
  expect(refused).toThrow(Refusal);
  expect(new Refusal('sender_not_owned', { sender: '+14155550100' }).details).toEqual({
    sender: '+14155550100',
  });
});
