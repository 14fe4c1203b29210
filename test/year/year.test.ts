import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '#support/database.ts';
import { runYear } from '#torture/year/run-year.ts';

const database = await createTestDatabase();

describe('a simulated year', () => {
  it('keeps every promise: hours, opt-outs, consent, caps, budgets, approvals, and nobody is forgotten', {
    timeout: 1_200_000,
  }, async () => {
    const report = await runYear({
      databaseUrl: database.url,
      seed: 'ci',
      people: 90,
      campaigns: 16,
      each: 20,
      firstDate: '2027-01-01',
      lastDate: '2028-01-01',
    });
    expect(report.troubles).toEqual([]);
    expect(report.broken).toEqual([]);
    expect(report.contacted).toBeGreaterThan(700);
  });
});
