import { formatMicroDollars } from './money.ts';

/** How many contacts of a campaign stand in each of the eight statuses (campaign-api §2.3). */
export type Counts = Record<
  'pending' | 'in_progress' | 'completed' | 'failed' | 'no_answer' | 'busy' | 'voicemail' | 'skipped',
  number
>;

/** The counts of a campaign without contacts, from which others are made. */
export const NOBODY: Counts = {
  pending: 0,
  in_progress: 0,
  completed: 0,
  failed: 0,
  no_answer: 0,
  busy: 0,
  voicemail: 0,
  skipped: 0,
};

/** What happened on the line, beside the counts: calls placed, calls answered by a person, seconds of those calls. */
export type CallActivity = { callsPlaced: number; callsAnswered: number; answeredSeconds: number };

/**
 * What a run has cost, in micro-dollars: `settledMicros` is what the provider charged, `reservedMicros` what the rate table
 * says of attempts whose price is not known, and of what no provider sends a price for.
 */
export type RunCost = { settledMicros: number; reservedMicros: number };

/** How a figure is written for people: a whole number, a percentage, a duration given in seconds, or dollars. */
export type MetricFormat = 'count' | 'percentage' | 'seconds' | 'dollars';

type Figures = Counts & CallActivity & RunCost;
type MetricEntry = { label: string; format: MetricFormat; formula: (figures: Figures) => number | null };

/**
 * Every figure of a campaign, once: card, report and API iterate over it (campaign-api §4.1, §7.11, §7.20). A formula
 * gives null where there is nothing to divide by. `skipped` stands beside the total, so percentages leave it out.
 * `cost_estimate` is the provider's price where it is known and the rate table for the rest; `actual_cost` the former alone.
 */
export const METRICS = {
  total_contacts: { label: 'Contacts', format: 'count', formula: totalOf },
  completed: { label: 'Completed', format: 'count', formula: (figures) => figures.completed },
  failed: { label: 'Failed', format: 'count', formula: failedOf },
  processing: { label: 'In progress', format: 'count', formula: (figures) => figures.in_progress },
  pending: { label: 'Waiting', format: 'count', formula: (figures) => figures.pending },
  processed: { label: 'Done', format: 'count', formula: doneOf },
  skipped: { label: 'Skipped', format: 'count', formula: (figures) => figures.skipped },
  progress_percentage: { label: 'Progress', format: 'percentage', formula: doneShare },
  completion_rate: { label: 'Completion rate', format: 'percentage', formula: doneShare },
  success_rate: {
    label: 'Success rate',
    format: 'percentage',
    formula: (figures) => percentage(figures.completed, doneOf(figures)),
  },
  answer_rate: {
    label: 'Answer rate',
    format: 'percentage',
    formula: (figures) => percentage(figures.callsAnswered, figures.callsPlaced),
  },
  total_duration_seconds: {
    label: 'Time on calls',
    format: 'seconds',
    formula: (figures) => figures.answeredSeconds,
  },
  average_duration_seconds: {
    label: 'Average call',
    format: 'seconds',
    formula: (figures) =>
      figures.completed === 0 ? null : Math.round(figures.answeredSeconds / figures.completed),
  },
  cost_estimate: {
    label: 'Cost, estimated',
    format: 'dollars',
    formula: (figures) => dollars(figures.settledMicros + figures.reservedMicros),
  },
  actual_cost: {
    label: 'Cost, charged',
    format: 'dollars',
    formula: (figures) => dollars(figures.settledMicros),
  },
} as const satisfies Record<string, MetricEntry>;

export type MetricKey = keyof typeof METRICS;

/** Every metric of a campaign by key; null where there is nothing to divide by yet (the REST API sends 0 for it). */
export function measureCampaign(
  counts: Counts,
  activity: CallActivity = NO_CALLS,
  cost: RunCost = NO_COST,
): Record<MetricKey, number | null> {
  const figures = { ...counts, ...activity, ...cost };
  const keys = Object.keys(METRICS) as MetricKey[];
  const measured = keys.map((key) => [key, METRICS[key].formula(figures)]);
  return Object.fromEntries(measured) as Record<MetricKey, number | null>;
}

/** A figure in words for people: `1,204`, `92.86 %`, `4 h 03 min`, `45 s`; a dash where there is nothing yet. */
export function formatMetric(key: MetricKey, value: number | null): string {
  return value === null ? '–' : WRITERS[METRICS[key].format](value);
}

/** Whether a part of what a run has cost is reckoned by the rate table and not charged yet. */
export function isCostEstimated({ reservedMicros }: RunCost): boolean {
  return reservedMicros > 0;
}

const NO_CALLS: CallActivity = { callsPlaced: 0, callsAnswered: 0, answeredSeconds: 0 };
const NO_COST: RunCost = { settledMicros: 0, reservedMicros: 0 };

const WRITERS: Record<MetricFormat, (value: number) => string> = {
  count: (value) => value.toLocaleString('en-US'),
  percentage: (value) => `${value} %`,
  seconds: writeDuration,
  dollars: (value) => formatMicroDollars(Math.round(value * MICROS)),
};

const MICROS = 1_000_000;

function dollars(micros: number): number {
  return micros / MICROS;
}

function failedOf(figures: Counts): number {
  return figures.failed + figures.no_answer + figures.busy + figures.voicemail;
}

function doneOf(figures: Counts): number {
  return figures.completed + failedOf(figures);
}

function totalOf(figures: Counts): number {
  return doneOf(figures) + figures.in_progress + figures.pending;
}

function doneShare(figures: Counts): number | null {
  return percentage(doneOf(figures), totalOf(figures));
}

/** Two decimals, as the reference rounds. Multiplied first: 57 of 800 are 7.125 %, and a quotient would be a little less. */
function percentage(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part * 10_000) / whole) / 100;
}

function writeDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  if (minutes === 0) return `${seconds} s`;
  if (minutes < 60) return `${minutes} min ${twoDigits(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}
