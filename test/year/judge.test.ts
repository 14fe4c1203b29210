import { describe, expect, test } from 'vitest';
import { plain } from '#torture/year/campaigns-of-year.ts';
import type { Contacted } from '#torture/year/carrier.ts';
import type { Entry, Fact, YearCampaign } from '#torture/year/journal.ts';
import { findBrokenPromises } from '#torture/year/judge.ts';
import type { Person } from '#torture/year/people.ts';

/** A Tuesday in May, 12:00 in New York. */
const NOON = Date.UTC(2027, 4, 11, 16);
const HOUR = 3_600_000;
const ALWAYS = [
  {
    start: '00:00',
    end: '24:00',
    days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
  },
];

function personIn(state: string, zone: string, phone = '+12125550100'): Person {
  const place = { country: 'US', states: [state], zones: [zone] };
  return { phone, byNumber: place, said: null, place, isTollFree: false };
}

function campaignOf(people: Person[], changes: Partial<YearCampaign> = {}): YearCampaign {
  return {
    ...plain('Tried', '+15005560001'),
    id: 1,
    type: 'call',
    people,
    hours: ALWAYS,
    maxAttempts: 10,
    retryDelayMinutes: 5,
    ...changes,
  };
}

function callAt(at: number, changes: Partial<Contacted> = {}): Entry {
  const contacted: Contacted = {
    at,
    channel: 'call',
    from: '+15005560001',
    to: '+12125550100',
    token: 't',
    ref: 'r',
    priceMicros: 14_000,
    endsAt: at + 60_000,
    outcome: 'busy',
    ...changes,
  };
  return { kind: 'contacted', at, contacted };
}

const fact = (at: number, one: Fact): Entry => ({ at, ...one });

function judged(campaign: YearCampaign, ...entries: Entry[]): string[] {
  const begun: Entry[] = [
    fact(0, { kind: 'campaign_made', campaign }),
    fact(0, { kind: 'due', campaignId: campaign.id, instants: [NOON - 100 * HOUR] }),
  ];
  return findBrokenPromises([...begun, ...entries]).map((sentence) => sentence.split(':')[0] ?? '');
}

const NEW_YORKER = personIn('NY', 'America/New_York');

describe('the judge of the year', () => {
  test('has nothing against a call at noon', () => {
    expect(judged(campaignOf([NEW_YORKER]), callAt(NOON))).toEqual([]);
  });

  test.each([
    ['New York at 20:59', 'NY', 'America/New_York', '2027-05-12T00:59:00Z', []],
    ['New York at 21:00', 'NY', 'America/New_York', '2027-05-12T01:00:00Z', ['HOURS']],
    ['Florida at 20:00', 'FL', 'America/New_York', '2027-05-12T00:00:00Z', ['HOURS']],
    ['Florida’s Panhandle at 19:30', 'FL', 'America/Chicago', '2027-05-12T00:30:00Z', []],
    ['Kentucky at 09:30', 'KY', 'America/New_York', '2027-05-11T13:30:00Z', ['HOURS']],
    ['Utah on a Sunday', 'UT', 'America/Denver', '2027-05-16T18:00:00Z', ['HOURS']],
    ['Texas on a Sunday before noon', 'TX', 'America/Chicago', '2027-05-16T16:30:00Z', ['HOURS']],
    ['Texas on a Sunday after noon', 'TX', 'America/Chicago', '2027-05-16T17:30:00Z', []],
    ['Alabama on Memorial Day', 'AL', 'America/Chicago', '2027-05-31T17:00:00Z', ['HOURS']],
    ['Arizona in summer at 08:30', 'AZ', 'America/Phoenix', '2027-07-06T15:30:00Z', []],
    ['Arizona in summer at 07:30', 'AZ', 'America/Phoenix', '2027-07-06T14:30:00Z', ['HOURS']],
  ])('on calls to %s', (_, state, zone, at, verdict) => {
    const campaign = campaignOf([personIn(state, zone)]);
    expect(judged(campaign, callAt(Date.parse(at)))).toEqual(verdict);
  });

  test.each<[string, Fact[], string[]]>([
    ['an opt-out', [suppressed('all', 'person')], ['OPT-OUT']],
    ['an entry for texts only', [suppressed('sms', 'staff')], []],
    ['an opt-out that was taken back', [suppressed('all', 'person'), lifted('person')], []],
    [
      'a colleague’s entry after an opt-out that was taken back',
      [suppressed('all', 'person'), suppressed('all', 'staff'), lifted('person')],
      ['OPT-OUT'],
    ],
    ['a range', [{ kind: 'prefix_suppressed', prefix: '+1212', channel: 'voice' }], ['OPT-OUT']],
    ['consent that is missing', [{ kind: 'policy', change: { requiresCallConsent: true } }], ['CONSENT']],
    ['approval that is missing', [{ kind: 'policy', change: { requiresApproval: true } }], ['APPROVAL']],
    ['a pause', [{ kind: 'paused', campaignId: 1 }], ['STOPPED']],
    ['a strict preset at noon', [{ kind: 'policy', change: { preset: 'strict' } }], []],
  ])('after %s', (_, facts, verdict) => {
    const entries = facts.map((one) => fact(NOON - HOUR, one));
    expect(judged(campaignOf([NEW_YORKER]), ...entries, callAt(NOON))).toEqual(verdict);
  });

  test('counts attempts over 24 hours, not over a day', () => {
    const times = [0, 1, 2, 23.9, 25.1].map((hours) => callAt(NOON - 2 * HOUR + hours * HOUR));
    expect(judged(campaignOf([NEW_YORKER]), ...times)).toEqual(['CAP']);
  });

  test.each<[string, Partial<YearCampaign>, Entry[], string[]]>([
    ['a spent budget', { budgetMicros: 20_000 }, [callAt(NOON), callAt(NOON + HOUR)], ['BUDGET']],
    ['used up attempts', { maxAttempts: 1 }, [callAt(NOON), callAt(NOON + HOUR)], ['ATTEMPTS']],
    ['a retry too early', { retryDelayMinutes: 60 }, [callAt(NOON), callAt(NOON + HOUR / 2)], ['ATTEMPTS']],
    [
      'a first call still on',
      {},
      [callAt(NOON, { endsAt: NOON + HOUR }), callAt(NOON + HOUR / 2)],
      ['ATTEMPTS', 'TWICE AT ONCE'],
    ],
    ['a stranger', {}, [callAt(NOON, { to: '+12125550199' })], ['STRANGER']],
    ['no campaign', {}, [callAt(NOON, { from: '+15005560002' })], ['STRANGER']],
    ['a start that is still to come', {}, [callAt(NOON - 120 * HOUR)], ['STOPPED']],
  ])('on %s', (_, changes, entries, verdict) => {
    expect(judged(campaignOf([NEW_YORKER], changes), ...entries)).toEqual(verdict);
  });

  test('lets nobody beyond the first ones be reached before somebody looked', () => {
    const people = [0, 1, 2].map((n) => personIn('NY', 'America/New_York', `+1212555010${n}`));
    const calls = people.map(({ phone }, i) => callAt(NOON + i * 60_000, { to: phone }));
    const campaign = campaignOf(people, { canarySize: 2 });
    expect(judged(campaign, ...calls)).toEqual(['CANARY']);
    const resumed = fact(NOON + 90_000, { kind: 'resumed', campaignId: 1 });
    expect(judged(campaign, ...calls.slice(0, 2), resumed, ...calls.slice(2))).toEqual([]);
  });
});

function suppressed(channel: 'all' | 'sms', by: 'person' | 'staff'): Fact {
  return { kind: 'suppressed', phone: NEW_YORKER.phone, channel, campaignId: null, by };
}

function lifted(by: 'person' | 'staff'): Fact {
  return { kind: 'lifted', phone: NEW_YORKER.phone, channel: 'all', campaignId: null, by };
}
