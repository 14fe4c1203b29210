import { describe, expect, test } from 'vitest';
import {
  type CallActivity,
  type Counts,
  formatMetric,
  METRICS,
  measureCampaign,
  NOBODY,
} from '#domain/metrics.ts';

describe('the figures of a campaign', () => {
  test.each<[string, Partial<Counts>, Record<string, number>]>([
    [
      'the progress example of the reference',
      { completed: 325, failed: 25, in_progress: 5, pending: 145 },
      { total_contacts: 500, progress_percentage: 70, completion_rate: 70, success_rate: 92.86 },
    ],
    [
      'one contact later',
      { completed: 326, failed: 25, in_progress: 5, pending: 144 },
      { total_contacts: 500, progress_percentage: 70.2, success_rate: 92.88 },
    ],
    ['150 of 160', { completed: 150, failed: 10 }, { success_rate: 93.75, progress_percentage: 100 }],
    ['57 of 800, a half that no quotient meets', { completed: 57, failed: 743 }, { success_rate: 7.13 }],
    ['485 of 500', { completed: 485, failed: 15 }, { success_rate: 97, completion_rate: 100 }],
  ])('%s', (_, counts, expected) => {
    expect(measureCampaign({ ...NOBODY, ...counts })).toMatchObject(expected);
  });

  test('every way of not being reached counts as failed', () => {
    const figures = measureCampaign({
      ...NOBODY,
      completed: 1,
      failed: 1,
      no_answer: 2,
      busy: 3,
      voicemail: 4,
    });
    expect(figures).toMatchObject({ failed: 10, total_contacts: 11, success_rate: 9.09 });
  });

  test('skipped contacts stand beside the total and leave percentages alone', () => {
    const figures = measureCampaign({ ...NOBODY, completed: 5, pending: 5, skipped: 90 });
    expect(figures).toMatchObject({
      skipped: 90,
      total_contacts: 10,
      progress_percentage: 50,
      success_rate: 100,
    });
  });

  test.each<[CallActivity, number, Record<string, number | null>]>([
    [
      { callsPlaced: 400, callsAnswered: 340, answeredSeconds: 14_625 },
      325,
      { average_duration_seconds: 45, answer_rate: 85, total_duration_seconds: 14_625 },
    ],
    [
      { callsPlaced: 600, callsAnswered: 485, answeredSeconds: 21_825 },
      485,
      { average_duration_seconds: 45 },
    ],
    [
      { callsPlaced: 3, callsAnswered: 0, answeredSeconds: 0 },
      0,
      { average_duration_seconds: null, answer_rate: 0 },
    ],
  ])('calls %j with %i completed', (activity, completed, expected) => {
    expect(measureCampaign({ ...NOBODY, completed }, activity)).toMatchObject(expected);
  });

  test('nothing is divided by nobody', () => {
    expect(measureCampaign(NOBODY)).toMatchObject({
      total_contacts: 0,
      progress_percentage: null,
      success_rate: null,
      answer_rate: null,
      average_duration_seconds: null,
    });
  });

  test('every metric has a label of its own or shares its formula', () => {
    const entries = Object.entries(METRICS);
    for (const [, { label }] of entries) expect(label).toMatch(/^[A-Z]/);
    expect(Object.keys(measureCampaign(NOBODY))).toEqual(entries.map(([key]) => key));
  });

  test.each([
    ['total_contacts', 1204, '1,204'],
    ['success_rate', 92.86, '92.86 %'],
    ['success_rate', null, '–'],
    ['average_duration_seconds', 45, '45 s'],
    ['average_duration_seconds', 185, '3 min 05 s'],
    ['total_duration_seconds', 14_625, '4 h 03 min'],
  ] as const)('%s %s is written %s', (key, value, expected) => {
    expect(formatMetric(key, value)).toBe(expected);
  });
});
