import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { suggestMapping } from '#domain/contact-import/mapping.ts';
import type { MessagePreview } from '#domain/message-preview.ts';
import { ROLES } from '#domain/rights.ts';
import type { WorkspaceSettings } from '#domain/workspace-settings.ts';
import type { CampaignSummary } from '#operations/campaign-summary.ts';
import type { Preflight } from '#operations/preflight.ts';
import type { FileHead } from '#operations/read-file-head.ts';
import type { CallStory } from '#operations/show-calls-of-contact.ts';
import { checkBlocks, checkView, isViewTooLarge } from '#sandbox/slack/block-check.ts';
import { callPreviewBlocks } from '#slack/blocks/call-preview.ts';
import { previewBlocks } from '#slack/blocks/preview.ts';
import { helpMessage, unknownWords } from '#slack/commands/help.ts';
import { COMMANDS } from '#slack/commands/index.ts';
import { picker } from '#slack/commands/resolve.ts';
import { homeBlocks } from '#slack/home.ts';
import { reviewView } from '#slack/modals/approval.ts';
import { assistantView } from '#slack/modals/assistant.ts';
import { callView } from '#slack/modals/call.ts';
import { callsView } from '#slack/modals/campaign-calls.ts';
import { columnsView, readMapping } from '#slack/modals/columns.ts';
import { modal, sentenceView, waitingView } from '#slack/modals/frame.ts';
import { liveCallsView } from '#slack/modals/live-calls.ts';
import { newCampaignView } from '#slack/modals/new-campaign.ts';
import { preflightView } from '#slack/modals/preflight.ts';
import { scheduleView } from '#slack/modals/schedule.ts';
import type { ScheduleForm } from '#slack/modals/schedule-fields.ts';
import { workspaceSettingsView } from '#slack/modals/workspace-settings.ts';
import { sentenceMessage } from '#slack/reply.ts';
import { anyApprovalNote, hostileText, spokenLines } from './contents.ts';

const id = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const counts = fc.record({
  pending: fc.nat(),
  in_progress: fc.nat(),
  completed: fc.nat(),
  failed: fc.nat(),
  no_answer: fc.nat(),
  busy: fc.nat(),
  voicemail: fc.nat(),
  skipped: fc.nat(),
});
const gaps = fc.array(fc.record({ name: hostileText, contacts: fc.nat() }), { maxLength: 60 });

/** A file of any width, whatever its headers and cells say. */
const head: fc.Arbitrary<FileHead> = fc
  .record({
    fileName: hostileText,
    headers: fc.array(hostileText, { minLength: 1, maxLength: 200 }),
    row: fc.array(hostileText, { maxLength: 200 }),
    hasHeader: fc.boolean(),
    isRemembered: fc.boolean(),
  })
  .map(({ row, ...file }) => ({
    ...file,
    kind: 'csv',
    encoding: null,
    delimiter: ',',
    sampleRows: [row],
    mapping: suggestMapping(file.headers, [row, row, row], 'US'),
    fingerprint: 'x',
    problem: null,
  }));

const preview: fc.Arbitrary<MessagePreview> = fc.record({
  problem: fc.constant(null),
  examples: fc.array(
    fc.record({
      name: hostileText,
      maskedPhone: hostileText,
      text: hostileText,
      encoding: fc.constantFrom('GSM-7', 'UCS-2'),
      characters: fc.nat(),
      segments: fc.nat(),
      missing: fc.array(hostileText, { maxLength: 60 }),
      refusal: fc.option(hostileText, { nil: null }),
    }),
    { maxLength: 3 },
  ),
  notes: fc.array(hostileText, { maxLength: 10 }),
  variablesAvailable: fc.array(hostileText, { maxLength: 200 }),
  variablesMissing: gaps,
});

const summary: fc.Arbitrary<CampaignSummary> = fc.record({
  id,
  workspaceId: id,
  name: hostileText,
  campaignType: fc.constant('sms'),
  status: fc.constantFrom('draft', 'scheduled', 'running', 'paused'),
  schedule: fc.option(hostileText, { nil: null }),
  version: id,
  channelId: fc.constant(null),
  createdBy: fc.constant('slack:U1'),
  createdAt: fc.constant(new Date(0)),
  counts,
});

const campaignType = fc.constantFrom('call', 'sms', 'mixed');
const direction = fc.constantFrom('outbound', 'inbound');

/** A call with everything that was said on it. */
const callStory: fc.Arbitrary<CallStory> = fc.record({
  callId: id,
  campaignId: fc.constant(1),
  campaignName: fc.option(hostileText, { nil: null }),
  direction,
  assistantName: hostileText,
  contactName: fc.option(hostileText, { nil: null }),
  maskedPhone: hostileText,
  createdAt: fc.constant(new Date(0)),
  when: hostileText,
  answeredAt: fc.constantFrom(null, new Date(0)),
  endedAt: fc.constantFrom(null, new Date(0)),
  isLive: fc.boolean(),
  attempt: fc.constantFrom(
    null,
    { state: 'ended', outcome: 'answered' },
    { state: 'ringing', outcome: null },
  ),
  answeredBy: fc.constant(null),
  result: fc.constantFrom(null, 'yes', 'complaint'),
  durationSeconds: fc.option(fc.nat(), { nil: null }),
  summary: fc.option(hostileText, { nil: null }),
  answers: fc.dictionary(hostileText, hostileText, { maxKeys: 30 }),
  callbackAt: fc.constant(null),
  callback: fc.option(hostileText, { nil: null }),
  turns: spokenLines.map((lines) => lines.map((line) => ({ ...line, at: new Date(0) }))),
  recordings: fc.uniqueArray(
    fc.record({
      recordingId: id,
      status: fc.constantFrom('completed', 'in_progress'),
      durationSeconds: fc.option(fc.nat(), { nil: null }),
      deleteAfter: fc.constant(new Date(0)),
    }),
    { maxLength: 8, selector: (recording) => recording.recordingId },
  ),
});

function expectView(view: object, type: 'modal' | 'home'): void {
  expect(checkView(JSON.parse(JSON.stringify(view)), type)).toEqual([]);
  expect(isViewTooLarge(view)).toBe(false);
}

const NOTHING_DEMANDED = { approval: 'not_demanded', attestation: 'not_demanded' } as const;

describe('whatever stands in it, Slack takes', () => {
  test('the form for a new campaign', () => {
    const form = fc.record({
      campaignType,
      texts: fc.dictionary(
        fc.constantFrom('name', 'message', 'welcome', 'agenda', 'closing', 'fallbacks'),
        hostileText,
      ),
      channelId: fc.constantFrom(null, 'C1'),
      assistantId: fc.constantFrom(null, 3),
      assistants: fc.uniqueArray(fc.record({ id, name: hostileText }), {
        maxLength: 150,
        selector: (assistant) => assistant.id,
      }),
    });
    fc.assert(
      fc.property(form, fc.boolean(), (values, isRestored) =>
        expectView(newCampaignView(values, isRestored), 'modal'),
      ),
    );
  });

  test('the form of how a campaign calls', () => {
    const campaign = fc.record({
      id,
      version: id,
      campaignType,
      enableVoicemailDetection: fc.boolean(),
      detectionMode: fc.constantFrom('async', 'sync'),
      leaveVoicemail: fc.boolean(),
      mixedSettings: fc.constantFrom(null, { first: 'sms', followUp: 'if_reached', delayMinutes: 30 }),
      availableVariables: fc.array(hostileText, { maxLength: 200 }),
    });
    fc.assert(
      fc.property(campaign, hostileText, (found, voicemail) =>
        expectView(callsView(found as never, voicemail), 'modal'),
      ),
    );
  });

  test('the form of an assistant', () => {
    const typed = fc.record({
      name: hostileText,
      voice: fc.constantFrom(null, 'amy', 'nobody'),
      prompt: hostileText,
      model: hostileText,
      phoneNumbers: hostileText,
      transferTargets: hostileText,
    });
    const about = fc.record({ isRestored: fc.boolean(), hasModel: fc.boolean() });
    fc.assert(
      fc.property(typed, about, (values, where) => expectView(assistantView(null, values, where), 'modal')),
    );
  });

  test('the calls on the line, however many, and what was said last', () => {
    const call = fc.record({
      callId: id,
      campaignId: fc.constant(1),
      direction,
      assistantName: hostileText,
      contactName: fc.option(hostileText, { nil: null }),
      maskedPhone: hostileText,
      answeredAt: fc.constantFrom(null, new Date(0)),
      createdAt: fc.constant(new Date(0)),
      isListenedTo: fc.boolean(),
      lastLine: fc.option(
        fc.record({ who: fc.constantFrom('assistant', 'contact'), text: hostileText, isCut: fc.boolean() }),
        { nil: null },
      ),
    });
    const about = fc.record({ mayListen: fc.boolean(), notice: fc.option(hostileText, { nil: null }) });
    fc.assert(
      fc.property(hostileText, fc.array(call, { maxLength: 100 }), about, (name, calls, where) =>
        expectView(liveCallsView({ id: 1, name }, calls, where), 'modal'),
      ),
      { numRuns: 60 },
    );
  });

  test('a call in full, on every page of it', () => {
    fc.assert(
      fc.property(callStory, fc.nat(5), fc.option(hostileText, { nil: null }), (story, page, notice) =>
        expectView(callView(story, page, notice), 'modal'),
      ),
      { numRuns: 100 },
    );
  });

  test('the preview of calls', () => {
    const found = fc.record({
      problems: fc.array(
        fc.record({
          template: fc.constant('agendaTemplate' as const),
          words: hostileText,
          message: hostileText,
        }),
        { maxLength: 4 },
      ),
      examples: fc.array(
        fc.record({
          name: hostileText,
          maskedPhone: hostileText,
          lines: fc.array(fc.record({ words: hostileText, text: hostileText }), {
            minLength: 1,
            maxLength: 5,
          }),
          missing: fc.array(hostileText, { maxLength: 60 }),
          refusal: fc.option(hostileText, { nil: null }),
        }),
        { maxLength: 3 },
      ),
      notes: fc.array(hostileText, { maxLength: 4 }),
      variablesAvailable: fc.array(hostileText, { maxLength: 200 }),
      variablesMissing: gaps,
    });
    fc.assert(
      fc.property(found, (calls) =>
        expectView(modal({ name: 'notice', title: 'Preview', blocks: callPreviewBlocks(calls) }), 'modal'),
      ),
    );
  });

  test('the columns of a file, however many and however named', () => {
    const place = fc.record({
      campaignId: fc.constantFrom(null, 42),
      channelId: fc.constantFrom(null, 'C1'),
      asksMode: fc.boolean(),
    });
    fc.assert(
      fc.property(head, place, (file, where) => {
        const draft = {
          ...where,
          fileId: 'F1',
          threadTs: null,
          next: 'message' as const,
          fileName: file.fileName,
          fingerprint: 'x',
          mapping: file.mapping,
        };
        expectView(columnsView(draft, file, { draft: 'd', version: 1 }), 'modal');
      }),
      { numRuns: 60 },
    );
  });

  test('the check before a start', () => {
    const found = fc.record({
      counts,
      ready: fc.nat(),
      doNotCall: fc.nat(),
      noConsent: fc.nat(),
      contactedRecently: fc.nat(),
      heldForReview: fc.nat(),
      capped: fc.nat(),
      noTimeZone: fc.nat(),
      outsideHoursNow: fc.nat(),
      duplicates: fc.nat(),
      invalid: fc.nat(),
      budgetMicros: fc.option(fc.nat(), { nil: null }),
      reserveMicros: fc.nat(),
      canarySize: fc.option(fc.nat(), { nil: null }),
      missingVariables: gaps,
      sample: fc.record({ contacts: fc.nat(), tooLong: fc.nat(), empty: fc.nat() }),
      segmentsEach: fc.record({ low: fc.nat(), high: fc.nat(), average: fc.nat() }),
      segments: fc.nat(),
      calls: fc.option(
        fc.record({
          contacts: fc.nat(),
          sample: fc.record({ contacts: fc.nat(), tooLong: fc.nat(), empty: fc.nat() }),
          cost: fc.record({ low: fc.nat(), high: fc.nat() }),
        }),
        { nil: null },
      ),
      cost: fc.record({ low: fc.nat(), high: fc.nat() }),
      outlook: hostileText,
      problems: fc.array(hostileText, { maxLength: 10 }),
    });
    fc.assert(
      fc.property(hostileText, campaignType, found, (name, type, preflight) =>
        expectView(
          preflightView(
            { id: 1, name, version: 1, campaignType: type },
            preflight as never,
            NOTHING_DEMANDED,
          ),
          'modal',
        ),
      ),
    );
  });

  test('the preview of a message', () => {
    fc.assert(
      fc.property(preview, (found) =>
        expectView(modal({ name: 'notice', title: 'Preview', blocks: previewBlocks(found) }), 'modal'),
      ),
    );
  });

  test('a sentence, and a wait', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (title, sentence) => {
        expectView(sentenceView(title, sentenceMessage(sentence)), 'modal');
        expectView(waitingView(sentence || 'x'), 'modal');
      }),
    );
  });

  test('the home tab', () => {
    const missing = fc.array(hostileText, { maxLength: 10 });
    const entry = fc.tuple(summary, missing).map(([one, needs]) => ({ ...one, missing: needs }));
    const some = fc.array(entry, { maxLength: 10 });
    const requests = fc.array(anyApprovalNote, { maxLength: 10 });
    fc.assert(
      fc.property(some, some, some, some, requests, (running, scheduled, paused, drafts, toApprove) =>
        expectView(
          { type: 'home', blocks: homeBlocks({ running, scheduled, paused, drafts, toApprove }) },
          'home',
        ),
      ),
      { numRuns: 60 },
    );
  });

  test('what somebody is to approve', () => {
    const covers = fc.array(fc.record({ label: hostileText, value: hostileText }), { maxLength: 90 });
    fc.assert(
      fc.property(anyApprovalNote, covers, (note, said) =>
        expectView(reviewView({ note, covers: said }), 'modal'),
      ),
      { numRuns: 60 },
    );
  });

  test('the settings of a workspace, whatever they are', () => {
    const maybeSmall = fc.option(fc.integer({ min: 1, max: 100 }), { nil: null });
    const settings = fc.record<WorkspaceSettings>({
      companyName: fc.option(fc.string({ maxLength: 100 }), { nil: null }),
      defaultCountry: fc.constantFrom('US', 'GB'),
      timeZone: fc.constantFrom('America/New_York', 'UTC'),
      defaultRole: fc.constantFrom(...ROLES),
      concurrentLimit: fc.integer({ min: 1, max: 2000 }),
      rateLimitPerMinute: fc.integer({ min: 1, max: 60_000 }),
      legalPreset: fc.constantFrom('by_state', 'strict'),
      ownHours: fc.constantFrom(null, [{ start: '09:00', end: '24:00', days: ['monday'] }]),
      unknownPlace: fc.constantFrom('intersect', 'skip'),
      tollFree: fc.constantFrom('skip', 'contiguous'),
      frequencyLimit: maybeSmall,
      frequencyHours: fc.integer({ min: 1, max: 720 }),
      requiresCallConsent: fc.boolean(),
      requiresTextConsent: fc.boolean(),
      requiresAttestation: fc.boolean(),
      requiresApproval: fc.boolean(),
      nationalListDays: maybeSmall,
    });
    fc.assert(
      fc.property(settings, (some) => expectView(workspaceSettingsView(some), 'modal')),
      { numRuns: 60 },
    );
  });

  test('the form of a schedule, whatever is typed in it', () => {
    const now = new Date('2026-11-24T19:00:00Z');
    const zones = fc.constantFrom('America/New_York', 'Africa/Cairo', 'UTC');
    const scheduled = fc.record({
      id,
      version: id,
      status: fc.constantFrom('draft' as const, 'scheduled' as const),
      scheduleType: fc.constantFrom('immediate' as const, 'scheduled' as const),
      scheduledAt: fc.constantFrom(now, null),
      scheduleZone: zones,
      recurringConfig: fc.constant(null),
      nextRunAt: fc.constantFrom(now, null),
    });
    const form = fc.record<ScheduleForm>({
      schedule_type: fc.constantFrom('scheduled', 'recurring'),
      scheduled_at: fc.constantFrom('', '2026-12-24', '2020-01-01'),
      time: fc.constantFrom('', '09:00'),
      timezone: zones,
      frequency: fc.constantFrom('daily', 'weekly', 'monthly'),
      interval: fc.constantFrom('', '1', '99', '-4'),
      days_of_week: fc.subarray(['1', '2', '7']),
      day_of_month: fc.constantFrom('', '31', '1.5'),
      end_date: fc.constantFrom('', '2026-12-31', '2020-01-01'),
    });
    fc.assert(
      fc.property(scheduled, form, (campaign, typed) =>
        expectView(scheduleView(campaign, typed, now), 'modal'),
      ),
      { numRuns: 200 },
    );
  });

  test('help, the answer to unknown words, and the question which campaign is meant', () => {
    const few = fc.uniqueArray(summary, { minLength: 1, maxLength: 120, selector: (one) => one.id });
    fc.assert(
      fc.property(hostileText, few, (words, campaigns) => {
        for (const message of [
          helpMessage(COMMANDS, unknownWords(words, undefined)),
          picker('start', campaigns),
        ]) {
          expect(checkBlocks('message', JSON.parse(JSON.stringify(message.blocks)))).toEqual([]);
          expect(message.text.length).toBeLessThanOrEqual(4000);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('help names every command to its end, however many there are', () => {
  const drawn = JSON.stringify(helpMessage(COMMANDS).blocks);
  for (const { summary } of COMMANDS) expect(drawn).toContain(summary);
  const many = Array.from({ length: 120 }, (_, n) => ({
    name: `command ${n}`,
    usage: '<name or number>',
    summary: `Does number ${n} and everything that goes with it`,
  }));
  const long = helpMessage(many);
  expect(checkBlocks('message', JSON.parse(JSON.stringify(long.blocks)))).toEqual([]);
  expect(JSON.stringify(long.blocks)).toContain('Does number 119 and');
});

test('the name of a file that is waited for is no markup', () => {
  const { blocks } = waitingView('Reading <https://elsewhere.example|your file>.csv…');
  expect(blocks[0]).toMatchObject({ text: { type: 'plain_text' } });
});

test('in a file too wide for a form the columns with a meaning are shown', () => {
  const headers = [...Array.from({ length: 150 }, (_, index) => `Extra ${index}`), 'Phone'];
  const mapping = suggestMapping(headers, [[...headers.slice(1), '+12125550101']], 'US');
  const file = {
    fileName: 'wide.csv',
    kind: 'csv',
    headers,
    hasHeader: true,
    isRemembered: false,
    problem: null,
  } as unknown as FileHead;
  const request = {
    fileId: 'F1',
    campaignId: 1,
    channelId: null,
    threadTs: null,
    next: 'nothing' as const,
    fileName: 'wide.csv',
    fingerprint: 'x',
    asksMode: false,
  };
  const text = JSON.stringify(columnsView({ ...request, mapping }, file, {}));
  expect(text).toContain('"block_id":"column.150"');
  expect(text).toContain('more columns not shown here: each is loaded as suggested.');
});

describe('what was chosen for the columns', () => {
  const suggested = suggestMapping(
    ['Phone', 'Name', 'Note', 'note'],
    [['+12125550101', 'Ann', 'a', 'b']],
    'US',
  );
  const choose = (index: number, value: string) => ({
    [`column.${index}`]: { x: { selected_option: { value } } },
  });

  test('stands over the suggestion', () => {
    const mapping = readMapping(suggested, { ...choose(1, 'ignore'), ...choose(2, 'custom_field') });
    expect(mapping.map(({ target, variable }) => [target, variable])).toEqual([
      ['phone_number', 'phone_number'],
      ['ignore', null],
      ['custom_field', 'note'],
      ['variable', 'note_2'],
    ]);
  });

  test('gives each variable a name of its own, also one that was a field before', () => {
    const mapping = readMapping(suggested, choose(1, 'variable'));
    expect(mapping.map(({ variable }) => variable)).toEqual(['phone_number', 'name_2', 'note', 'note_2']);
  });
});

describe('the check before a start', () => {
  const found: Preflight = {
    counts: {} as Preflight['counts'],
    ready: 3,
    doNotCall: 0,
    noConsent: 0,
    contactedRecently: 0,
    heldForReview: 0,
    capped: 0,
    noTimeZone: 0,
    outsideHoursNow: 0,
    duplicates: 0,
    invalid: 0,
    missingVariables: [],
    sample: { contacts: 3, tooLong: 0, empty: 0 },
    segmentsEach: { low: 1, high: 1, average: 1 },
    segments: 3,
    calls: null,
    cost: { low: 1, high: 2, currency: 'USD', estimate: true },
    budgetMicros: null,
    reserveMicros: 13_300,
    canarySize: null,
    outlook: 'about 1 minute',
    problems: [],
  };
  const SPRING = { id: 1, name: 'Spring', version: 1, campaignType: 'sms' } as const;
  const view = (tooLong: number) =>
    preflightView(SPRING, { ...found, sample: { ...found.sample, tooLong } }, NOTHING_DEMANDED);

  test.each([
    [0, true, null],
    [1, true, 'For 1 of 3 looked at the text comes out longer than 1,600 characters'],
    [3, false, 'For everybody looked at the text comes out longer than 1,600 characters'],
  ])('with %i of 3 texts too long offers a start: %j', (tooLong, mayStart, words) => {
    const drawn = view(tooLong);
    expect(drawn.submit !== undefined).toBe(mayStart);
    const text = JSON.stringify(drawn.blocks);
    expect(text.includes('comes out')).toBe(words !== null);
    if (words !== null) expect(text).toContain(words);
  });

  const calls = {
    contacts: 3,
    sample: { contacts: 3, tooLong: 0, empty: 0 },
    cost: { low: 1, high: 2, currency: 'USD', estimate: true },
  } as const;
  const called = (changes: Partial<Preflight>) =>
    preflightView(
      { ...SPRING, campaignType: 'mixed' },
      { ...found, calls: { ...calls, sample: { ...calls.sample } }, ...changes },
      NOTHING_DEMANDED,
    );

  test.each([
    [{ budgetMicros: 10_000_000 }, 'Budget: $10.00. It pauses before it would pass it.'],
    [
      {
        budgetMicros: 1_000_000,
        cost: { low: 1, high: 2_000_000, currency: 'USD', estimate: true } as const,
      },
      '⚠️ Budget: $1.00, which may not be enough. It pauses before it would pass it, and asks.',
    ],
    [
      { budgetMicros: 500_000, reserveMicros: 847_500 },
      '⚠️ Budget: $0.50, which is less than the $0.85 that one attempt may need. It would pause at once',
    ],
    [{ canarySize: 20 }, 'The first 20 are tried, then it pauses and asks whether to go on.'],
    [{ noConsent: 7, capped: 1, duplicates: 2 }, '*No consent* 7'],
  ])('says what limits it: %j', (changes, words) => {
    expect(JSON.stringify(called(changes).blocks)).toContain(words);
  });

  test('of calls counts them, and says whom they never reach', () => {
    const text = JSON.stringify(called({}).blocks);
    expect(text).toContain('for 3 calls and 3 segments, 1 segment a text');
    expect(text).toContain('Nobody is called or texted outside the hours that the law allows');
    const unsaid = { ...calls, sample: { contacts: 3, tooLong: 0, empty: 2 } };
    expect(JSON.stringify(called({ calls: unsaid }).blocks)).toContain(
      'For 2 of 3 looked at something said on the call comes out empty',
    );
  });

  test('goes on while one of two channels can, and stops where none can', () => {
    const dead = { contacts: 3, tooLong: 0, empty: 3 };
    const unsaid = { ...calls, sample: dead };
    expect(called({ calls: unsaid }).submit).toBeDefined();
    expect(called({ calls: unsaid, sample: dead }).submit).toBeUndefined();
    const alone = { contacts: 0, tooLong: 0, empty: 0 };
    expect(called({ calls: unsaid, sample: alone, segments: 0 }).submit).toBeUndefined();
  });
});
