import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  approvalContent,
  canonicalContent,
  contentChanges,
  describeChange,
  labelOf,
  STATE_COLUMNS,
} from '#domain/approval.ts';
import { describeField } from '#domain/approval-words.ts';
import { DEFAULT_ALLOWED_HOURS } from '#domain/calling-window.ts';

const CAMPAIGN = {
  id: 7,
  status: 'draft',
  version: 3,
  name: 'Spring',
  campaignType: 'sms',
  smsMessageTemplate: 'Hello {{ name }}',
  welcomeMessageTemplate: null,
  fallbackValues: { city: 'Rome', code: '7' },
  maxAttempts: 3,
  allowedHours: null,
  additionalHours: [],
  contactTimeZone: true,
  budgetLimitMicros: 12_500_000,
  holidayPlaces: ['US', 'US-FL'],
  scheduledAt: new Date('2026-12-01T14:00:00Z'),
  somethingNew: 5,
};
const AUDIENCE = { contacts: 1200, digest: 'abc' };
const contentOf = (changes: object = {}, audience = AUDIENCE, assistant: object | null = null) =>
  approvalContent({
    campaign: { ...CAMPAIGN, ...changes },
    assistant: assistant as never,
    company: 'Acme',
    audience,
  });

describe('what an approval covers', () => {
  test.each([
    ['campaignType', 'text messages'],
    ['name', 'Spring'],
    ['smsMessageTemplate', 'Hello {{ name }}'],
    ['welcomeMessageTemplate', 'none'],
    ['fallbackValues', 'city: Rome; code: 7'],
    ['maxAttempts', '3'],
    ['allowedHours', 'every day 08:00–21:00'],
    ['additionalHours', 'none'],
    ['contactTimeZone', 'yes'],
    ['budgetLimitMicros', '$12.50'],
    ['holidayPlaces', 'US, US-FL'],
    ['scheduledAt', 'Tue 1 Dec 2026 at 14:00, UTC'],
    ['retryPolicy', 'none'],
    ['nobodyKnowsIt', 'none'],
    ['contacts', '1,200'],
    ['somethingNew', '5'],
  ])('says %s as %j', (field, words) => expect(describeField(contentOf(), field)).toBe(words));

  const MAYA = {
    id: 1,
    name: 'Maya',
    voice: 'joanna',
    isScripted: false,
    isRecording: true,
    transferTargets: [{ key: 'desk', label: 'Front desk', phoneNumber: '+12125550100', slackUserId: null }],
  };
  const CALLING = {
    campaignType: 'mixed',
    assistantId: 1,
    timeZone: 'America/New_York',
    endOfDay: 'stop',
    enableVoicemailDetection: true,
    detectionMode: 'async',
    retryDelayMinutes: 30,
    retryPolicy: { busy: 'final' },
    mixedSettings: { first: 'call', followUp: 'if_not_reached', delayMinutes: 5 },
    budgetLimitMicros: null,
    scheduleType: 'recurring',
    scheduleZone: 'America/New_York',
    recurringConfig: {
      frequency: 'weekly',
      interval: 2,
      daysOfWeek: ['monday', 'friday'],
      dayOfMonth: null,
      time: '09:00',
      timeZone: 'America/New_York',
      endDate: null,
    },
  };
  test.each<[string, string, object]>([
    ['campaignType', 'calls and text messages', {}],
    ['assistantId', 'Maya', {}],
    ['assistantId', 'none', { assistantId: null }],
    ['assistant.isScripted', 'A language model, which answers freely', {}],
    ['assistant.isRecording', 'yes', {}],
    ['assistant.voice', 'Joanna, US English', {}],
    ['assistant.transferTargets', 'Front desk (+12125550100)', {}],
    ['timeZone', 'New York time', {}],
    ['endOfDay', 'Stop: leave out whoever is still waiting', {}],
    ['detectionMode', 'Recognise them while the assistant speaks', {}],
    ['detectionMode', 'Wait in silence until it is known who answered', { detectionMode: 'sync' }],
    ['detectionMode', 'Do not try to recognise them', { enableVoicemailDetection: false }],
    ['detectionMode', 'none', { campaignType: 'sms' }],
    ['mixedSettings', 'A call first, then a text 5 min later if that did not reach them.', {}],
    ['mixedSettings', 'A call first, then a text.', { mixedSettings: null }],
    ['mixedSettings', 'none', { campaignType: 'call' }],
    ['retryPolicy', 'Nobody is called a second time.', { maxAttempts: 1 }],
    ['scheduleType', 'every 2 weeks on Monday and Friday at 09:00, New York time', {}],
    ['scheduleType', 'as soon as somebody starts it', { scheduleType: 'immediate' }],
    ['budgetLimitMicros', 'none', {}],
    ['campaignType', 'letter', { campaignType: 'letter' }],
    ['newRules', 'kinds: a, b; quiet hours: no', { newRules: { quietHours: false, kinds: ['a', 'b'] } }],
  ])('of calls, says %s as %j with %j', (field, words, changes) =>
    expect(describeField(contentOf({ ...CALLING, ...changes }, AUDIENCE, MAYA), field)).toBe(words),
  );

  const canonicalHours =
    '{"days":["sunday","monday","tuesday","wednesday","thursday","friday","saturday"],"end":"21:00","start":"08:00"}';

  test.each([
    ['hours that are written out and the same by default', { allowedHours: DEFAULT_ALLOWED_HOURS }],
    ['a text that is empty and one that is missing', { welcomeMessageTemplate: '' }],
  ])('takes as one %s', (_, changes) =>
    expect(canonicalContent(contentOf(changes))).toBe(canonicalContent(contentOf())),
  );

  test('is bound to values, of which no words are part', () => {
    expect(contentOf({ ...CALLING, scheduledAt: null, budgetLimitMicros: 12_500_001 })).toMatchObject({
      campaignType: '"mixed"',
      detectionMode: '"async"',
      allowedHours: canonicalHours,
      budgetLimitMicros: '12500001',
      mixedSettings: '{"delayMinutes":5,"first":"call","followUp":"if_not_reached"}',
      contacts: '1200',
    });
  });

  test('shows a text that is no canonical value as it is', () =>
    expect(describeField({ allowedHours: 'every day 08:00–21:00' }, 'allowedHours')).toBe(
      'every day 08:00–21:00',
    ));

  test('leaves out how far the campaign is, and nothing else', () => {
    expect(
      Object.keys(contentOf()).filter((field) => (STATE_COLUMNS as readonly string[]).includes(field)),
    ).toEqual([]);
    expect(canonicalContent(contentOf({ status: 'paused', version: 9, id: 8 }))).toBe(
      canonicalContent(contentOf()),
    );
    expect(canonicalContent(contentOf({ somethingNew: 6 }))).not.toBe(canonicalContent(contentOf()));
  });

  test('covers the assistant as it speaks, and not who made it', () => {
    const maya = { id: 1, name: 'Maya', prompt: 'Be kind.', version: 1, createdBy: 'slack:U1' };
    const content = (changes: object) => canonicalContent(contentOf({}, AUDIENCE, { ...maya, ...changes }));
    expect(content({ version: 2, createdBy: 'slack:U2' })).toBe(content({}));
    expect(content({ prompt: 'Promise everything.' })).not.toBe(content({}));
    expect(content({})).not.toBe(canonicalContent(contentOf()));
  });

  test('stays what it was when an upgrade gives assistants more to say, until one says it', () => {
    const before = { id: 1, name: 'Maya', prompt: 'Be kind.' };
    const content = (assistant: object) => canonicalContent(contentOf({}, AUDIENCE, assistant));
    const silent = { ...before, welcomeMessage: null, endCallMessage: null };
    expect(content(silent)).toBe(content(before));
    expect(content({ ...silent, welcomeMessage: 'Hello.' })).not.toBe(content(before));
    expect(content({ ...silent, endCallMessage: 'Goodbye.' })).not.toBe(content(before));
  });

  test('is one text for the same content, in whatever order its keys are', () => {
    const values = fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), { maxKeys: 6 });
    fc.assert(
      fc.property(values, (fallbackValues) => {
        const turned = Object.fromEntries(Object.entries(fallbackValues).reverse());
        const one = contentOf({ fallbackValues });
        const other = contentOf({ fallbackValues: turned });
        expect(canonicalContent(other)).toBe(canonicalContent(one));
        expect(canonicalContent(Object.fromEntries(Object.entries(one).reverse()))).toBe(
          canonicalContent(one),
        );
      }),
    );
  });

  test('is another text for any other content', () => {
    const contents = fc.dictionary(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 }), { maxKeys: 5 });
    fc.assert(
      fc.property(contents, contents, (one, other) => {
        const isSame = canonicalContent(one) === canonicalContent(other);
        expect(isSame).toBe(contentChangesAreNone(one, other));
      }),
    );
  });
});

describe('what changed since the last approval', () => {
  const lines = (before: ReturnType<typeof contentOf>, after: ReturnType<typeof contentOf>) =>
    contentChanges(before, after).map(describeChange);

  test('is nothing where nothing did', () => expect(lines(contentOf(), contentOf())).toEqual([]));

  test('is told field by field, people and messages first', () => {
    const after = contentOf(
      { maxAttempts: 1, smsMessageTemplate: 'Bye', welcomeMessageTemplate: 'Hi' },
      { contacts: 1250, digest: 'def' },
    );
    expect(lines(contentOf(), after)).toEqual([
      'Contacts: “1,200” → “1,250”',
      'Text message: “Hello {{ name }}” → “Bye”',
      'Welcome: “none” → “Hi”',
      'Attempts per contact: “3” → “1”',
    ]);
  });

  test('tells other people even where there are as many', () => {
    expect(lines(contentOf(), contentOf({}, { contacts: 1200, digest: 'def' }))).toEqual([
      'Contacts: as many as before, but not the same people or values.',
    ]);
  });

  test('tells a schedule in its own line, and its parts only where its kind stays', () => {
    const once = { scheduleType: 'scheduled', scheduleZone: 'America/New_York' };
    expect(lines(contentOf({ scheduleType: 'immediate', scheduledAt: null }), contentOf(once))).toEqual([
      'Schedule: “as soon as somebody starts it” → “once, on Tue 1 Dec 2026 at 09:00, New York time”',
    ]);
    const later = { ...once, scheduledAt: new Date('2026-12-02T14:00:00Z') };
    expect(lines(contentOf(once), contentOf(later))).toEqual([
      'Scheduled for: “Tue 1 Dec 2026 at 09:00, New York time” → “Wed 2 Dec 2026 at 09:00, New York time”',
    ]);
  });

  test('tells another assistant by its name, once, and a new name of the same one', () => {
    const content = (id: number, name: string) => contentOf({ assistantId: id }, AUDIENCE, { id, name });
    expect(lines(content(1, 'Maya'), content(2, 'Tom'))).toEqual(['Assistant: “Maya” → “Tom”']);
    expect(lines(content(1, 'Maya'), content(1, 'Tom'))).toEqual(['Assistant’s name: “Maya” → “Tom”']);
  });

  test('is told also where the words for it are the same', () =>
    expect(lines(contentOf(), contentOf({ budgetLimitMicros: 12_500_001 }))).toEqual([
      'Budget: changed, though it is said with the same words.',
    ]));

  test('cuts long texts and tells fields that were not there', () => {
    const long = lines(contentOf(), contentOf({ smsMessageTemplate: 'x'.repeat(2000) }));
    expect(long[0]?.length).toBeLessThan(400);
    expect(lines(contentOf(), contentOf({ newLimit: 4 }))).toEqual(['New limit: 4']);
  });

  test.each([
    ['maxAttempts', 'Attempts per contact'],
    ['assistant.prompt', 'Assistant’s prompt'],
    ['assistant.maxCallSeconds', 'Assistant’s longest call in seconds'],
    ['assistantId', 'Assistant'],
    ['detectionMode', 'Answering machines'],
    ['somethingNew', 'Something new'],
  ])('calls %s “%s”', (field, label) => expect(labelOf(field)).toBe(label));
});

function contentChangesAreNone(one: Record<string, string>, other: Record<string, string>): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every(
    (key) => Object.hasOwn(one, key) && Object.hasOwn(other, key) && one[key] === other[key],
  );
}
