import { describe, expect, test } from 'vitest';
import { checkCallSettings, voicemailProblems } from '#domain/call-settings.ts';
import { listedFor, templatesOf } from '#domain/campaign-templates.ts';

describe('how a campaign calls', () => {
  test.each([
    [{}, {}],
    [
      { enableVoicemailDetection: false, detectionMode: 'sync', leaveVoicemail: false },
      { enableVoicemailDetection: false, detectionMode: 'sync', leaveVoicemail: false },
    ],
    [
      { retryPolicy: { no_answer: 'retry', hung_up: 'final' } },
      { retryPolicy: { no_answer: 'retry', hung_up: 'final' } },
    ],
    [{ retryPolicy: null }, { retryPolicy: {} }],
    [{ mixedSettings: null }, { mixedSettings: null }],
    [
      { mixedSettings: { first: 'sms', delayMinutes: '5' } },
      { mixedSettings: { first: 'sms', followUp: 'always', delayMinutes: 5 } },
    ],
  ])('%j can be used', (given, settings) => {
    expect(checkCallSettings(given)).toEqual({ ok: true, settings });
  });

  test.each([
    [{ enableVoicemailDetection: 'on' }, 'enable_voicemail_detection', 'true or false'],
    [{ leaveVoicemail: null }, 'leave_voicemail', 'true or false'],
    [{ detectionMode: 'later' }, 'detection_mode', 'async'],
    [{ retryPolicy: [] }, 'retry_policy', 'no_answer, busy, voicemail, hung_up, carrier_failed'],
    [{ retryPolicy: { invalid: 'retry' } }, 'retry_policy', '“invalid” is none of'],
    [{ retryPolicy: { constructor: 'retry' } }, 'retry_policy', '“constructor” is none of'],
    [{ retryPolicy: { busy: 'twice' } }, 'retry_policy', 'retry, retry_once, final'],
    [{ retryPolicy: { busy: 'toString' } }, 'retry_policy', 'retry, retry_once, final'],
    [{ mixedSettings: { first: 'fax' } }, 'mixed_settings', 'call or sms'],
  ])('%j is refused', (given, field, words) => {
    expect(checkCallSettings(given)).toEqual({
      ok: false,
      problems: [{ setting: expect.any(String), field, sentence: expect.stringContaining(words) }],
    });
  });

  test('every problem is told at once', () => {
    const checked = checkCallSettings({ detectionMode: 1, retryPolicy: 1, mixedSettings: 1 });
    expect(checked.ok ? 0 : checked.problems.length).toBe(3);
  });
});

describe('a voicemail to leave', () => {
  const fine = { enableVoicemailDetection: true, leaveVoicemail: true, voicemailMessage: 'Hi' };
  test.each([
    [fine, []],
    [{ ...fine, leaveVoicemail: false, enableVoicemailDetection: false, voicemailMessage: null }, []],
    [{ ...fine, voicemailMessage: '  ' }, ['voicemail_message']],
    [{ ...fine, enableVoicemailDetection: false }, ['leave_voicemail']],
    [
      { enableVoicemailDetection: false, leaveVoicemail: true, voicemailMessage: null },
      ['leave_voicemail', 'voicemail_message'],
    ],
  ])('%j', (campaign, fields) => {
    expect(voicemailProblems(campaign).map(({ field }) => field)).toEqual(fields);
  });
});

test.each([
  ['sms', true, ['smsMessageTemplate']],
  ['call', false, ['welcomeMessageTemplate', 'agendaTemplate', 'endCallMessageTemplate']],
  ['call', true, ['welcomeMessageTemplate', 'agendaTemplate', 'endCallMessageTemplate', 'voicemailMessage']],
  [
    'mixed',
    false,
    ['welcomeMessageTemplate', 'agendaTemplate', 'endCallMessageTemplate', 'smsMessageTemplate'],
  ],
] as const)(
  'a %s campaign uses its own templates (voicemail %s)',
  (campaignType, leaveVoicemail, templates) => {
    expect(templatesOf({ campaignType, leaveVoicemail })).toEqual(templates);
  },
);

test.each([
  ['call', null, ['all', 'voice']],
  ['sms', null, ['all', 'sms']],
  ['mixed', null, ['all', 'voice']],
  ['mixed', { first: 'sms', followUp: 'always', delayMinutes: 0 }, ['all', 'sms']],
] as const)('out of a %s campaign (%j) are those listed for %j', (campaignType, mixedSettings, channels) => {
  expect(listedFor({ campaignType, mixedSettings })).toEqual(channels);
});
