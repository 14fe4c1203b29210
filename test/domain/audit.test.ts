import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { describeEvent, isDescribed } from '#domain/audit.ts';
import { CAMPAIGN_STATUSES, type Move, transition } from '#domain/lifecycle.ts';

describe('a deed in words', () => {
  test.each([
    ['campaign_start', {}, 'started the campaign'],
    [
      'campaign_updated',
      { fields: ['smsMessageTemplate', 'maxAttempts'] },
      'changed text message and attempts per contact',
    ],
    ['campaign_pause', { hold: { code: 'budget_reached' } }, 'paused the campaign: budget reached'],
    ['campaign_cancel', { stopped: 4 }, 'cancelled the campaign; 4 waiting contacts were skipped'],
    ['approval_rejected', { reason: 'Too early.' }, 'did not approve the campaign: “Too early.”'],
    [
      'suppression_added',
      { phone: '+1 212 •••-••34', channel: 'sms' },
      'put +1 212 •••-••34 on the do-not-call list for texts',
    ],
    ['suppression_added', { range: '+1900…', channel: 'all' }, 'put +1900… on the do-not-call list'],
    [
      'role_granted',
      { subjectKind: 'user', subjectId: 'U1', before: null, role: 'editor' },
      'made member U1 editor',
    ],
    [
      'role_revoked',
      { subjectKind: 'group', subjectId: 'S1', before: 'admin' },
      'took the role admin from the group S1',
    ],
    [
      'workspace_changed',
      {
        changes: {
          requiresApproval: { before: false, after: true },
          frequencyLimit: { before: 3, after: null },
        },
      },
      'changed the workspace: A second person approves every campaign: no → yes; Attempts to one number, over all campaigns: 3 → none',
    ],
    ['a_kind_of_the_past', {}, 'a kind of the past'],
    ['constructor', {}, 'constructor'],
  ])('%s of %j: %s', (kind, details, words) => expect(describeEvent({ kind, details })).toBe(words));

  test('is there for every kind that is written', () => {
    const kinds = kindsWritten();
    expect(kinds.length).toBeGreaterThan(35);
    expect(kinds.filter((kind) => !isDescribed(kind))).toEqual([]);
  });

  test('is there whatever the details are', () => {
    for (const kind of kindsWritten())
      for (const details of [{}, { changes: 7, fields: 'x', hold: null, phone: null }])
        expect(describeEvent({ kind, details })).not.toBe('');
  });
});

/** The kinds that verbs write, read from their source; those with a part that varies are spelled out. */
function kindsWritten(): string[] {
  const sources = readdirSync('src/operations').map((name) => readFileSync(`src/operations/${name}`, 'utf8'));
  const calls = sources.flatMap((source) =>
    [...source.matchAll(/(?:recordCampaignEvent|recordDeed)\([^;]*?(?<!\{ )\bkind: ([^,\n]+)/gs)].map(
      ([, kind]) => kind ?? '',
    ),
  );
  expect(calls.length).toBeGreaterThan(30);
  return [...new Set(calls.flatMap(spelledOut))];
}

function spelledOut(kind: string): string[] {
  const literals = [...kind.matchAll(/'([a-z_]+)'/g)].map(([, one]) => one ?? '');
  if (literals.length > 0) return literals;
  if (kind.startsWith('`campaign_')) return moves().map((move) => `campaign_${move}`);
  if (kind.startsWith('`approval_')) return ['approval_approved', 'approval_rejected'];
  if (kind.startsWith('`call_')) return ['call_hung_up', 'call_taken_over'];
  throw new Error(`this test cannot spell out ${kind}`);
}

function moves(): Move[] {
  const known =
    'schedule unschedule start withdraw put_back due pause resume finish rest break cancel re_execute'.split(
      ' ',
    ) as Move[];
  for (const move of known)
    expect(CAMPAIGN_STATUSES.some((status) => transition(status, move).ok)).toBe(true);
  return known;
}
