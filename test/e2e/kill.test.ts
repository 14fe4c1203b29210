import { expect, test } from 'vitest';
import { createTestDatabase } from '#support/database.ts';
import { buildBundle } from '#torture/bundle.ts';
import { runRound } from '#torture/run-round.ts';

const CONTACTS = 300;
const KILLS = 20;
const PATIENCE_MS = 240_000;

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
    script: [await buildBundle('kill-test'), 'serve'],
  });
  expect(report.broken, report.evidence.join('\n')).toEqual([]);
  expect(report.killsWhileRunning).toBe(KILLS);
  expect(report.stopsHeard).toBeGreaterThan(0);
  expect(report.accepted + report.skipped).toBe(CONTACTS);
});
