import { describe, expect, it } from 'vitest';
import { type DeskWords, deskWords } from '#domain/desk-words.ts';
import { VOICES } from '#domain/voices.ts';

const WHO = { assistantName: 'Ava', companyName: 'Acme', isRecording: false };
/** What every greeting has to say besides names: that the voice is automated, and how to opt out. */
const LAW: Record<string, [automated: RegExp, recorded: RegExp]> = {
  en: [/automated/, /recorded/],
  de: [/automatische/, /aufgezeichnet/],
  fr: [/automatique/, /enregistré/],
  es: [/automátic/, /graba/],
};
const LANGUAGES = [...new Set(Object.values(VOICES).map(({ language }) => language))];

const greetings = (words: DeskWords, who: typeof WHO) => [
  words.backGreeting(who, 'call'),
  words.backGreeting(who, 'sms'),
  words.strangerGreeting(who),
];

describe.each(LANGUAGES)('the fixed words in %s', (language) => {
  const words = deskWords(language);
  const [automated, recorded] = LAW[language.slice(0, 2)] ?? [/never/, /never/];

  it('say in every greeting who speaks, for whom, that it is automated, and how to opt out', () => {
    for (const greeting of greetings(words, WHO)) {
      expect(greeting).toContain('Ava');
      expect(greeting).toContain('Acme');
      expect(greeting).toMatch(automated);
      expect(greeting).toMatch(/\b9\b/);
    }
  });

  it('tell of a recording where there is one, and only there', () => {
    for (const greeting of greetings(words, WHO)) expect(greeting).not.toMatch(recorded);
    for (const greeting of greetings(words, { ...WHO, isRecording: true }))
      expect(greeting).toMatch(recorded);
  });

  it('name the company in everything else that somebody may hear alone', () => {
    const heardAlone = [
      words.apology,
      words.nobodyFree,
      words.strangerWelcome,
      words.withheld,
      words.goodbye,
    ];
    for (const say of heardAlone) expect(say('Acme')).toContain('Acme');
  });
});

it('are English where nobody wrote them in a language', () => {
  expect(deskWords('ja-JP')).toBe(deskWords('en-GB'));
  expect(deskWords('DE')).toBe(deskWords('de-DE'));
});
