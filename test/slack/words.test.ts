import { describe, expect, test } from 'vitest';
import { natureOf } from '#slack/file-names.ts';
import { withoutSecrets } from '#slack/logger.ts';
import { formatFallbacks, parseFallbacks } from '#slack/modals/fallbacks.ts';
import { storedAs } from '#slack/routing.ts';
import { plainWords, splitPhone } from '#slack/words.ts';
import { findTimeZones } from '#slack/zones.ts';

test.each([
  ['  start   Spring\u00a0sale ', 'start Spring sale'],
  ['show Tom &amp; Jerry &lt;3', 'show Tom & Jerry <3'],
  ['dnc add <tel:+14155550123|+1 415-555-0123>', 'dnc add +1 415-555-0123'],
  ['dnc add <tel:+14155550123>', 'dnc add +14155550123'],
  ['show <http://acme.com|acme.com>', 'show acme.com'],
  ['show \u2060*Bold*\u2060', 'show *Bold*'],
])('%j is read as %j', (typed, words) => expect(plainWords(typed)).toBe(words));

test.each([
  ['Spring +1 (415) 555-0123', 'Spring', '+1 (415) 555-0123'],
  ['+14155550123', '', '+14155550123'],
  ['42 4155550123', '42', '4155550123'],
  ['42 +1 415 555 0123', '42', '+1 415 555 0123'],
  ['212 555 0123', '', '212 555 0123'],
  ['1 415 555 0123', '', '1 415 555 0123'],
  ['Spring 2026', 'Spring 2026', null],
  ['42', '42', null],
  ['', '', null],
])('in %j the campaign is %j and the number %j', (words, rest, phone) =>
  expect(splitPhone(words)).toEqual({ rest, phone }),
);

describe('fallback values', () => {
  test.each([
    ['name = there', { name: 'there' }],
    ['Name: there\n\n{{ company }} = our company', { name: 'there', company: 'our company' }],
    ['time = 10:30 = sharp', { time: '10:30 = sharp' }],
    ['', {}],
  ])('%j is understood', (text, values) => expect(parseFallbacks(text)).toEqual({ ok: true, values }));

  test.each([
    ['name', '“name” is not understood'],
    ['name =', '“name =” is not understood'],
    ['first name = x', '“first name” cannot be the name of a variable'],
    ['__proto__ = x', 'cannot be the name of a variable'],
    ['name = a\nname = b', '“name” has two values'],
  ])('%j is refused in words', (text, problem) => {
    const parsed = parseFallbacks(text);
    expect(parsed.ok ? '' : parsed.problem).toContain(problem);
  });

  test('are written as they are read', () => {
    const values = { name: 'there', company: 'our company' };
    expect(parseFallbacks(formatFallbacks(values))).toEqual({ ok: true, values });
  });
});

test.each([
  [{ name: 'clients.CSV', fileType: 'csv' }, 'list'],
  [{ name: 'export.ndjson', fileType: '' }, 'list'],
  [{ name: 'Untitled', fileType: 'csv' }, 'list'],
  [{ name: 'notes.txt', fileType: 'text' }, 'maybe'],
  [{ name: 'photo.png', fileType: 'png' }, 'other'],
  [{ name: 'csv', fileType: '' }, 'other'],
])('%j is %j', (file, nature) => expect(natureOf(file)).toBe(nature));

test.each([
  ['york', 'America/New_York'],
  ['New York', 'America/New_York'],
  ['utc', 'UTC'],
  ['paris', 'Europe/Paris'],
])('“%s” finds %s first', (typed, zone) => expect(findTimeZones(typed)[0]?.value).toBe(zone));

test('at most a hundred time zones are offered, none for nonsense', () => {
  expect(findTimeZones('')).toHaveLength(100);
  expect(findTimeZones('zzz')).toEqual([]);
});

describe('before Slack is answered', () => {
  const command = (text: string) => ({ command: '/campaign', text, trigger_id: '1.2' });
  const press = (action_id: string) => ({
    type: 'block_actions',
    trigger_id: '1.2',
    actions: [{ action_id }],
  });

  test.each([
    ['a command that changes something', command('pause Spring'), { key: 'command:1.2', kind: 'command' }],
    ['a press that changes something', press('campaign.pause'), { key: 'action:1.2', kind: 'action' }],
    ['a choice that changes something', press('campaign.pick:resume'), { key: 'action:1.2', kind: 'action' }],
    [
      'an event we listen to',
      { type: 'event_callback', event_id: 'E1', event: { type: 'file_shared' } },
      { key: 'event:E1', kind: 'event' },
    ],
  ])('%s is stored', (_, body, stored) => expect(storedAs(body)).toEqual(stored));

  test.each([
    ['a command that opens a form', command('new')],
    ['a command that looks', command('list')],
    ['a command that nobody knows', command('frobnicate')],
    ['a command that asks before it acts', command('cancel Spring')],
    ['a press that opens a form', press('campaign.start')],
    ['a choice that opens a form', press('campaign.pick:start')],
    ['a press that nobody knows', press('campaign.destroy')],
    ['a form', { type: 'view_submission', trigger_id: '1.2' }],
    ['offers for a menu', { type: 'block_suggestion' }],
  ])('%s is worked on at once', (_, body) => expect(storedAs(body)).toBeNull());

  test.each([
    [
      'an event that nobody listens to',
      { type: 'event_callback', event_id: 'E1', event: { type: 'emoji_changed' } },
    ],
    ['an event without an id', { type: 'event_callback', event: { type: 'file_shared' } }],
    ['the news of a rate limit', { type: 'app_rate_limited' }],
  ])('%s is put aside', (_, body) => expect(storedAs(body)).toBe('ignore'));
});

test('tokens and signed addresses do not reach a log', () => {
  const line = 'failed for xoxb-1-2-abc at https://files.slack.com/F1/secret?t=xoxe-9 and xapp-1-A';
  expect(withoutSecrets(line)).toBe('failed for [token] at https://files.slack.com and [token]');
});
