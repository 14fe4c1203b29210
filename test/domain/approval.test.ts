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
    ['name', 'Spring'],
    ['smsMessageTemplate', 'Hello {{ name }}'],
    ['welcomeMessageTemplate', 'none'],
    ['fallbackValues', 'city: "Rome"; code: "7"'],
    ['maxAttempts', '3'],
    ['allowedHours', 'every day 08:00–21:00'],
    ['additionalHours', 'none'],
    ['contactTimeZone', 'yes'],
    ['budgetLimitMicros', '$12.50'],
    ['holidayPlaces', 'US, US-FL'],
    ['scheduledAt', '2026-12-01 14:00 UTC'],
    ['contacts', '1,200'],
    ['somethingNew', '5'],
  ])('says %s as %j', (field, words) => expect(contentOf()[field]).toBe(words));

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

  test('cuts long texts and tells fields that were not there', () => {
    const long = lines(contentOf(), contentOf({ smsMessageTemplate: 'x'.repeat(2000) }));
    expect(long[0]?.length).toBeLessThan(400);
    expect(lines(contentOf(), contentOf({ newLimit: 4 }))).toEqual(['New limit: 4']);
  });

  test.each([
    ['maxAttempts', 'Attempts per contact'],
    ['assistant.prompt', 'Assistant’s prompt'],
    ['assistant.maxCallSeconds', 'Assistant’s max call seconds'],
    ['somethingNew', 'Something new'],
  ])('calls %s “%s”', (field, label) => expect(labelOf(field)).toBe(label));
});

function contentChangesAreNone(one: Record<string, string>, other: Record<string, string>): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every(
    (key) => Object.hasOwn(one, key) && Object.hasOwn(other, key) && one[key] === other[key],
  );
}
