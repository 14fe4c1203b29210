import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heardOf } from '#domain/conversation/heard-text.ts';
import { feedSpeech, flushSpeech } from '#domain/conversation/speech-text.ts';

function spoken(tokens: readonly string[]): string[] {
  const pieces: string[] = [];
  let held = '';
  for (const token of tokens) {
    const flow = feedSpeech(held, token);
    held = flow.held;
    if (flow.ready !== '') pieces.push(flow.ready);
  }
  pieces.push(flushSpeech(held));
  return pieces.filter((piece) => piece !== '');
}

describe('what a model writes, as it is spoken', () => {
  it.each([
    ['**Yes**, of *course*.', 'Yes, of course.'],
    ['# Hello\n- one\n- two', ' Hello\none\ntwo'.trim()],
    ['1. First\n2) Second', 'First\nSecond'],
    ['See [our page](https://acme.example/a?b=c), please.', 'See our page, please.'],
    ['Look at https://acme.example/path now', 'Look at  now'],
    ['Great! 🎉👍🏽 See you 🇩🇪.', 'Great!  See you .'],
    ['`code` and ~~old~~', 'code and old'],
    ['It costs 3.50, or 1,000.25 in all', 'It costs 3.50, or 1,000.25 in all'],
    ['snake_case stays, _this_ does not', 'snake_case stays, this does not'],
    ['At 15:30 – sharp', 'At 15:30 – sharp'],
  ])('%s', (text, expected) => expect(spoken([text]).join('')).toBe(expected));

  it('comes clause by clause, with its spaces, as soon as a clause is whole', () => {
    expect(spoken(['Hel', 'lo', ',', ' Bob', '. ', 'How', ' are', ' you', '?'])).toEqual([
      'Hello, ',
      'Bob. ',
      'How are you?',
    ]);
  });

  it('does not wait for a clause that never ends', () => {
    const [first] = spoken(Array.from({ length: 80 }, () => 'word '));
    expect(first?.length).toBeLessThanOrEqual(160);
  });

  const texts = fc
    .array(
      fc.constantFrom(
        'Yes',
        ', ',
        '. ',
        ' ',
        '**',
        '[a, b](https://x.example/y. z)',
        '3.5',
        'word',
        '\n',
        '🙂',
        '? ',
        '_',
        'https://a.b/c, ',
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join(''));

  it('does not depend on how it was cut into tokens', () => {
    fc.assert(
      fc.property(
        texts,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
        (text, sizes) => {
          const tokens: string[] = [];
          for (let at = 0, i = 0; at < text.length; i += 1) {
            const size = sizes[i % sizes.length] ?? 1;
            tokens.push(text.slice(at, at + size));
            at += size;
          }
          expect(spoken(tokens).join('')).toBe(spoken([...text]).join(''));
        },
      ),
    );
  });

  it('loses no space and no letter of plain speech', () => {
    const plain = fc
      .array(fc.constantFrom('so', ' ', ', ', 'well', '. ', 'I', '3.5', '1,000', '? '), { maxLength: 80 })
      .map((parts) => parts.join('a'));
    fc.assert(fc.property(plain, (text) => void expect(spoken([text]).join('')).toBe(text)));
  });
});

describe('what was heard of a message', () => {
  it.each([
    ['Hello Bob, how are you? I am fine.', 'Hello Bob, how are', 'Hello Bob, how are'],
    ['Hello Bob, how are you?', 'hello bob how', 'Hello Bob, how'],
    ['Hello Bob.', '', ''],
    ['Hello Bob.', 'Hello Bob.', 'Hello Bob.'],
    ['We come on Tuesday. Bye.', 'Hello there. We come on', 'We come on'],
    ['We come on Tuesday.', 'One moment, please.', ''],
    ['One two three', 'one two three and more of it', 'One two three'],
    ["It's 3.50 for you, sir.", 'its 3.50 for', "It's 3.50 for"],
  ])('“%s” after “%s” is “%s”', (message, heard, expected) => expect(heardOf(message, heard)).toBe(expected));

  it('is always a beginning of it, and all of it when all was played', () => {
    const message = fc
      .array(fc.constantFrom('a', 'be', 'it', 'so', 'It’s', '3.5', ',', '.', '?'), { maxLength: 20 })
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(message, fc.nat(30), (text, cut) => {
        const heard = text.split(' ').slice(0, cut).join(' ');
        const kept = heardOf(text, heard);
        expect(text.startsWith(kept)).toBe(true);
        expect(kept.replace(/[^a-z0-9]/gi, '')).toBe(heard.replace(/[^a-z0-9]/gi, ''));
      }),
    );
  });

  it('survives anything', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (text, heard) => void expect(text.startsWith(heardOf(text, heard))).toBe(true),
      ),
    );
  });
});
