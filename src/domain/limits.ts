/** What a campaign keeps to beside hours and pace; null means that this limit is not set. */
export type LimitSettings = {
  /** Texts that could not go out so many hours after the start are not sent any more. */
  textExpiryHours: number | null;
  /** Whoever another campaign contacted within so many days is left out. */
  excludeContactedDays: number | null;
  /** In micro-dollars, of one run. */
  budgetLimitMicros: number | null;
  /** The first so many contacts are reached, then it holds and asks. */
  canarySize: number | null;
  /** It pauses by itself when so many percent of so many attempts in a row fail at the provider. */
  breakerAttempts: number;
  breakerPercent: number;
};

/** Limits that nobody has to set, as whole numbers; forms, the API and help read their ranges from here. */
export const OPTIONAL_LIMITS = {
  textExpiryHours: {
    field: 'text_expiry_hours',
    label: 'Texts expire after (hours)',
    min: 1,
    max: 720,
  },
  excludeContactedDays: {
    field: 'exclude_contacted_days',
    label: 'Leave out whom other campaigns contacted (days)',
    min: 1,
    max: 365,
  },
  canarySize: { field: 'canary_size', label: 'Contacts to try it on first', min: 1, max: 10_000 },
} as const;

/** When a campaign pauses by itself, with what is usual (telephony.md §8). */
export const BREAKER_SETTINGS = {
  breakerPercent: {
    field: 'breaker_percent',
    label: 'Pause when so many percent fail at the provider',
    min: 10,
    max: 100,
    standard: 50,
  },
  breakerAttempts: {
    field: 'breaker_attempts',
    label: 'Of the last attempts',
    min: 5,
    max: 200,
    standard: 20,
  },
} as const;

/** Largest budget of one run, so that a slip of the hand is noticed: ten million dollars. */
const MOST_MICROS = 10_000_000_000_000;

/** The limits of a campaign nobody has set up. */
export const NO_LIMITS: LimitSettings = {
  textExpiryHours: null,
  excludeContactedDays: null,
  budgetLimitMicros: null,
  canarySize: null,
  breakerAttempts: BREAKER_SETTINGS.breakerAttempts.standard,
  breakerPercent: BREAKER_SETTINGS.breakerPercent.standard,
};

export type ReadMoney = { ok: true; micros: number | null } | { ok: false; problem: string };

/** An amount of dollars as people type it (`25`, `$1,250.50`) in micro-dollars; empty means none. */
export function readDollars(typed: string): ReadMoney {
  const text = typed.trim().replace(/^\$\s*|\s*(?:usd|\$)$/gi, '');
  if (text === '') return { ok: true, micros: null };
  const plain = /^\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?$/.test(text) ? text.replaceAll(',', '') : text;
  const micros = /^\d{1,9}(?:\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 1_000_000) : 0;
  const problem = budgetProblem(micros);
  if (problem === null) return { ok: true, micros };
  return {
    ok: false,
    problem: `“${typed.trim().slice(0, 40)}” is not an amount in dollars like 25 or 25.50.`,
  };
}

/** The amount as `readDollars` reads it back. */
export function formatDollars(micros: number | null): string {
  if (micros === null) return '';
  const dollars = micros / 1_000_000;
  return Number.isInteger(dollars) ? String(dollars) : dollars.toFixed(2);
}

/** What is wrong with a budget in micro-dollars, or null. */
export function budgetProblem(value: unknown): string | null {
  const isMoney =
    typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value <= MOST_MICROS;
  return isMoney
    ? null
    : 'The budget is an amount of dollars above 0 and at most 10,000,000, or null for none.';
}
