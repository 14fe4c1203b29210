import { describe, expect, test } from 'vitest';
import { createTestDatabase } from '#support/database.ts';
import { buildBundle } from '#torture/bundle.ts';
import { runRound } from '#torture/run-round.ts';

const CONTACTS = 300;
const KILLS = 20;
const PATIENCE_MS = 600_000;

const script = [await buildBundle('kill-test'), 'serve'];
const database = await createTestDatabase();

/** More of this: `npm run torture -- --rounds 200`. */
test(`${CONTACTS} people get one text each, or a reason, from a bot that is killed ${KILLS} times meanwhile`, {
  timeout: PATIENCE_MS,
}, async () => {
  const report = await runRound({
    databaseUrl: database.url,
    seed: 'every person once',
    contacts: CONTACTS,
    kills: KILLS,
    script,
  });
  expect(report.broken, report.evidence.join('\n')).toEqual([]);
  expect(report.killsWhileRunning).toBe(KILLS);
  expect(report.stopsHeard).toBeGreaterThan(0);
  expect(report.accepted + report.skipped).toBe(CONTACTS);
});

describe('with calls', async () => {
  const CALLED = 60;
  const KILLS_AMID_CALLS = 6;
  const own = await createTestDatabase();

  test(`${CALLED} people are called, or called and texted, from a bot that is killed ${KILLS_AMID_CALLS} times meanwhile`, {
    timeout: PATIENCE_MS,
  }, async () => {
    const report = await runRound({
      databaseUrl: own.url,
      seed: 'nobody twice',
      kind: 'all',
      contacts: CALLED,
      kills: KILLS_AMID_CALLS,
      pace: { speed: 60, haste: 20 },
      script,
    });
    expect(report.broken, report.evidence.join('\n')).toEqual([]);
    expect(report.killsWhileRunning).toBeGreaterThanOrEqual(KILLS_AMID_CALLS - 2);
    expect(report.stopsHeard).toBeGreaterThan(0);
    expect(report.calls).toBeGreaterThan(CALLED / 2);
  });
});
