import { describe, expect, test } from 'vitest';
import { type AllowedHours, DAY_NAMES } from '#domain/calling-window.ts';
import { describeClosedBy } from '#domain/closed-by.ts';
import { type CampaignHours, type ContactPolicy, reachOf } from '#domain/reach.ts';
import { plainPolicy } from '#support/policy.ts';

const ALWAYS: AllowedHours = { start: '00:00', end: '24:00', days: [...DAY_NAMES] };
const OFFICE: AllowedHours = { start: '09:00', end: '17:00', days: [...DAY_NAMES] };
const POLICY = plainPolicy(['2026-11-26']);
const FREE: CampaignHours = {
  windows: [ALWAYS],
  closedDates: [],
  zone: 'Europe/London',
  followsContact: true,
};

function closedBy(
  iso: string,
  phoneNumber: string,
  { hours = FREE, policy }: { hours?: CampaignHours; policy?: Partial<ContactPolicy> } = {},
) {
  const who = { phoneNumber, ownZones: null, ownRegion: null };
  const reach = reachOf({ who, channel: 'call', hours, policy: { ...POLICY, ...policy } });
  return describeClosedBy(reach, new Date(iso));
}

const NEW_YORK = '+12125550123';
const MIAMI = '+13055550123';
const PROVIDENCE = '+14015550123';

describe('which hours keep somebody from being reached', () => {
  test('none, when all are open', () => {
    expect(closedBy('2026-11-24T19:00:00Z', NEW_YORK)).toBeNull();
  });

  test('the law of a state, with what it allows', () => {
    expect(closedBy('2026-11-25T01:30:00Z', MIAMI)).toBe(
      'Shut now: the law of Florida, row US-FL (every day 08:00–20:00, New York time).',
    );
  });

  test('several of them, each by name', () => {
    const policy = { ownHours: [OFFICE] };
    const hours = { ...FREE, windows: [OFFICE], followsContact: false };
    expect(closedBy('2026-11-25T03:00:00Z', NEW_YORK, { policy, hours })).toBe(
      'Shut now: the campaign’s own hours (every day 09:00–17:00, London time); ' +
        'the law of United States, row US (every day 08:00–21:00, New York time); ' +
        'the workspace’s own hours (every day 09:00–17:00, New York time).',
    );
  });

  test('a public holiday, which is not a question of the hour', () => {
    expect(closedBy('2026-11-26T18:00:00Z', PROVIDENCE)).toBe(
      'Shut now: the law of Rhode Island, row US-RI (2026-11-26 is a day off, New York time).',
    );
  });

  test('a day on which the campaign pauses', () => {
    const hours = { ...FREE, closedDates: ['2026-11-24'] };
    expect(closedBy('2026-11-24T19:00:00Z', NEW_YORK, { hours })).toContain(
      'the campaign’s own hours (2026-11-24 is a day off',
    );
  });

  test('an override that is narrower than the hour', () => {
    const policy = { overrides: new Map([['US-FL', [OFFICE]]]) };
    expect(closedBy('2026-11-24T23:30:00Z', MIAMI, { policy })).toBe(
      'Shut now: the law of Florida, row US-FL, as overridden (every day 09:00–17:00, New York time).',
    );
  });

  test('whichever zone of an ambiguous number is shut', () => {
    expect(closedBy('2026-11-24T14:30:00Z', '+12705550123')).toContain('row US-KY (every day 10:00–21:00');
  });
});
