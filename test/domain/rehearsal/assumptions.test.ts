import { expect, test } from 'vitest';
import { endsBy, USUAL } from '#domain/rehearsal/assumptions.ts';

const attempts = Array.from({ length: 20_000 }, (_, i) => ({
  phoneNumber: `+1212555${String(i % 10_000).padStart(4, '0')}`,
  channel: 'call' as const,
  n: 1 + Math.floor(i / 10_000),
}));

test('ends come in the shares of the table', () => {
  const endOf = endsBy(USUAL);
  const counts = Map.groupBy(attempts, (attempt) => endOf(attempt).outcome);
  const total = USUAL.call.reduce((sum, { weight }) => sum + weight, 0);
  for (const { outcome, weight } of USUAL.call) {
    const share = (counts.get(outcome)?.length ?? 0) / attempts.length;
    expect(Math.abs(share - weight / total), outcome).toBeLessThan(0.01);
  }
});

test('the same attempt ends the same way each time, another try of the same person its own way', () => {
  const [one, other] = [endsBy(USUAL), endsBy(USUAL)];
  for (const attempt of attempts.slice(0, 200)) expect(one(attempt)).toEqual(other(attempt));
  const changed = attempts
    .slice(0, 2_000)
    .filter((attempt) => one(attempt).outcome !== one({ ...attempt, n: 2 }).outcome);
  expect(changed.length).toBeGreaterThan(1_000);
});

test('a channel about which nothing is assumed is told', () => {
  expect(() => endsBy({ call: [], sms: [] })({ phoneNumber: '+12125550100', channel: 'sms', n: 1 })).toThrow(
    'nothing is assumed',
  );
});
