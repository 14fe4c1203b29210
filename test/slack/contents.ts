import fc from 'fast-check';
import type { ChatContent } from '#ports/chat.ts';
import type {
  ApprovalNote,
  CallNote,
  CampaignCard,
  FileOffer,
  ImportProgress,
  LiveTranscript,
  Note,
  ReplyNote,
  ResultCard,
  ReviewNote,
} from '#ports/chat-content.ts';

const AT = new Date('2026-11-22T15:04:05Z');
const COUNTS = {
  pending: 190,
  in_progress: 5,
  completed: 300,
  failed: 4,
  no_answer: 1,
  busy: 0,
  voicemail: 0,
  skipped: 3,
};

export const card: CampaignCard = {
  kind: 'campaign_card',
  campaignId: 42,
  version: 7,
  name: 'Spring reminder',
  campaignType: 'sms',
  status: 'running',
  createdBy: 'slack:UANNA',
  counts: COUNTS,
  runNumber: 1,
  hold: null,
  outlook: 'About 40 minutes to go; the rate limit binds.',
  missing: [],
  demands: { approval: 'not_demanded', attestation: 'not_demanded' },
  moves: ['pause', 'cancel'],
  spending: ['Spent $2.37 of a budget of $10.00; the estimate was $2.10 to $2.60.'],
  abandoned: null,
  stoppedBy: null,
  schedule: null,
  replies: 12,
  optOuts: 2,
  needsReview: 1,
  calls: null,
  startedAt: AT,
  completedAt: null,
  updatedAt: AT,
};

export const result: ResultCard = {
  kind: 'result_card',
  campaignId: 42,
  name: 'Spring reminder',
  campaignType: 'sms',
  status: 'completed',
  counts: { ...COUNTS, pending: 0, in_progress: 0 },
  calls: null,
  results: [],
  replies: 12,
  optOuts: 2,
  startedAt: new Date('2026-11-22T13:00:00Z'),
  completedAt: AT,
  costMicros: { actual: 2_370_000, estimated: 0 },
  estimateMicros: { low: 2_100_000, high: 2_600_000 },
  reasons: [{ reason: 'On the do-not-call list', contacts: 3 }],
  timeline: [
    { label: '13:00', completed: 120, failed: 2 },
    { label: '14:00', completed: 180, failed: 3 },
  ],
};

export const replyNote: ReplyNote = {
  kind: 'reply_note',
  inboundTextId: 9,
  campaignId: 42,
  contactName: 'Ann Lee',
  maskedPhone: '+1 555 •••-••67',
  body: 'Can we move it to Friday?',
  mediaCount: 0,
  verdict: 'reply',
  contactHoldId: null,
  receivedAt: AT,
};

export const reviewNote: ReviewNote = {
  kind: 'review_note',
  attemptId: 11,
  channel: 'sms',
  contactName: null,
  maskedPhone: '+1 555 •••-••67',
  askedAt: AT,
  cause: 'the carrier’s answer was lost',
};

export const callNote: CallNote = {
  kind: 'call_note',
  callId: 77,
  campaignId: 42,
  direction: 'outbound',
  assistantName: 'Maya',
  contactName: 'Ann Lee',
  maskedPhone: '+1 555 •••-••67',
  isLive: false,
  result: 'callback',
  summary: 'Ann is interested, but was driving.',
  answers: { plan: 'family', 'best time': 'afternoons' },
  callback: 'Tuesday 24 November, 15:00 where they are',
  durationSeconds: 94,
  hasRecording: true,
};

export const liveTranscript: LiveTranscript = {
  kind: 'live_transcript',
  callId: 77,
  campaignId: 42,
  assistantName: 'Maya',
  contactName: 'Ann Lee',
  maskedPhone: '+1 555 •••-••67',
  isLive: true,
  lines: [
    { who: 'assistant', text: 'Good morning, this is Maya.', isCut: true },
    { who: 'contact', text: 'Who is calling?', isCut: false },
    { who: 'note', text: 'Key 1 was pressed.', isCut: false },
  ],
  omitted: 0,
};

export const importProgress: ImportProgress = {
  kind: 'import_progress',
  importId: 3,
  campaignId: 42,
  campaignName: 'Spring reminder',
  fileName: 'clients.csv',
  status: 'completed',
  rowCount: 510,
  loaded: 500,
  duplicates: 4,
  existing: 1,
  invalid: 3,
  suppressed: 2,
  problem: null,
  reasons: [{ reason: 'too short', rows: 3 }],
};

export const note: Note = {
  kind: 'note',
  level: 'good',
  text: 'Half of the contacts are done.',
  buttons: [],
};
export const offer: FileOffer = { kind: 'file_offer', fileId: 'F1', fileName: 'clients.csv', drafts: [] };

/** Text as people, spreadsheets and enemies write it. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom('&', '<', '>', '*', '_', '~', '`', '|', '@', '\n', '\u0000', ' '),
    maxLength: 6000,
  }),
  fc.string({ unit: 'grapheme', maxLength: 5000 }),
  fc.constantFrom(
    '',
    ' ',
    '<!channel>',
    '@here',
    '<@U1>',
    ':wave:',
    '👩‍👩‍👧‍👦'.repeat(500),
    '\ud83d'.repeat(3000),
  ),
);

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
const calls = fc.record({
  callsPlaced: fc.nat(),
  callsAnswered: fc.nat(),
  answeredSeconds: fc.nat(),
  voicemails: fc.nat(),
});
const instant = fc.date({ min: new Date(0), max: new Date(4_000_000_000_000), noInvalidDate: true });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const status = fc.constantFrom('draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled', 'failed');
const id = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const pastStart = { startedAt: maybe(instant), completedAt: maybe(instant) };

const campaignType = fc.constantFrom('call', 'sms', 'mixed');
const callResult = fc.constantFrom(
  'opted_out',
  'wrong_number',
  'complaint',
  'transferred',
  'callback',
  'yes',
  'no',
  'answered',
  'silent',
  'voicemail',
);

/** What somebody said on the phone, line by line, however long. */
export const spokenLines = fc.array(
  fc.record({
    who: fc.constantFrom('assistant', 'contact', 'note'),
    text: hostileText,
    isCut: fc.boolean(),
  }),
  { maxLength: 60 },
);

/** A request for approval, whatever is in it. */
export const anyApprovalNote = fc.record<ApprovalNote>({
  kind: fc.constant('approval_note'),
  approvalId: id,
  campaignId: id,
  name: hostileText,
  requestedBy: fc.constantFrom('slack:U1', 'token:4'),
  contacts: hostileText,
  changes: maybe(fc.array(hostileText, { maxLength: 40 })),
  state: fc.constantFrom('open', 'approved', 'rejected', 'voided', 'withdrawn'),
  decidedBy: maybe(fc.constantFrom('slack:U1', 'system')),
  reason: maybe(hostileText),
});

/** Any content, with texts as long and as odd as they come. */
export const anyContent: fc.Arbitrary<ChatContent> = fc.oneof(
  fc.record<CampaignCard>({
    kind: fc.constant('campaign_card'),
    campaignId: id,
    version: id,
    name: hostileText,
    campaignType,
    status,
    createdBy: fc.oneof(hostileText, fc.constantFrom('slack:U1', 'token:4', 'system')),
    counts,
    runNumber: id,
    hold: maybe(hostileText),
    outlook: maybe(hostileText),
    missing: fc.array(hostileText, { maxLength: 12 }),
    schedule: maybe(hostileText),
    demands: fc.record({
      approval: fc.constantFrom('not_demanded', 'missing', 'asked', 'standing'),
      attestation: fc.constantFrom('not_demanded', 'missing', 'standing'),
    }),
    spending: fc.array(hostileText, { maxLength: 3 }),
    abandoned: maybe(hostileText),
    stoppedBy: fc.constantFrom('budget_reached', 'canary', null),
    moves: fc.subarray(['start', 'pause', 'resume', 'cancel', 'schedule', 're_execute']),
    replies: fc.nat(),
    optOuts: fc.nat(),
    needsReview: fc.nat(),
    calls: maybe(fc.tuple(calls, fc.nat()).map(([activity, live]) => ({ ...activity, live }))),
    ...pastStart,
    updatedAt: instant,
  }),
  fc.record<ResultCard>({
    kind: fc.constant('result_card'),
    campaignId: id,
    name: hostileText,
    campaignType,
    status,
    counts,
    calls: maybe(calls),
    results: fc.array(
      fc.record({
        result: fc.constantFrom(
          'opted_out',
          'wrong_number',
          'complaint',
          'transferred',
          'callback',
          'yes',
          'no',
        ),
        calls: fc.nat(),
      }),
      { maxLength: 10 },
    ),
    replies: fc.nat(),
    optOuts: fc.nat(),
    ...pastStart,
    costMicros: fc.record({ actual: fc.nat(), estimated: fc.nat() }),
    estimateMicros: maybe(fc.record({ low: fc.nat(), high: fc.nat() })),
    reasons: fc.array(fc.record({ reason: hostileText, contacts: fc.nat() }), { maxLength: 30 }),
    timeline: fc.array(fc.record({ label: hostileText, completed: fc.nat(), failed: fc.nat() }), {
      maxLength: 40,
    }),
  }),
  anyApprovalNote,
  fc.record<Note>({
    kind: fc.constant('note'),
    level: fc.constantFrom('info', 'good', 'warning', 'problem'),
    text: fc.oneof(
      hostileText,
      hostileText.map((text) => `Paused by {by}. ${text}{by}`),
    ),
    by: fc.constantFrom(null, 'U1', '<!channel>'),
    buttons: fc.array(
      fc.record({
        label: hostileText,
        action: fc.constantFrom('campaign.why', 'campaign.resume', 'nonsense'),
        value: fc.constant('42.7'),
        confirm: fc.option(fc.record({ title: hostileText, text: hostileText, confirm: hostileText }), {
          nil: undefined,
        }),
      }),
      { maxLength: 4 },
    ),
  }),
  fc.record<ReplyNote>({
    kind: fc.constant('reply_note'),
    inboundTextId: id,
    campaignId: id,
    contactName: maybe(hostileText),
    maskedPhone: hostileText,
    body: hostileText,
    mediaCount: fc.nat(10),
    verdict: fc.constantFrom('stop', 'near_stop', 'start', 'help', 'reply'),
    contactHoldId: maybe(id),
    receivedAt: instant,
  }),
  fc.record<ReviewNote>({
    kind: fc.constant('review_note'),
    attemptId: id,
    channel: fc.constantFrom('sms', 'call'),
    contactName: maybe(hostileText),
    maskedPhone: hostileText,
    askedAt: instant,
    cause: hostileText,
  }),
  fc.record<CallNote>({
    kind: fc.constant('call_note'),
    callId: id,
    campaignId: id,
    direction: fc.constantFrom('outbound', 'inbound'),
    assistantName: hostileText,
    contactName: maybe(hostileText),
    maskedPhone: hostileText,
    isLive: fc.boolean(),
    result: maybe(callResult),
    summary: maybe(hostileText),
    answers: fc.dictionary(hostileText, hostileText, { maxKeys: 30 }),
    callback: maybe(hostileText),
    durationSeconds: maybe(fc.nat()),
    hasRecording: fc.boolean(),
  }),
  fc.record<LiveTranscript>({
    kind: fc.constant('live_transcript'),
    callId: id,
    campaignId: id,
    assistantName: hostileText,
    contactName: maybe(hostileText),
    maskedPhone: hostileText,
    isLive: fc.boolean(),
    lines: spokenLines,
    omitted: fc.nat(),
  }),
  fc.record<ImportProgress>({
    kind: fc.constant('import_progress'),
    importId: id,
    campaignId: id,
    campaignName: hostileText,
    fileName: hostileText,
    status: fc.constantFrom('pending', 'processing', 'completed', 'failed'),
    rowCount: fc.nat(),
    loaded: fc.nat(),
    duplicates: fc.nat(),
    existing: fc.nat(),
    invalid: fc.nat(),
    suppressed: fc.nat(),
    problem: maybe(hostileText),
    reasons: fc.array(fc.record({ reason: hostileText, rows: fc.nat() }), { maxLength: 40 }),
  }),
  fc.record<FileOffer>({
    kind: fc.constant('file_offer'),
    fileId: fc.constant('F0123'),
    fileName: hostileText,
    drafts: fc.uniqueArray(fc.record({ campaignId: id, name: hostileText }), {
      maxLength: 150,
      selector: (draft) => draft.campaignId,
    }),
  }),
);
