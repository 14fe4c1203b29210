/** How a webhook is delivered: milliseconds of real time, and after which failures it is tried again. */
export type Delivery = {
  connectMs: number;
  readMs: number;
  totalMs: number;
  retries: number;
  retryOn: ReadonlySet<FailedTry>;
};

export type FailedTry = 'ct' | 'rt' | '4xx' | '5xx';

const ALL_FAILURES: FailedTry[] = ['ct', 'rt', '4xx', '5xx'];

const delivered = new Map<string, Delivery>();

/**
 * Twilio's connection overrides in the fragment of a webhook address (`#rc=5&rp=all`); the defaults try once more and
 * only when no connection came about, so an error 500 loses the event (telephony.md §2).
 */
export function deliveryOf(address: string): Delivery {
  const hash = address.indexOf('#');
  const fragment = hash < 0 ? '' : address.slice(hash + 1);
  const known = delivered.get(fragment);
  if (known) return known;
  const read = readOverrides(fragment);
  if (delivered.size < 100) delivered.set(fragment, read);
  return read;
}

function readOverrides(fragment: string): Delivery {
  const overrides = new URLSearchParams(fragment);
  const within = (name: string, least: number, most: number, usual: number) => {
    const value = Number(overrides.get(name) ?? usual);
    return Number.isInteger(value) ? Math.min(Math.max(value, least), most) : usual;
  };
  return {
    connectMs: within('ct', 100, 10_000, 5_000),
    readMs: within('rt', 100, 15_000, 15_000),
    totalMs: within('tt', 100, 15_000, 15_000),
    retries: within('rc', 0, 5, 1),
    retryOn: retryPolicy(overrides.get('rp') ?? 'ct'),
  };
}

function retryPolicy(value: string): Set<FailedTry> {
  const names = value.split(',');
  if (names.includes('all')) return new Set(ALL_FAILURES);
  return new Set(ALL_FAILURES.filter((failure) => names.includes(failure)));
}
