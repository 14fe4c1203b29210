import { expect, test } from 'vitest';
import { judgeRepeat } from '#domain/repeated-request.ts';

const NOW = new Date('2026-11-24T19:00:00Z');
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const DAY = 86_400_000;
const open = { fingerprint: 'same', leaseUntil: ago(-1), status: null, createdAt: ago(1_000) };
const done = { ...open, leaseUntil: null, status: 200 };
const free = { ...open, leaseUntil: null };

test.each([
  ['an answer is given again', done, 'same', { kind: 'answer_again' }],
  ['an answer is not given for another request', done, 'other', { kind: 'other_request' }],
  [
    'an answer is given again for a day',
    { ...done, createdAt: ago(DAY - 1) },
    'same',
    { kind: 'answer_again' },
  ],
  ['a day later it is done anew', { ...done, createdAt: ago(DAY) }, 'same', { kind: 'do', isAnew: true }],
  ['what is under way is waited for', open, 'same', { kind: 'under_way' }],
  ['what is under way keeps its key', open, 'other', { kind: 'other_request' }],
  ['what a dead process left goes on', { ...open, leaseUntil: NOW }, 'same', { kind: 'do', isAnew: false }],
  ['what failed is done again', free, 'same', { kind: 'do', isAnew: false }],
  ['what failed leaves its key to another request', free, 'other', { kind: 'do', isAnew: true }],
] as const)('%s', (_, kept, fingerprint, verdict) => {
  expect(judgeRepeat(kept, fingerprint, NOW)).toEqual(verdict);
});
