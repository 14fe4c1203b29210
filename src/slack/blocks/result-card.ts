import { formatMetric, METRICS, type MetricKey, measureCampaign } from '#domain/metrics.ts';
import { formatMicroDollars } from '#domain/money.ts';
import { formatCostRange } from '#domain/text-cost.ts';
import type { ResultCard } from '#ports/chat-content.ts';
import { actionId, campaignValue } from '#slack/action-ids.ts';
import { LIMITS } from '#slack/limits.ts';
import { clip, count, counted, localTime, quote } from '#slack/mrkdwn.ts';
import { RESULT_WORDS } from './call-note.ts';
import { STATUS_WORDS } from './campaign-card.ts';
import {
  actions,
  type Block,
  bullets,
  button,
  type ChartBlock,
  context,
  fallback,
  fields,
  header,
  type Message,
  section,
} from './kit.ts';
import { redialElements } from './redial.ts';

const RESULT_METRICS: MetricKey[] = ['total_contacts', 'completed', 'failed', 'skipped', 'success_rate'];
const SHOWN_REASONS = 8;

/** The end of a run. `withChart` false is for workspaces that do not know the chart block yet: the same numbers as text. */
export function drawResultCard(card: ResultCard, withChart: boolean): Message {
  const chart = withChart ? resultChart(card) : null;
  const blocks: Block[] = [
    header(`Result: ${card.name}`),
    section(`*${STATUS_WORDS[card.status]}*${duration(card)}`),
    fields(figures(card)),
    ...(card.calls ? [fields(callFigures(card))] : []),
    ...conversations(card).map((line) => section(line)),
    ...(chart ? [chart] : timelineText(card)),
    ...(card.reasons.length > 0
      ? [section(`*Why contacts were not reached*\n${bullets(reasonLines(card), SHOWN_REASONS)}`)]
      : []),
    actions([
      ...(card.calls ? redialElements(card) : []),
      button({
        label: 'Export',
        actionId: actionId('campaign.export'),
        value: campaignValue({ campaignId: card.campaignId, version: 0 }),
      }),
    ]),
    ...(card.completedAt ? [context(`Ended ${localTime(card.completedAt)}.`)] : []),
  ];
  return { text: resultText(card), blocks };
}

function figures(card: ResultCard): string[] {
  const measured = measureCampaign(card.counts);
  return [
    ...RESULT_METRICS.map((key) => `*${METRICS[key].label}* ${formatMetric(key, measured[key])}`),
    ...(card.campaignType === 'call' ? [] : [`*Replies* ${count(card.replies)}`]),
    `*Opt-outs* ${count(card.optOuts)}`,
    `*Cost* ${costWords(card.costMicros)}${estimateWords(card)}`,
  ];
}

/** What people said, as one line; none where nobody said anything. */
function conversations({ calls, results }: ResultCard): string[] {
  if (!calls || results.length === 0) return [];
  const words = results.map((said) => `${RESULT_WORDS[said.result]}: ${count(said.calls)}`);
  return [`*Conversations* ${words.join(' · ')}`];
}

const CALL_METRICS: MetricKey[] = ['answer_rate', 'average_duration_seconds', 'total_duration_seconds'];

/** What calls came to, beside the contacts: one person may have been called more than once. */
function callFigures({ counts, calls }: ResultCard): string[] {
  if (!calls) return [];
  const measured = measureCampaign(counts, calls);
  return [
    `*Calls placed* ${count(calls.callsPlaced)}`,
    `*Answered* ${count(calls.callsAnswered)}`,
    `*Voicemail* ${count(calls.voicemails)}`,
    ...CALL_METRICS.map((key) => `*${METRICS[key].label}* ${formatMetric(key, measured[key])}`),
  ];
}

/** What the carrier charged; what it has not charged yet is said to be an estimate. */
/** How the whole of it stands against what was expected. */
function estimateWords({ costMicros, estimateMicros }: ResultCard): string {
  if (!estimateMicros || estimateMicros.high === 0) return '';
  const share = (costMicros.actual + costMicros.estimated) / estimateMicros.high - 1;
  const above = share >= 0.01 ? `, and this is ${count(Math.round(share * 100))} % above it` : '';
  const range = formatCostRange({ ...estimateMicros, currency: 'USD', estimate: true });
  return `; the estimate was ${range}${above}`;
}

function costWords({ actual, estimated }: ResultCard['costMicros']): string {
  if (estimated === 0) return formatMicroDollars(actual);
  if (actual === 0) return `about ${formatMicroDollars(estimated)} (estimate)`;
  return `${formatMicroDollars(actual)} charged, about ${formatMicroDollars(estimated)} still to come (estimate)`;
}

function duration({ startedAt, completedAt }: ResultCard): string {
  if (!startedAt || !completedAt) return '';
  const minutes = Math.max(0, Math.round((completedAt.getTime() - startedAt.getTime()) / 60_000));
  if (minutes < 1) return ' in less than a minute';
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? ` in ${counted(minutes, 'minute')}` : ` in ${hours} h ${minutes % 60} min`;
}

function resultChart(card: ResultCard): ChartBlock | null {
  const slices = uniqueSlices(card);
  if (slices.length < 2) return null;
  const done = doneWord(card);
  const series = (name: string, value: (slice: (typeof slices)[number]) => number) => ({
    name,
    data: slices.map((slice) => ({ label: slice.label, value: value(slice) })),
  });
  return {
    type: 'data_visualization',
    title: `${done} and not ${done.toLowerCase()} over time`,
    chart: {
      type: 'bar',
      series: [
        series(done, (slice) => slice.completed),
        series(`Not ${done.toLowerCase()}`, (slice) => slice.failed),
      ],
      axis_config: { categories: slices.map(({ label }) => label), y_label: 'Contacts' },
    },
  };
}

/** A text is delivered, a person is reached. */
function doneWord({ campaignType }: ResultCard): string {
  return campaignType === 'sms' ? 'Delivered' : 'Reached';
}

/** A chart wants every category once, and none without a name. */
function uniqueSlices(card: ResultCard): ResultCard['timeline'] {
  const byLabel = new Map<string, ResultCard['timeline'][number]>();
  for (const slice of card.timeline) {
    const label = clip(slice.label.trim() || '–', LIMITS.chartLabel);
    const known = byLabel.get(label);
    byLabel.set(label, {
      label,
      completed: (known?.completed ?? 0) + slice.completed,
      failed: (known?.failed ?? 0) + slice.failed,
    });
  }
  return [...byLabel.values()].slice(0, LIMITS.chartPoints);
}

function timelineText(card: ResultCard): Block[] {
  const slices = uniqueSlices(card);
  if (slices.length < 2) return [];
  const lines = slices.map(
    ({ label, completed, failed }) =>
      `${quote(label)}: ${count(completed)} ${doneWord(card).toLowerCase()}, ${count(failed)} not`,
  );
  return [section(`*Over time*\n${bullets(lines, LIMITS.chartPoints)}`)];
}

function reasonLines(card: ResultCard): string[] {
  return card.reasons.map(({ reason, contacts }) => `${counted(contacts, 'contact')}: ${quote(reason, 200)}`);
}

function resultText(card: ResultCard): string {
  return fallback(
    `Result of ${quote(card.name, LIMITS.header)}: ${STATUS_WORDS[card.status]}${duration(card)}`,
    [...figures(card), ...callFigures(card)].join(', ').replaceAll('*', ''),
    ...conversations(card).map((line) => line.replaceAll('*', '')),
    ...reasonLines(card).slice(0, SHOWN_REASONS),
  );
}
