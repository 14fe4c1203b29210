import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AllowedHours, DAY_NAMES } from '#domain/calling-window.ts';
import { LAW } from '#domain/law/legal-rules.ts';
import type { ShownLaw } from '#operations/show-law.ts';
import { checkBlocks } from '#sandbox/slack/block-check.ts';
import { lawOfPlace, lawOverview } from '#slack/blocks/law.ts';
import { hostileText } from './contents.ts';

const hours: fc.Arbitrary<AllowedHours[]> = fc
  .array(fc.integer({ min: 0, max: 22 }), { minLength: 1, maxLength: 7 })
  .map((starts) =>
    starts.map((start, index) => ({
      start: `${String(start).padStart(2, '0')}:00`,
      end: `${String(start + 1).padStart(2, '0')}:30`,
      days: [DAY_NAMES[index % 7] ?? 'monday'],
    })),
  );

/** Any rows of the law, each overridden or not, by anybody and for any reason. */
const shown: fc.Arbitrary<ShownLaw> = fc.record({
  preset: fc.constantFrom<'by_state' | 'strict'>('by_state', 'strict'),
  ownHours: fc.option(hours),
  rows: fc.array(
    fc.record({
      row: fc.constantFrom(...LAW.values()),
      override: fc.option(
        fc.record({
          id: fc.nat(),
          workspaceId: fc.constant(1),
          ruleKey: fc.constantFrom(...LAW.keys()),
          hours,
          reason: hostileText,
          actor: fc.constantFrom('slack:U1', 'system', 'token:<!channel>'),
          createdAt: fc.constant(new Date('2026-11-24T19:00:00.000Z')),
          revokedAt: fc.constant(null),
          revokedBy: fc.constant(null),
        }),
      ),
    }),
    { minLength: 1, maxLength: LAW.size },
  ),
});

describe('the law in Slack', () => {
  test('keeps to Slack’s limits whatever is overridden and why', () => {
    fc.assert(
      fc.property(shown, fc.boolean(), (law, mayChange) => {
        expect(checkBlocks('message', lawOverview(law, mayChange).blocks)).toEqual([]);
        expect(lawOverview(law, mayChange).text.length).toBeLessThanOrEqual(4000);
      }),
      { numRuns: 60 },
    );
  });

  test('keeps to them for the few rows of a place', () => {
    fc.assert(
      fc.property(shown, hostileText, fc.boolean(), (law, place, mayChange) => {
        const few = { ...law, rows: law.rows.slice(0, 4) };
        expect(checkBlocks('message', lawOfPlace(few, place, mayChange).blocks)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
