/** Micro-dollars as dollars and cents; above zero never `$0.00`. */
export function formatMicroDollars(amount: number): string {
  if (amount > 0 && amount < 5000) return 'less than $0.01';
  const cents = Math.round(amount / 10_000);
  const dollars = Math.floor(cents / 100).toLocaleString('en-US');
  return `$${dollars}.${String(cents % 100).padStart(2, '0')}`;
}

/** A provider's decimal amount, which counts a charge as negative, in micro-dollars. */
export function microDollarsOf(amount: string): number {
  return Math.round(Math.abs(Number(amount)) * 1_000_000);
}

/** A price of one segment or minute as dollars, to a hundredth of a cent where it has one: `$0.0118`, `$0.07`. */
export function formatRate(micros: number): string {
  const exact = (micros / 1_000_000).toFixed(6).replace(/0+$/, '');
  const [dollars = '0', decimals = ''] = exact.split('.');
  return `$${dollars}.${decimals.padEnd(2, '0')}`;
}
