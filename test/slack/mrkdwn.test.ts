import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actorName, clip, clipMarkup, counted, escapeText, quote, unquote } from '#slack/mrkdwn.ts';

test.each([
  ['Ann & <Bob>', 'Ann &amp; &lt;Bob&gt;'],
  ['two\n lines\t here', 'two lines here'],
])('%j is quoted as %j', (text, quoted) => expect(quote(text)).toBe(quoted));

test('what was quoted in a message and copied from it is the same text again', () => {
  expect(unquote(quote('*Spring* @here :wave: a_b'))).toBe('*Spring* @here :wave: a_b');
});

test('no control character survives', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>]/.test(escapeText(text))));
});

describe('a text that is too long', () => {
  test('is cut to the limit, in front of half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-composite' }), fc.integer({ min: 1, max: 40 }), (text, max) => {
        const cut = clip(text, max);
        return cut.length <= max && cut.isWellFormed();
      }),
    );
  });

  test.each([
    ['tom &amp; jerry', 8, 'tom …'],
    ['by <@U12345>', 9, 'by …'],
    ['short', 9, 'short'],
  ])('%j is cut at %i without tearing an entity', (text, max, cut) =>
    expect(clipMarkup(text, max)).toBe(cut),
  );
});

test.each([
  ['slack:UANNA', '<@UANNA>'],
  ['token:7', 'the API (token 7)'],
  ['system', 'Ringmaster'],
  ['slack:<!channel>', 'Ringmaster'],
])('%j is shown as %j', (actor, shown) => expect(actorName(actor)).toBe(shown));

test('one is not many', () => {
  expect([counted(1, 'row'), counted(2000, 'row')]).toEqual(['1 row', '2,000 rows']);
});
