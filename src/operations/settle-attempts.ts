import type { Transaction } from '#db/client.ts';
import { readOwnRates } from '#db/rates.ts';
import {
  changeSpend,
  keepSettlements,
  lockForSettling,
  type Settlement,
  type SettlingRow,
  type SpendChange,
} from '#db/spend.ts';
import { type RateTable, ratesWith } from '#domain/rates.ts';
import { reserveLeft } from '#domain/reserve.ts';

/** What the provider says an attempt cost, and how many segments of a text it billed; null for what it did not say. */
export type ReportedPrice = {
  id: number;
  priceMicros: number | null;
  priceCurrency: string | null;
  segments: number | null;
};

/**
 * Keeps reported prices and reckons anew what stays reserved for these attempts as their rows now are, and changes what
 * their runs have reserved and spent by exactly the difference. A price in another currency than dollars settles nothing:
 * its reservation stands. The last thing a transaction does before its tasks, because it locks what runs have spent.
 */
export async function settleAttempts(
  tx: Transaction,
  attemptIds: readonly number[],
  prices: readonly ReportedPrice[] = [],
): Promise<void> {
  const rows = await lockForSettling(tx, [...new Set([...attemptIds, ...prices.map(({ id }) => id)])]);
  const ratesOf = await readRatesOf(tx, rows);
  const settled = rows.map((row) => settle(row, pricesOf(prices, row), ratesOf(row)));
  await keepSettlements(
    tx,
    settled.flatMap(({ settlement, isChanged }) => (isChanged ? [settlement] : [])),
  );
  await changeSpend(tx, sumByRun(settled.map(({ change }) => change)));
}

async function readRatesOf(tx: Transaction, rows: SettlingRow[]): Promise<(row: SettlingRow) => RateTable> {
  const tables = new Map<number, RateTable>();
  for (const workspaceId of new Set(rows.map((row) => row.workspaceId)))
    tables.set(workspaceId, ratesWith(await readOwnRates(tx, workspaceId)));
  return ({ workspaceId }) => tables.get(workspaceId) ?? ratesWith([]);
}

type Known = Pick<SettlingRow, 'priceMicros' | 'priceCurrency' | 'segments'>;

/** What is known of an attempt's price after these reports; the last one that says something counts. */
function pricesOf(prices: readonly ReportedPrice[], row: SettlingRow): Known {
  const known: Known = {
    priceMicros: row.priceMicros,
    priceCurrency: row.priceCurrency,
    segments: row.segments,
  };
  for (const { id, priceMicros, priceCurrency, segments } of prices) {
    if (id !== row.id) continue;
    if (priceMicros !== null) Object.assign(known, { priceMicros, priceCurrency });
    known.segments = segments ?? known.segments;
  }
  return known;
}

function settle(row: SettlingRow, known: Known, rates: RateTable) {
  const before = dollarsOf(row);
  const after = dollarsOf(known);
  const reservedMicros = reserveLeft(rates, { ...row, ...known, priceMicros: after });
  const settlement: Settlement = { id: row.id, reservedMicros, ...known };
  const freed = row.reservedMicros - reservedMicros;
  // 1 when its price has become known, −1 when it turned out to be in another currency.
  const settledAttempts = Number(after !== null) - Number(before !== null);
  const change: SpendChange = {
    campaignId: row.campaignId,
    runNumber: row.runNumber,
    reservedMicros: -freed,
    settledMicros: (after ?? 0) - (before ?? 0),
    settledAttempts,
    settledReserveMicros: settledAttempts === 0 ? 0 : freed,
  };
  const isChanged = freed !== 0 || KNOWN.some((key) => known[key] !== row[key]);
  return { settlement, change, isChanged };
}

const KNOWN = ['priceMicros', 'priceCurrency', 'segments'] as const;

/** A price counts in dollars only: nobody tells the exchange rate that the account is billed at. */
function dollarsOf({ priceMicros, priceCurrency }: Pick<Known, 'priceMicros' | 'priceCurrency'>) {
  return priceCurrency?.toUpperCase() === 'USD' ? priceMicros : null;
}

function sumByRun(changes: SpendChange[]): SpendChange[] {
  const sums = new Map<string, SpendChange>();
  for (const change of changes) {
    const key = `${change.campaignId}:${change.runNumber}`;
    const sum = sums.get(key);
    if (!sum) {
      sums.set(key, { ...change });
      continue;
    }
    sum.reservedMicros += change.reservedMicros;
    sum.settledMicros += change.settledMicros;
    sum.settledAttempts += change.settledAttempts;
    sum.settledReserveMicros += change.settledReserveMicros;
  }
  return [...sums.values()];
}
