import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CallNotes, mergeNotes, NOTES_DEPTH, notesTooLarge } from '#domain/call-notes.ts';
import { Refusal } from '#domain/refusal.ts';

/** Objects in one another, so many. */
function nested(levels: number): CallNotes {
  return levels === 0 ? {} : { in: nested(levels - 1) };
}

describe('what is kept with a call', () => {
  test.each<[why: string, kept: CallNotes, changes: CallNotes, then: CallNotes]>([
    ['takes what is new', {}, { ticket: 'A-1' }, { ticket: 'A-1' }],
    ['keeps what is not named', { a: 1, b: [2] }, { c: false }, { a: 1, b: [2], c: false }],
    ['is replaced where it is named', { a: 1 }, { a: '2' }, { a: '2' }],
    ['is taken away by null', { a: 1, b: 2 }, { a: null }, { b: 2 }],
    ['does not mind null for what is not there', { b: 2 }, { a: null }, { b: 2 }],
    [
      'is merged level by level',
      { crm: { id: 7, tags: { hot: true, old: true } } },
      { crm: { owner: 'Ben', tags: { old: null } } },
      { crm: { id: 7, owner: 'Ben', tags: { hot: true } } },
    ],
    ['has no null inside of a new object either', {}, { crm: { id: 7, owner: null } }, { crm: { id: 7 } }],
    ['has lists replaced as a whole, nulls and all', { a: [1, 2] }, { a: [null] }, { a: [null] }],
    ['has an object in place of what was none', { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['has anything in place of an object', { a: { b: 1 } }, { a: 0 }, { a: 0 }],
    [
      'knows nothing that it was not told',
      {},
      { constructor: { name: 'x' } },
      { constructor: { name: 'x' } },
    ],
  ])('%s', (_, kept, changes, then) => {
    const before = structuredClone(kept);
    expect(mergeNotes(kept, changes)).toEqual(then);
    expect(kept).toEqual(before);
  });

  test('is the same after the same change came twice, and what JSON keeps of it', () => {
    const notes = fc.dictionary(
      fc.string(),
      fc.jsonValue({ maxDepth: NOTES_DEPTH - 2 }),
    ) as fc.Arbitrary<CallNotes>;
    fc.assert(
      fc.property(notes, notes, (kept, changes) => {
        const once = mergeNotes(kept, changes);
        expect(mergeNotes(once, changes)).toEqual(once);
        expect(Object.entries(once).filter(([name]) => changes[name] === null)).toEqual([]);
      }),
    );
  });

  test.each<[why: string, changes: CallNotes, field: string, sentence: RegExp]>([
    ['too many levels', { ok: 1, deep: nested(NOTES_DEPTH) }, 'deep', /more than 10 levels.*flatten it/],
    ['too many lists', { deep: [[[[[[[[[[]]]]]]]]]] }, 'deep', /more than 10 levels/],
    ['a number that JSON does not know', { much: [JSON.parse('1e400')] }, 'much', /send it as a text/],
  ])('is refused in words for %s', (_, changes, field, sentence) => {
    const refusal = refusalOf(() => mergeNotes({}, changes));
    expect(refusal.details.problems).toEqual([{ field, sentence: expect.stringMatching(sentence) }]);
  });

  test('may have as many levels as it is said', () => {
    const changes = nested(NOTES_DEPTH - 1);
    expect(mergeNotes({}, changes)).toEqual(changes);
  });

  test('is refused in words when it is too much', () => {
    expect(notesTooLarge(16_400).details.problems[0]?.sentence).toMatch(
      /up to 16 KB.*would be 17 KB.*set to null/,
    );
  });
});

function refusalOf(work: () => unknown): Refusal<'settings_invalid'> {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal && error.code === 'settings_invalid')
      return error as Refusal<'settings_invalid'>;
  }
  throw new Error('it was not refused');
}
