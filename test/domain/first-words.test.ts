import { describe, expect, test } from 'vitest';
import { firstWords } from '#domain/first-words.ts';
import { VOICES } from '#domain/voices.ts';

const words = (given: Partial<Parameters<typeof firstWords>[0]> = {}) =>
  firstWords({
    assistantName: 'Sarah',
    companyName: 'Acme Ltd.',
    isRecording: false,
    language: 'en-US',
    ...given,
  });

describe('the first words of a call', () => {
  test('say who calls, for whom, that it is an automated voice, and how to be left alone', () => {
    expect(words()).toBe(
      'Hello, this is Sarah, an automated voice calling on behalf of Acme Ltd. This call is transcribed. If you do not want these calls, say stop calling, or press 9, at any time.',
    );
  });

  test('announce a recording where there is one, and only there', () => {
    expect(words({ isRecording: true })).toContain('This call is recorded and transcribed.');
    expect(words({ isRecording: false })).not.toContain('recorded');
  });

  test.each(Object.entries(VOICES))('are whole in the language of %s', (_, { language }) => {
    const said = words({ language, isRecording: true });
    expect(said).toContain('Sarah');
    expect(said).toContain('Acme Ltd');
    expect(said).toContain('9');
    expect(said).not.toBe(words({ language, isRecording: false }));
    expect(said.startsWith('Hello')).toBe(language.startsWith('en'));
  });

  test('are English in a language nobody wrote them in', () => {
    expect(words({ language: 'sv-SE' })).toBe(words());
  });

  test('stay one line, whatever the names hold', () => {
    expect(words({ assistantName: 'Sa\nrah', companyName: '  Acme\tLtd ' })).not.toMatch(/[\n\t]| {2}/);
  });
});
