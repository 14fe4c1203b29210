import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ACTION_NAMES,
  actionId,
  campaignValue,
  parseActionId,
  parseCampaignValue,
  parseFileId,
  parseRowId,
} from '#slack/action-ids.ts';

test('every id that is built is read back', () => {
  for (const name of ACTION_NAMES) {
    expect(parseActionId(actionId(name))).toEqual({ name, detail: null });
    expect(parseActionId(actionId(name, 'F1:2'))).toEqual({ name, detail: 'F1:2' });
  }
});

test('every campaign and version is read back', () => {
  const id = fc.integer({ min: 0, max: 999_999_999 });
  fc.assert(
    fc.property(id, id, (campaignId, version) => {
      expect(parseCampaignValue(campaignValue({ campaignId, version }))).toEqual({ campaignId, version });
    }),
  );
});

test.each(['', 'campaign', 'campaign.destroy', 'CAMPAIGN.START', '__proto__', 'campaign.start '])(
  '%j is no action of ours',
  (id) => expect(parseActionId(id)).toBeNull(),
);

test.each([
  undefined,
  null,
  '',
  '42',
  '42.',
  '.7',
  '-1.2',
  '42.7.1',
  '1e3.1',
  '9999999999.1',
  '42.7; drop table',
])('%j is no campaign of ours', (value) => expect(parseCampaignValue(value)).toBeNull());

test.each(['0', '-1', '01', '1.5', '9'.repeat(16), 'x'])('%j is no row of ours', (value) =>
  expect(parseRowId(value)).toBeNull(),
);

test.each(['f1', 'F', '../F1', 'F1/..', `F${'1'.repeat(40)}`])('%j is no file of Slack’s', (value) =>
  expect(parseFileId(value)).toBeNull(),
);
