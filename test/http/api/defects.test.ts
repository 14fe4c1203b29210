import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { REFUSALS, Refusal, type RefusalCode } from '#domain/refusal.ts';
import { apiRoutes } from '#http/api/mount.ts';
import { sentenceOf } from '#http/api/words.ts';
import { createApi } from '#support/api.ts';
import { quietLog } from '#support/engine.ts';

const { deps } = await createApi();
/** Nobody listens at this port. */
const nowhere = openDatabase('postgres://127.0.0.1:1/nowhere');
afterAll(() => nowhere.close());

const logged: object[] = [];
const log = { ...quietLog, error: (fields: object) => void logged.push(fields) };
const app = apiRoutes(
  { ...deps, db: nowhere.db, log },
  { reference: () => 'ref-7', publicUrl: 'https://bot.example' },
);
const ask = async (method: string) => {
  const answer = await app.request('/api/v1/campaigns?search=secret-search', {
    method,
    headers: { authorization: 'Bearer rm_secret-token' },
  });
  return { status: answer.status, detail: (await answer.json()).detail };
};

test('a look that broke says that nothing was changed, and what to do', async () => {
  expect(await ask('GET')).toEqual({
    status: 500,
    detail:
      'Something went wrong on our side. Nothing was changed. Try again in a moment; if it happens again, tell an operator the reference ref-7.',
  });
});

test('a change that broke does not claim that nothing was done', async () => {
  const { status, detail } = await ask('POST');
  expect(status).toBe(500);
  expect(detail).toMatch(
    /may or may not have been done\. Look before you send it again.* Idempotency-Key.*ref-7\.$/,
  );
});

test('the log has the cause and the reference, and neither token nor query', async () => {
  logged.length = 0;
  await ask('GET');
  expect(logged).toEqual([expect.objectContaining({ reference: 'ref-7', path: '/api/v1/campaigns' })]);
  expect(JSON.stringify(logged)).not.toMatch(/secret/);
});

/** Of what only people in Slack ask for, or are asked there. */
const OF_SLACK: readonly RefusalCode[] = [
  'approval_by_person',
  'approval_not_found',
  'approval_closed',
  'approval_own',
  'approval_outdated',
  'call_not_answered',
  'draft_gone',
  'file_unusable',
  'group_not_found',
  'no_thread',
  'no_transfer_target',
  'not_a_member',
  'person_in_flight',
  'held_for_review',
  'tested_often',
];
/** What any of the sentences may ask for. */
const DETAILS = {
  ...{ wanted: 'x', nearest: null, name: 'x', problem: 'x', sender: 'x', caller: 'x', state: 'is a draft' },
  ...{
    matches: [],
    problems: [],
    campaigns: [],
    roles: [],
    contacts: 2,
    most: 2,
    attempts: 2,
    times: 2,
    id: 2,
  },
  ...{ source: 'x', when: null, assistant: 'x', why: 'x', isAsked: false, fileName: 'x', megabytes: 2 },
  ...{ given: 'x', known: [], tokenId: 2, characters: 2, doing: 'x', what: 'entry', because: 'asked' },
  ...{ action: 'start', status: 'draft', done: 'started', next: '' },
};
const said = (code: RefusalCode, details: object = {}) =>
  sentenceOf(new Refusal(code, { ...DETAILS, ...details } as never));

test.each(Object.keys(REFUSALS).filter((code) => !OF_SLACK.includes(code as RefusalCode)) as RefusalCode[])(
  'a client that is refused with %s is sent to no command, button or thread',
  (code) => {
    for (const isAsked of [false, true])
      expect(said(code, { isAsked })).not.toMatch(
        /\/campaign |[Pp]ress|[Dd]rop |\bcard\b|\bthread\b|button|[Rr]edial|Show call/,
      );
  },
);

test.each<[RefusalCode, RegExp]>([
  ['webhooks_many', /DELETE \/api\/v1\/webhooks/],
  ['stale_click', /nothing to answer for or to approve/],
  ['schedule_past', /Nothing was started or scheduled/],
])('%s says what there is to do for whoever reads it, wherever they asked', (code, words) => {
  expect(said(code)).toMatch(words);
});

test.each<[RefusalCode, RegExp]>([
  ['no_contacts', /^No contacts found\. (?!.*No contacts found)/i],
  ['all_contacts_processed', /^All contacts have already been processed\. (?!.*already been processed)/i],
  ['schedule_past', /^Scheduled time is in the past\. (?!.*in the past)/i],
])('%s begins with its documented cause, and says it once', (code, words) => {
  expect(said(code)).toMatch(words);
});
