import { describe, expect, test } from 'vitest';
import { checkSelection, type Selection } from '#domain/redial.ts';

describe('who is reached once more', () => {
  test.each<[Selection, object]>([
    ['all', { statuses: 'all' }],
    ['failed_only', { statuses: ['failed', 'no_answer', 'busy', 'voicemail'] }],
    [[3, 1, 3], { ids: [3, 1] }],
    [[], { ids: [] }],
    [{ statuses: ['voicemail', 'no_answer', 'voicemail'] }, { statuses: ['no_answer', 'voicemail'] }],
  ])('%j', (selection, expected) => {
    expect(checkSelection(selection)).toEqual(expected);
  });

  test.each([
    ['failed', 'Choose all'],
    [null, 'Choose all'],
    [{}, 'Choose all'],
    [{ statuses: 'no_answer' }, 'Choose all'],
    [[1, 1.5], 'whole numbers'],
    [[-1], 'whole numbers'],
    [['1'], 'whole numbers'],
    [{ statuses: ['pending'] }, '“pending” is none of'],
    [{ statuses: ['no_answer', 'angry'] }, '“angry” is none of'],
  ])('%j is no choice', (selection, words) => {
    expect(checkSelection(selection as never)).toEqual({ problem: expect.stringContaining(words) });
  });
});
