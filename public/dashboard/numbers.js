/** @import { Campaign, Progress, ProgressFigures } from '../api-types.ts' */
import { h, label } from './elements.js';
import { PARTS, progressBar } from './progress-bar.js';
import { count, dollars, duration, NOTHING, percent } from './words.js';

const SUCCESS = 'success_rate';

/** @type {{ key: keyof Progress['metrics'], word: string, write: (value: any) => string, hint?: string, calls?: true }[]} */
const METRICS = [
  { key: SUCCESS, word: 'Success rate', write: percent, hint: 'of those done' },
  { key: 'answer_rate', word: 'Answer rate', write: percent, calls: true, hint: 'calls that a person took' },
  { key: 'average_duration_seconds', word: 'Average call', write: duration, calls: true },
  { key: 'total_duration_seconds', word: 'Time on calls', write: duration, calls: true },
  { key: 'cost_estimate', word: 'Estimated cost', write: dollars },
  { key: 'actual_cost', word: 'Charged so far', write: dollars, hint: 'by the provider' },
];

/** The numbers of one campaign: how far it is, what became of its contacts, and what follows from that. */
export function numbers() {
  const share = label('strong', { class: 'share' });
  const done = label('span', { class: 'lead' });
  const bar = progressBar();
  const skipped = /** @type {const} */ ({ key: 'skipped', word: 'Skipped' });
  const legend = [...PARTS, skipped].map(({ key, word }) => {
    const value = label('dd', {});
    const element = h(
      'div',
      { class: 'count' },
      h('dt', {}, h('i', { class: `swatch part-${key}` }), word),
      value.element,
    );
    return { key, value, element };
  });
  const metrics = METRICS.map((metric) => {
    const value = label('dd', {});
    const hint = metric.hint ? h('dd', { class: 'hint' }, metric.hint) : null;
    return {
      ...metric,
      value,
      element: h('div', { class: 'metric' }, h('dt', {}, metric.word), value.element, hint),
    };
  });
  return {
    element: h(
      'section',
      { class: 'panel numbers', 'aria-label': 'Numbers' },
      h('div', { class: 'share-line' }, share.element, done.element),
      bar.element,
      h(
        'dl',
        { class: 'counts' },
        legend.map(({ element }) => element),
      ),
      h(
        'dl',
        { class: 'metrics' },
        metrics.map(({ element }) => element),
      ),
    ),
    /** @param {ProgressFigures} progress */
    setProgress(progress) {
      share.set(percent(progress.progress_percentage));
      done.set(
        `${count(progress.completed + progress.failed)} of ${count(progress.total_contacts)} contacts done`,
      );
      bar.set(progress);
      const success = hasBegun(progress) ? percent(progress.success_rate) : NOTHING;
      for (const { key, value } of metrics) if (key === SUCCESS) value.set(success);
      for (const { key, value, element } of legend) {
        if (key === 'skipped') element.hidden = !progress.skipped;
        value.set(count(progress[key]));
      }
    },
    /**
     * @param {Campaign} campaign
     * @param {Progress} read
     */
    setMetrics({ campaign_type }, { progress, metrics: values }) {
      for (const { key, write, calls, value, element } of metrics) {
        element.hidden = Boolean(calls) && campaign_type === 'sms';
        // The feed is ahead of REST.
        if (key !== SUCCESS) value.set(write(hasBegun(progress) || write === dollars ? values[key] : null));
      }
    },
  };
}

/** Where there is nothing to divide by yet, the API has 0. */
/** @param {ProgressFigures} progress */
function hasBegun({ completed, failed }) {
  return completed + failed > 0;
}
