import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTestDatabase } from '#support/database.ts';
import type { YearOptions } from '#torture/year/run-year.ts';

/**
 * The judge of the year is only worth something when it finds what is wrong: each of these years runs with one fault
 * planted in the product, and the judge must name it. Some run every time, all of them with `FAULTS=all`.
 */
type Fault = {
  name: string;
  /** Runs only with all of them. */
  isExtra?: true;
  /** What the judge must say; the beginning of one of its sentences. */
  verdict: string;
  dates: [string, string];
  plant: () => void;
};

type Module<T> = () => Promise<T>;

const planted: string[] = [];

const HOUR = 3_600_000;
const WINTER = Date.UTC(2027, 0, 15);

/** Puts changed functions in the place of a module's own, for everything that is loaded after. */
function replace<T extends object>(path: string, change: (real: T) => Partial<T>): void {
  planted.push(path);
  vi.doMock(path, async (original) => {
    const real = await (original as Module<T>)();
    return { ...real, ...change(real) };
  });
}

type Windows = typeof import('#domain/calling-window.ts');
type Clocks = typeof import('#domain/window-clock.ts');
type Caps = typeof import('#domain/frequency-caps.ts');
type Obstacles = typeof import('#db/obstacles.ts');
type Listed = typeof import('#db/listed.ts');
type Reserves = typeof import('#domain/reserve.ts');
type Calendar = typeof import('#calendar/holidays.ts');
type Laws = typeof import('#domain/law/legal-rules.ts');
type Recurrences = typeof import('#domain/recurrence.ts');
type Gate = typeof import('#domain/gate.ts');
type Retries = typeof import('#domain/retry.ts');

const FAULTS: Fault[] = [
  {
    name: 'hours shifted by one',
    verdict: 'HOURS',
    dates: ['2027-04-26', '2027-05-10'],
    plant: () =>
      replace<Windows>('#domain/calling-window.ts', (real) => ({
        windowVerdict: (input) => {
          const verdict = real.windowVerdict({ ...input, at: new Date(input.at.getTime() - HOUR) });
          const later = (at: Date) => new Date(at.getTime() + HOUR);
          if (verdict.open) return { open: true, closesAt: later(verdict.closesAt) };
          return { ...verdict, opensAt: verdict.opensAt && later(verdict.opensAt) };
        },
      })),
  },
  {
    name: 'daylight saving time that is never kept',
    isExtra: true,
    verdict: 'HOURS',
    dates: ['2027-04-26', '2027-05-10'],
    plant: () =>
      replace<Clocks>('#domain/window-clock.ts', (real) => ({
        spanAt: (zone) => {
          const winter = real.spanAt(zone, WINTER);
          return winter && { ...winter, from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
        },
      })),
  },
  {
    name: 'one attempt more than the caps allow',
    isExtra: true,
    verdict: 'CAP',
    dates: ['2027-08-24', '2027-09-10'],
    plant: () => {
      const looser = (real: Caps): Partial<Caps> => ({
        cappedUntil: (caps, attempts, at) =>
          real.cappedUntil(
            caps.map((cap) => ({ ...cap, limit: cap.limit + 1 })),
            attempts,
            at,
          ),
      });
      replace<Caps>('#domain/frequency-caps.ts', looser);
      confirmEverybody();
    },
  },
  {
    name: 'a do-not-call list that is read before the opt-out',
    verdict: 'OPT-OUT',
    dates: ['2027-04-26', '2027-05-24'],
    plant: () => {
      replace<Obstacles>('#db/obstacles.ts', (real) => ({
        readObstacles: async (executor, asked) => ({
          ...(await real.readObstacles(executor, asked)),
          suppressed: new Map(),
        }),
      }));
      replace<Listed>('#db/listed.ts', () => ({ isListed: () => FALSE }));
    },
  },
  {
    name: 'a budget from which nothing is reserved',
    isExtra: true,
    verdict: 'BUDGET',
    dates: ['2027-06-01', '2027-07-20'],
    plant: () =>
      replace<Reserves>('#domain/reserve.ts', () => ({ reserveFor: () => 0, reserveLeft: () => 0 })),
  },
  {
    name: 'public holidays that nobody keeps',
    isExtra: true,
    verdict: 'HOURS',
    dates: ['2027-11-10', '2027-11-26'],
    plant: () =>
      replace<Calendar>('#calendar/holidays.ts', (real) => ({
        createHolidays: () => ({ ...real.createHolidays(), datesOf: async () => [] }),
      })),
  },
  {
    name: 'a strict preset that is not kept to',
    isExtra: true,
    verdict: 'HOURS',
    dates: ['2027-02-22', '2027-03-08'],
    plant: () =>
      replace<Laws>('#domain/law/legal-rules.ts', (real) => ({
        legalRules: (place) => real.legalRules({ ...place, preset: 'by_state' }),
      })),
  },
  {
    name: 'a recurring campaign that fires twice',
    verdict: 'UNSTEADY',
    dates: ['2027-04-26', '2027-05-15'],
    plant: () =>
      replace<Recurrences>('#domain/recurrence.ts', (real) => ({
        nextRunAt: (recurrence, after) => {
          const next = real.nextRunAt(recurrence, after);
          const before = real.nextRunAt(recurrence, new Date(after.getTime() - 6 * HOUR));
          const again = before && new Date(before.getTime() + 6 * HOUR);
          return again && again > after && (!next || again < next) ? again : next;
        },
      })),
  },
  {
    name: 'consent that nobody asks for',
    isExtra: true,
    verdict: 'CONSENT',
    dates: ['2027-04-12', '2027-04-26'],
    plant: () => {
      replace<Gate>('#domain/gate.ts', (real) => ({
        judgeContact: (facts) => real.judgeContact({ ...facts, consent: { isRequired: false, id: null } }),
      }));
      confirmEverybody();
    },
  },
  {
    name: 'people who are left out for a reason that is not theirs',
    verdict: 'FORGOTTEN',
    dates: ['2027-04-26', '2027-05-05'],
    plant: () =>
      replace<Gate>('#domain/gate.ts', (real) => ({
        judgeContact: (facts) =>
          facts.reach.rules.includes('US-FL')
            ? { kind: 'skip', reason: 'opted_out' }
            : real.judgeContact(facts),
      })),
  },
  {
    name: 'a retry that never comes',
    isExtra: true,
    verdict: 'FORGOTTEN',
    dates: ['2027-04-26', '2027-05-10'],
    plant: () =>
      replace<Retries>('#domain/retry.ts', (real) => ({
        stepContact: (attempt) => real.stepContact({ ...attempt, retryDelayMinutes: 10_000_000 }),
      })),
  },
];

/** Without its second check the product would take back what the first one let through. */
function confirmEverybody(): void {
  planted.push('#db/confirm-attempts.ts');
  vi.doMock('#db/confirm-attempts.ts', () => ({
    confirmAttempts: async (executor: Executor, ids: number[], now: Date, leaseUntil: Date) => {
      const { sql } = await import('drizzle-orm/sql');
      await executor.execute(sql`
        update attempts set asked_at = ${now.toISOString()}::timestamptz,
          lease_until = ${leaseUntil.toISOString()}::timestamptz
        where id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb)::bigint)`);
      return new Set(ids);
    },
  }));
}

type Executor = { execute(query: unknown): Promise<unknown> };

const { sql } = await import('drizzle-orm/sql');
const FALSE = sql<boolean>`false`;

afterEach(() => {
  for (const path of planted.splice(0)) vi.doUnmock(path);
  vi.resetModules();
});

async function yearWith(fault: Omit<Fault, 'name' | 'verdict'>): Promise<string[]> {
  const database = await createTestDatabase();
  vi.resetModules();
  fault.plant();
  const { runYear } = await import('#torture/year/run-year.ts');
  const [firstDate, lastDate] = fault.dates;
  const options: YearOptions = {
    databaseUrl: database.url,
    seed: 'planted',
    people: 60,
    campaigns: 6,
    each: 25,
    firstDate,
    lastDate,
    settleDays: 8,
  };
  const { broken } = await runYear(options);
  return broken;
}

const CHOSEN = process.env.FAULTS === 'all' ? FAULTS : FAULTS.filter(({ isExtra }) => !isExtra);

describe('the judge of the year finds', () => {
  it.each(CHOSEN)('$name', { timeout: 1_200_000 }, async ({ verdict, ...fault }) => {
    const broken = await yearWith(fault);
    expect(broken.map((sentence) => sentence.split(':')[0])).toContain(verdict);
  });

  it('nothing where nothing is planted', { timeout: 1_200_000 }, async () => {
    expect(await yearWith({ dates: ['2027-04-26', '2027-05-10'], plant: () => undefined })).toEqual([]);
  });
});
