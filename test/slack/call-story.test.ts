import { expect, test } from 'vitest';
import type { CallStory } from '#operations/show-calls-of-contact.ts';
import { lineOfCall } from '#slack/blocks/call-story.ts';

const at = new Date('2026-11-24T19:00:00Z');

const STORY: CallStory = {
  callId: 1,
  campaignId: 1,
  campaignName: 'Orders',
  direction: 'outbound',
  assistantName: 'Maya',
  contactName: 'P1',
  maskedPhone: '+1 212 •••-••00',
  createdAt: at,
  when: 'today at 14:00, New York time',
  answeredAt: at,
  endedAt: at,
  isLive: false,
  attempt: { state: 'ended', outcome: 'answered' },
  answeredBy: null,
  result: 'yes',
  durationSeconds: 27,
  summary: null,
  answers: {},
  callbackAt: null,
  callback: null,
  turns: [],
  recordings: [],
};

test.each<[Partial<CallStory>, string]>([
  [{}, 'answered, said yes, 27 s'],
  [{ attempt: { state: 'ended', outcome: 'voicemail' }, result: 'voicemail' }, 'voicemail, 27 s'],
  [{ attempt: { state: 'ended', outcome: 'no_answer' }, result: null, durationSeconds: null }, 'no answer'],
])('a call that is %j ends its line with “%s”, each word once', (changes, words) => {
  expect(lineOfCall({ ...STORY, ...changes })).toBe(
    `today at 14:00, New York time: was called by Maya in *Orders*: ${words}`,
  );
});
