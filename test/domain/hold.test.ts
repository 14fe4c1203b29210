import { describe, expect, test } from 'vitest';
import { describeHold, describeSkip, describeWait, type Hold, type WaitReason } from '#domain/hold.ts';

/** Sunday noon in New York. */
const NOW = new Date('2026-11-22T17:00:00Z');
const TOMORROW = '2026-11-23T13:00:00.000Z';
const SOON = '2026-11-22T17:00:06.000Z';
const ZONE = 'America/New_York';

describe('why nothing is being placed', () => {
  test.each<[Hold, string]>([
    [
      { code: 'outside_hours', until: TOMORROW },
      'Outside calling hours: the next contact may be reached tomorrow at 08:00, New York time (in 20 h).',
    ],
    [
      { code: 'rate_limit', until: SOON },
      'At the campaign’s rate limit: the next start is possible in less than a minute.',
    ],
    [
      { code: 'workspace_rate', until: SOON },
      'At the workspace’s rate limit, which all campaigns share: the next start is possible in less than a minute.',
    ],
    [
      { code: 'sender_rate', until: SOON },
      'At the rate limit of the sending number: the next start is possible in less than a minute.',
    ],
    [
      { code: 'provider_throttled', until: '2026-11-22T17:05:00.000Z' },
      'The provider asked us to slow down: the next start is possible today at 12:05, New York time (in 5 minutes). Nobody lost an attempt.',
    ],
    [
      { code: 'waiting_for_retries', until: '2026-11-22T17:30:00.000Z' },
      'Everybody left has been tried: the next retry is due today at 12:30, New York time (in 30 minutes).',
    ],
    [
      { code: 'number_in_flight', until: '2026-11-22T16:59:00.000Z' },
      'The next number is being contacted by another campaign: it is looked at again at any moment.',
    ],
    [
      { code: 'frequency_cap', until: '2026-11-22T18:00:00.000Z' },
      'Nobody is due. The next contact was contacted as often as the limits on attempts to one number allow, and may be reached today at 13:00, New York time (in 1 h).',
    ],
    [
      { code: 'held_for_review', until: '2026-11-22T18:00:00.000Z' },
      'Nobody is due. The next contact may have asked to be left alone: decide in the thread or over the API. They are looked at again today at 13:00, New York time (in 1 h).',
    ],
    [
      { code: 'concurrency' },
      'All places for attempts at once are taken: the next start follows as soon as one ends.',
    ],
    [
      { code: 'concurrency', limit: 5 },
      'All 5 places for attempts at once are taken: the next start follows as soon as one ends.',
    ],
    [
      { code: 'waiting_for_reports', attempts: 3 },
      'Everybody has been contacted: waiting for the provider’s last reports (3).',
    ],
    [
      { code: 'waiting_for_reports', attempts: 3, channel: 'call' },
      'Everybody has been called: waiting for the last calls to end (3).',
    ],
    [
      { code: 'waiting_for_follow_ups', until: '2026-11-22T17:30:00.000Z' },
      'Everybody left has had the first message: the next follow-up is due today at 12:30, New York time (in 30 minutes).',
    ],
    [
      { code: 'waiting_for_callbacks', until: TOMORROW },
      'Everybody left has asked to be called back: the next call is due tomorrow at 08:00, New York time (in 20 h).',
    ],
    [
      { code: 'provider_refused', fix: 'Ask an admin to renew the provider’s token' },
      'The provider refused, so nothing can be placed and nobody lost their place. Ask an admin to renew the provider’s token.',
    ],
    [
      { code: 'circuit_breaker', failures: 14, attempts: 20 },
      'Paused by itself: 14 of the last 20 attempts failed at the provider. Look into the errors in the thread, then resume.',
    ],
    [{ code: 'paused_by', who: 'Ada' }, 'Paused by Ada. Resume it to go on where it stopped.'],
    [
      { code: 'import_running', fileName: 'clients.csv' },
      '“clients.csv” is still being loaded: it starts when that is done.',
    ],
    [
      { code: 'slack_disconnected' },
      'Slack is disconnected, so nobody could stop it or see replies. An admin must reconnect the app, then resume.',
    ],
  ])('%j', (hold, sentence) => {
    expect(describeHold(hold, NOW, ZONE)).toBe(sentence);
  });

  test('a hold means the same after it was kept as JSON', () => {
    const hold: Hold = { code: 'outside_hours', until: TOMORROW };
    const kept: Hold = JSON.parse(JSON.stringify(hold));
    expect(describeHold(kept, NOW, ZONE)).toBe(describeHold(hold, NOW, ZONE));
  });

  test('without a zone, instants are told in UTC', () => {
    expect(describeHold({ code: 'outside_hours', until: TOMORROW }, NOW)).toContain(
      'tomorrow at 13:00, UTC (in 20 h)',
    );
  });
});

describe('why one contact waits', () => {
  test.each<[WaitReason, string | null, string]>([
    [
      'outside_hours',
      TOMORROW,
      'Outside calling hours for this person: they may be reached tomorrow at 08:00, New York time (in 20 h).',
    ],
    ['outside_hours', null, 'Outside calling hours for this person.'],
    [
      'retry',
      '2026-11-22T17:30:00Z',
      'Tried before: the next try is due today at 12:30, New York time (in 30 minutes).',
    ],
    ['retry', null, 'Tried before: the next try is due soon.'],
    [
      'number_in_flight',
      SOON,
      'This number is being contacted at this moment: it is looked at again in less than a minute.',
    ],
    [
      'held_for_review',
      null,
      'This person may have asked to be left alone: everything to them waits for a decision in the thread or over the API.',
    ],
    [
      'follow_up',
      '2026-11-22T17:30:00Z',
      'The first message has been through: the follow-up on the other channel is due today at 12:30, New York time (in 30 minutes).',
    ],
    [
      'callback',
      TOMORROW,
      'They asked to be called back: the call is due tomorrow at 08:00, New York time (in 20 h).',
    ],
  ])('%s until %s', (why, until, sentence) => {
    expect(describeWait(why, until === null ? null : new Date(until), NOW, ZONE)).toBe(sentence);
  });
});

describe('why one contact was left out', () => {
  test.each([
    ['do_not_call', 'On the do-not-call list.'],
    ['opted_out', 'Asked not to be contacted.'],
    [
      'no_time_zone',
      'Their time zone cannot be known, neither from what the file says of where they are nor from the number; without it nobody is contacted.',
    ],
    ['campaign_stopped', 'The campaign was stopped before their turn.'],
    ['a_reason_of_an_older_version', 'Left out: a reason of an older version.'],
    ['toString', 'Left out: toString.'],
  ])('%s', (reason, sentence) => {
    expect(describeSkip(reason)).toBe(sentence);
  });
});
