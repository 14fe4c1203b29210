import { describe, expect, test } from 'vitest';
import { type CallPreviewRequest, previewCall, spokenNeeds } from '#domain/call-preview.ts';

const ann = { name: 'Ann', phoneNumber: '+12125550101', values: { name: 'Ann', city: 'Rome' } };
const nobody = { name: null, phoneNumber: '+12125550102', values: {} };

const request: CallPreviewRequest = {
  templates: { welcomeMessageTemplate: 'Hi {{ name }}, {{ assistant_name }} of {{ company }} here.' },
  assistantName: 'Maya',
  companyName: null,
  caller: 'Acme Inc.',
  isRecording: false,
  language: 'en-US',
  contacts: [ann],
  variablesAvailable: ['name', 'city'],
  missingCounts: {},
};
const linesOf = (changes: Partial<CallPreviewRequest>) =>
  previewCall({ ...request, ...changes }).examples.map(({ lines }) => lines.map(({ text }) => text));

describe('the preview of a call', () => {
  test('begins with the first words that nobody can change, on behalf of whoever calls', () => {
    const [[first, welcome] = []] = linesOf({});
    expect(first).toMatch(/^Hello, this is Maya, an automated voice calling on behalf of Acme Inc\. .*stop/);
    expect(welcome).toBe('Hi Ann, Maya of our company here.');
  });

  test('announces a recording, and speaks as its assistant does', () => {
    expect(linesOf({ isRecording: true })[0]?.[0]).toContain('recorded');
    expect(linesOf({ language: 'de-DE' })[0]?.[0]).toContain('automatische Stimme');
  });

  test('puts what is written in the order in which it is heard, and leaves out what is not', () => {
    const templates = {
      voicemailMessage: 'Call back.',
      endCallMessageTemplate: 'Bye {{ name }}.',
      agendaTemplate: '  ',
      welcomeMessageTemplate: null,
    };
    expect(linesOf({ templates })[0]?.slice(1)).toEqual(['Bye Ann.', 'Call back.']);
  });

  test.each([
    ['an unknown filter', 'Hi {{ name|uper }}', 'Did you mean “upper”?'],
    ['a loop', '{% for a in b %}{% endfor %}', 'is not available'],
  ])('says what is wrong with %s, text by text, and shows nobody', (_, text, message) => {
    const templates = { welcomeMessageTemplate: text, agendaTemplate: 'Fine.', endCallMessageTemplate: text };
    const { problems, examples } = previewCall({ ...request, templates });
    expect(problems.map(({ words }) => words)).toEqual(['welcome', 'closing']);
    expect(problems[0]?.message).toContain(message);
    expect(examples).toEqual([]);
  });

  test('lets a name that no contact brings leave a gap, and says so text by text', () => {
    const templates = { welcomeMessageTemplate: 'Hi {{ nmae }}!', agendaTemplate: 'Fine.' };
    const { problems, notes, examples } = previewCall({ ...request, templates });
    expect(problems).toEqual([]);
    expect(notes).toEqual(['The welcome: There is no variable “nmae”. Did you mean “name”?']);
    expect(examples[0]).toMatchObject({ lines: [{}, { text: 'Hi !' }, {}], missing: ['nmae'] });
  });

  test('counts once for how many a value is missing, unless something stands in for it', () => {
    const templates = { welcomeMessageTemplate: '{{ city }}!', agendaTemplate: '{{ city }} and {{ name }}' };
    const missingCounts = { city: 4, name: 2 };
    const gaps = (fallbackValues: Record<string, string>) =>
      previewCall({ ...request, templates, missingCounts, fallbackValues }).variablesMissing;
    expect(gaps({})).toEqual([{ name: 'city', contacts: 4 }]);
    expect(gaps({ city: 'town' })).toEqual([]);
    expect(spokenNeeds(templates).sort()).toEqual(['city', 'name']);
    expect(spokenNeeds({ welcomeMessageTemplate: '{{ broken' })).toEqual([]);
  });

  test('says whom nobody would call because a text comes out empty', () => {
    const templates = {
      welcomeMessageTemplate: 'Hi.',
      agendaTemplate: '{% if city %}In {{ city }}{% endif %}',
    };
    const { examples } = previewCall({ ...request, templates, contacts: [ann, nobody] });
    expect(examples.map(({ refusal }) => refusal)).toEqual([
      null,
      'The agenda comes out empty, so this contact would not be called.',
    ]);
    expect(examples[1]?.name).toBe('+1 212 •••-••02');
  });
});
