/** A value as it may stand in a sentence about what is wrong with it. */
export function shown(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')).slice(0, 40);
}

/** A whole number within a range, which may come as text, as forms send it; undefined for anything else. */
export function wholeNumber(value: unknown, { min, max }: { min: number; max: number }): number | undefined {
  const number = typeof value === 'string' && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : value;
  const isInRange = typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max;
  return isInRange ? number : undefined;
}

/** What is wrong with a number that `wholeNumber` does not take. */
export function numberProblem(
  label: string,
  { min, max }: { min: number; max: number },
  value: unknown,
): string {
  return `${label}: “${shown(value)}” is not a whole number from ${min} to ${max}.`;
}

/** What is wrong with a time zone that there is not. */
export function zoneProblem(zone: unknown): string {
  return `“${shown(zone)}” is not a time zone; write it like America/New_York or Europe/London.`;
}
