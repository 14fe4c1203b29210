import { describe, expect, test } from 'vitest';
import {
  ASSISTANT_LIMITS,
  type AssistantFields,
  checkAssistant,
  standardAssistant,
} from '#domain/assistant.ts';
import { VOICES } from '#domain/voices.ts';

describe('an assistant somebody writes', () => {
  test('comes back typed and tidied', () => {
    expect(
      checkAssistant(
        {
          name: '  Sarah  Jones ',
          description: ' ',
          voice: 'amy',
          prompt: ' Be kind. ',
          model: '',
          isScripted: false,
          phoneNumbers: ['(415) 555-2671', '+14155552671'],
          transferTargets: [{ label: 'Front desk', phoneNumber: '212 555 0187', slackUserId: 'U0123456' }],
          isRecording: true,
          recordingDays: '7',
          maxCallSeconds: 300,
        },
        'US',
      ),
    ).toEqual({
      ok: true,
      settings: {
        name: 'Sarah Jones',
        description: null,
        voice: 'amy',
        language: 'en-GB',
        prompt: 'Be kind.',
        model: null,
        isScripted: false,
        phoneNumbers: ['+14155552671'],
        transferTargets: [
          { key: 'front-desk', label: 'Front desk', phoneNumber: '+12125550187', slackUserId: 'U0123456' },
        ],
        isRecording: true,
        recordingDays: 7,
        maxCallSeconds: 300,
      },
    });
  });

  test('what is not sent is not touched', () => {
    expect(checkAssistant({ prompt: null }, 'US')).toEqual({ ok: true, settings: { prompt: null } });
  });

  test('a new voice brings its language, also where another one stood', () => {
    expect(checkAssistant({ voice: 'vicki' }, 'US', { voice: 'joanna' })).toEqual({
      ok: true,
      settings: { voice: 'vicki', language: 'de-DE' },
    });
  });

  test('a variety of the voice’s language may be chosen', () => {
    expect(checkAssistant({ language: 'en-au' }, 'US', { voice: 'joanna' })).toEqual({
      ok: true,
      settings: { language: 'en-AU' },
    });
  });

  test('a number of ours in international form is left to the provider to judge', () => {
    expect(checkAssistant({ phoneNumbers: ['+1 (500) 555-0006'] }, 'US')).toEqual({
      ok: true,
      settings: { phoneNumbers: ['+15005550006'] },
    });
  });

  test('letters beyond the first plane count as one', () => {
    expect(checkAssistant({ name: '😀'.repeat(100) }, 'US').ok).toBe(true);
  });

  test('every problem is told at once', () => {
    const checked = checkAssistant({ name: ' ', voice: 'hal', recordingDays: 0 }, 'US');
    expect(checked.ok ? [] : checked.problems.map(({ field }) => field)).toEqual([
      'name',
      'tts_settings.voice_id',
      'recording_settings.retention_days',
    ]);
  });

  const target = { label: 'Desk', phoneNumber: '+12125550187' };
  test.each<[AssistantFields, string, string]>([
    [{ name: '' }, 'name', 'Give the assistant a name'],
    [{ name: 'x'.repeat(101) }, 'name', '101 characters'],
    [{ description: 'x'.repeat(501) }, 'description', 'at most 500'],
    [{ prompt: 'x'.repeat(8001) }, 'llm_settings.system_prompt', '8,001 characters; use at most 8,000'],
    [{ model: 'x'.repeat(101) }, 'llm_provider_config.model', 'at most 100'],
    [{ voice: 'toString' }, 'tts_settings.voice_id', 'joanna'],
    [{ voice: 'joanna', language: 'german' }, 'tts_settings.language', 'like en-US'],
    [{ voice: 'joanna', language: 'de-DE' }, 'tts_settings.language', 'does not speak de-DE'],
    [{ isScripted: 'yes' as never }, 'is_scripted', 'true or false'],
    [{ isRecording: 1 as never }, 'recording_settings.enabled', 'true or false'],
    [{ recordingDays: 366 }, 'recording_settings.retention_days', 'from 1 to 365'],
    [{ maxCallSeconds: '59' }, 'max_call_length', 'from 60 to 3600'],
    [{ maxCallSeconds: 60.5 }, 'max_call_length', 'from 60 to 3600'],
    [{ phoneNumbers: '+12125550187' as never }, 'phone_numbers', 'as a list'],
    [{ phoneNumbers: ['12'] }, 'phone_numbers', '“12” is not a phone number'],
    [{ phoneNumbers: Array.from({ length: 21 }, () => '+12125550187') }, 'phone_numbers', 'at most 20'],
    [{ transferTargets: {} as never }, 'tools_settings.transfer_call', 'as a list'],
    [{ transferTargets: ['Desk' as never] }, 'tools_settings.transfer_call', 'a label and a phone number'],
    [{ transferTargets: [{ ...target, label: ' ' }] }, 'tools_settings.transfer_call', 'Say who it is'],
    [
      { transferTargets: [{ ...target, key: 'Front Desk' }] },
      'tools_settings.transfer_call',
      '“Front Desk” is not a key',
    ],
    [
      { transferTargets: [{ ...target, phoneNumber: 'none' }] },
      'tools_settings.transfer_call',
      'Desk: “none” is not',
    ],
    [
      { transferTargets: [{ ...target, slackUserId: 'anna' }] },
      'tools_settings.transfer_call',
      'not a person',
    ],
    [{ transferTargets: [target, target] }, 'tools_settings.transfer_call', 'the key “desk”'],
    [
      { transferTargets: Array.from({ length: 11 }, (_, i) => ({ ...target, key: `k${i}` })) },
      'tools_settings.transfer_call',
      'at most 10',
    ],
  ])('%j is refused', (fields, field, words) => {
    expect(checkAssistant(fields, 'US')).toEqual({
      ok: false,
      problems: [{ setting: expect.any(String), field, sentence: expect.stringContaining(words) }],
    });
  });
});

test.each([
  ['US', 'en-US'],
  ['GB', 'en-GB'],
  ['DE', 'de-DE'],
  ['ZZ', 'en-US'],
])('a workspace in %s without an assistant gets one that speaks %s', (country, language) => {
  const standard = standardAssistant(country);
  expect(standard.language).toBe(language);
  expect(checkAssistant(standard, country)).toEqual({ ok: true, settings: standard });
});

test('every voice can be chosen as it stands in the list', () => {
  for (const [voice, { language }] of Object.entries(VOICES))
    expect(checkAssistant({ voice, language }, 'US').ok).toBe(true);
  expect(ASSISTANT_LIMITS.maxCallSeconds.standard).toBe(600);
});
