import { describe, expect, it } from 'vitest';
import { DEFAULT_ALLOWED_HOURS } from '#domain/calling-window.ts';
import { type GateFacts, judgeContact, reachOf } from '#domain/gate.ts';

const DAY_AND_NIGHT = { ...DEFAULT_ALLOWED_HOURS, start: '00:00', end: '24:00' };

function facts(
  change: Partial<GateFacts> & { phoneNumber?: string; followsContact?: boolean; zone?: string } = {},
): GateFacts {
  const { phoneNumber = '+12125550100', followsContact = true, zone = 'America/New_York', ...rest } = change;
  return {
    at: new Date('2026-11-24T19:00:00.000Z'),
    channel: 'sms',
    suppression: null,
    isHeldForReview: false,
    isInFlight: false,
    ...reachOf({ phoneNumber, hours: DAY_AND_NIGHT, zone, followsContact }),
    ...rest,
  };
}

const manual = { id: 1, channel: 'all', source: 'manual' };

describe('the gate', () => {
  it('lets through whom nothing stands against, and says until when', () => {
    expect(judgeContact(facts())).toMatchObject({
      kind: 'go',
      closesAt: new Date('2026-11-25T02:00:00.000Z'),
    });
  });

  it('keeps what it was based on', () => {
    const verdict = judgeContact(facts());
    expect(verdict.kind === 'go' && verdict.evidence).toMatchObject({
      at: '2026-11-24T19:00:00.000Z',
      zones: ['America/New_York'],
      certainty: 'exact',
      basis: 'area_code',
    });
  });

  it.each<[string, GateFacts, object]>([
    [
      'skips who is on the do-not-call list',
      facts({ suppression: manual }),
      { kind: 'skip', reason: 'do_not_call' },
    ],
    [
      'skips who opted out, and calls it that',
      facts({ suppression: { ...manual, source: 'opt_out' } }),
      { kind: 'skip', reason: 'opted_out' },
    ],
    [
      'lets who may have opted out wait for a person',
      facts({ isHeldForReview: true }),
      { kind: 'wait', why: 'held_for_review' },
    ],
    ['lets a number in flight wait', facts({ isInFlight: true }), { kind: 'wait', why: 'number_in_flight' }],
    [
      'skips a number that could be anywhere',
      facts({ phoneNumber: '+18005550100' }),
      { kind: 'skip', reason: 'no_time_zone' },
    ],
    [
      'says what is final before what passes',
      facts({
        suppression: manual,
        isHeldForReview: true,
        isInFlight: true,
        at: new Date('2026-11-24T08:00:00.000Z'),
      }),
      { kind: 'skip', reason: 'do_not_call' },
    ],
    [
      'never lets anybody through at night, whatever hours the campaign has',
      facts({ at: new Date('2026-11-24T08:00:00.000Z') }),
      { kind: 'wait', why: 'outside_hours', until: new Date('2026-11-24T13:00:00.000Z') },
    ],
    [
      'goes by the person’s night also where the campaign keeps its own clock',
      facts({ phoneNumber: '+18085550100', followsContact: false, at: new Date('2026-11-24T14:00:00.000Z') }),
      { kind: 'wait', why: 'outside_hours', until: new Date('2026-11-24T18:00:00.000Z') },
    ],
    [
      'waits for all zones of an area code that spans two',
      facts({ phoneNumber: '+12705550100', at: new Date('2026-11-24T13:30:00.000Z') }),
      { kind: 'wait', why: 'outside_hours', until: new Date('2026-11-24T14:00:00.000Z') },
    ],
  ])('%s', (_, given, verdict) => {
    expect(judgeContact(given)).toMatchObject(verdict);
  });
});
