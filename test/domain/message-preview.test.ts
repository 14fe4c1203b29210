import { describe, expect, test } from 'vitest';
import { type PreviewRequest, previewMessage } from '#domain/message-preview.ts';

const request: PreviewRequest = {
  template: 'Hi {{ name }}, your {{ product }} from {{ company }} is ready on {{ date }}.',
  contacts: [
    { name: 'Ann', phoneNumber: '+15551234567', values: { name: 'Ann', product: 'bike', date: 'Monday' } },
    { name: null, phoneNumber: '+447911123456', values: { product: 'lamp' } },
  ],
  variablesAvailable: ['name', 'product', 'date'],
  missingCounts: { name: 3, product: 0, date: 12, colour: 40 },
  fallbackValues: {},
  companyName: 'Acme',
};

describe('the preview of a message', () => {
  test('shows the text of each contact, measured, with masked numbers', () => {
    expect(previewMessage(request).examples).toEqual([
      {
        name: 'Ann',
        maskedPhone: '+1 555 •••-••67',
        text: 'Hi Ann, your bike from Acme is ready on Monday.',
        encoding: 'GSM-7',
        characters: 47,
        segments: 1,
        missing: [],
        refusal: null,
      },
      {
        name: '+44 ••••••••56',
        maskedPhone: '+44 ••••••••56',
        text: 'Hi there, your lamp from Acme is ready on .',
        encoding: 'GSM-7',
        characters: 43,
        segments: 1,
        missing: ['date'],
        refusal: null,
      },
    ]);
  });

  test('names the variables that would leave a gap, for how many contacts', () => {
    const preview = previewMessage(request);
    expect(preview.variablesMissing).toEqual([{ name: 'date', contacts: 12 }]);
    expect(preview.variablesAvailable).toEqual(['name', 'product', 'date']);
  });

  test('counts nothing as missing that a fallback covers, unless the fallback is blank', () => {
    const withFallback = (date: string) =>
      previewMessage({ ...request, fallbackValues: { date } }).variablesMissing;
    expect(withFallback('soon')).toEqual([]);
    expect(withFallback(' ')).toEqual([{ name: 'date', contacts: 12 }]);
  });

  test('says what is wrong with a template and shows no examples', () => {
    const preview = previewMessage({ ...request, template: 'Hi {{ name|uper }}' });
    expect(preview).toMatchObject({
      problem: { message: 'There is no filter “uper”. Did you mean “upper”?', line: 1, column: 12 },
      examples: [],
      notes: [],
      variablesMissing: [],
    });
  });

  test('shows the gap that a name leaves which no contact brings, and what was probably meant', () => {
    const missingCounts = { nam: 12 };
    const preview = previewMessage({ ...request, template: 'Hi {{ nam }}!', missingCounts });
    expect(preview).toMatchObject({
      problem: null,
      notes: ['There is no variable “nam”. Did you mean “name”?'],
      variablesMissing: [{ name: 'nam', contacts: 12 }],
    });
    expect(preview.examples.map(({ text, missing }) => [text, missing])).toContainEqual(['Hi !', ['nam']]);
  });

  test('a fallback alone makes a variable known', () => {
    const preview = previewMessage({
      ...request,
      template: '{{ offer }}',
      fallbackValues: { offer: 'A gift' },
    });
    expect(preview.examples.map((example) => example.text)).toEqual(['A gift', 'A gift']);
  });

  test('says when a text is empty or too long to be sent', () => {
    const contacts = [
      { name: 'Ann', phoneNumber: '+15551234567', values: { date: 'x'.repeat(1601) } },
      { name: 'Bob', phoneNumber: '+15551234568', values: {} },
    ];
    const preview = previewMessage({ ...request, contacts, template: '{{ date }}' });
    expect(preview.examples.map((example) => example.refusal)).toEqual([
      'The text has 1601 characters, 1600 are allowed. Shorten it by 1.',
      'The text is empty. Write at least one word.',
    ]);
  });
});

describe('notes about characters that make texts dearer', () => {
  const notesOf = (template: string, values: Record<string, string> = {}) =>
    previewMessage({ ...request, template, contacts: [{ name: 'A', phoneNumber: '+15551234567', values }] })
      .notes;

  test('there are none for a plain text', () => {
    expect(notesOf('Hello é€')).toEqual([]);
  });

  test('say what to write instead and what it saves', () => {
    expect(notesOf(`It’s ready. ${'x'.repeat(80)}`)).toEqual([
      "“’” in the message makes this text UCS-2: 70 characters per segment instead of 160. Write “'” instead and it takes 1 segment, not 2.",
    ]);
  });

  test('do not promise a saving where there is none', () => {
    expect(notesOf('It’s ready.')).toEqual([
      "“’” in the message makes this text UCS-2: 70 characters per segment instead of 160. Write “'” instead.",
    ]);
  });

  test('say when the character comes from the data, and when nothing replaces it', () => {
    expect(notesOf('Hi {{ name }}', { name: '李' })).toEqual([
      "“李” in a contact's data makes this text UCS-2: 70 characters per segment instead of 160.",
    ]);
  });

  test('say when another character would keep it dear', () => {
    expect(notesOf('It’s 🙂')).toEqual([
      "“’” in the message makes this text UCS-2: 70 characters per segment instead of 160. Write “'” instead; other characters of the text do the same.",
    ]);
  });

  test('name invisible characters by their number', () => {
    expect(notesOf('a\u200bb')).toEqual([
      'An invisible character (U+200B) in the message makes this text UCS-2: 70 characters per segment instead of 160. Leave it out.',
    ]);
    expect(notesOf('a\u00a0b')).toEqual([
      'An invisible character (U+00A0) in the message makes this text UCS-2: 70 characters per segment instead of 160. Write a plain space instead.',
    ]);
  });
});
