import { describe, expect, test } from 'vitest';
import {
  checkWorkspaceSettings,
  WORKSPACE_SETTING_NAMES,
  WORKSPACE_SETTINGS,
  workspaceValueWords,
} from '#domain/workspace-settings.ts';

const WEEKDAYS = { start: '09:00', end: '17:00', days: ['monday', 'tuesday'] };

describe('a setting of the workspace', () => {
  test.each([
    ['companyName', '  Acme  ', 'Acme'],
    ['companyName', '', null],
    ['defaultCountry', 'gb', 'GB'],
    ['timeZone', 'Europe/London', 'Europe/London'],
    ['defaultRole', 'viewer', 'viewer'],
    ['concurrentLimit', '40', 40],
    ['legalPreset', 'strict', 'strict'],
    ['ownHours', [], null],
    ['ownHours', [WEEKDAYS], [WEEKDAYS]],
    ['frequencyLimit', '', null],
    ['frequencyLimit', 3, 3],
    ['nationalListDays', null, null],
    ['requiresApproval', true, true],
  ] as const)('%s given as %j is kept as %j', (setting, given, kept) =>
    expect(checkWorkspaceSettings({ [setting]: given })).toEqual({ ok: true, settings: { [setting]: kept } }),
  );

  test.each([
    ['companyName', 'x'.repeat(101), 'use at most 100'],
    ['companyName', 7, 'is a text'],
    ['defaultCountry', 'XX', 'is no country'],
    ['timeZone', 'Mars/Base', 'is not a time zone'],
    ['defaultRole', 'owner', 'is none of viewer, editor, launcher, admin'],
    ['defaultRole', 'constructor', 'is none of'],
    ['concurrentLimit', '', 'is not a whole number from 1 to 2000'],
    ['rateLimitPerMinute', 0, 'is not a whole number'],
    ['frequencyLimit', 101, 'is not a whole number from 1 to 100'],
    ['frequencyHours', null, '“null” is not a whole number'],
    ['ownHours', [{ ...WEEKDAYS, end: '08:00' }], 'a start before their end'],
    ['ownHours', [{ ...WEEKDAYS, days: [] }], 'and days'],
    ['ownHours', 'always', 'are windows'],
    ['requiresApproval', 'yes', 'say true or false'],
    ['tollFree', 'always', 'is none of skip, contiguous'],
  ] as const)('%s given as %j is refused: %s', (setting, given, words) => {
    const checked = checkWorkspaceSettings({ [setting]: given });
    expect(checked).toMatchObject({
      ok: false,
      problems: [{ setting, field: WORKSPACE_SETTINGS[setting].field }],
    });
    expect(checked.ok || checked.problems[0]?.sentence).toContain(words);
  });

  test('is checked with the others, and every problem is told together', () => {
    const checked = checkWorkspaceSettings({ companyName: 'Acme', timeZone: 'x', defaultCountry: 'x' });
    expect(checked).toMatchObject({
      problems: [{ setting: 'defaultCountry' }, { setting: 'timeZone' }],
    });
  });

  test('has a sentence that says what it does', () => {
    for (const name of WORKSPACE_SETTING_NAMES)
      expect(WORKSPACE_SETTINGS[name].hint).toMatch(/^.{15,150}\.$/);
  });

  test.each([
    ['requiresApproval', true, 'yes'],
    ['ownHours', [WEEKDAYS], 'Mon–Tue 09:00–17:00'],
    ['legalPreset', 'by_state', 'The law of where each person is'],
    ['frequencyLimit', null, 'none'],
    ['concurrentLimit', 5, '5'],
  ] as const)('%s of %j is told as %j', (setting, value, words) =>
    expect(workspaceValueWords(setting, value)).toBe(words),
  );
});
