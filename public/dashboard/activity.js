/** @import { Activity } from '../api-types.ts' */
import { h } from './elements.js';
import { statusMark } from './status.js';
import { dayOf, masked, timeOf } from './words.js';

/** The newest attempts. Numbers are masked: a dashboard hangs where everybody walks by. */
export function activityList() {
  const body = h('tbody', {});
  const empty = h('p', { class: 'empty' }, 'Nobody has been contacted yet.');
  const columns = ['When', 'Contact', 'What came of it'];
  const table = h(
    'table',
    { class: 'plain activity' },
    h(
      'thead',
      { class: 'unseen' },
      h(
        'tr',
        {},
        columns.map((text) => h('th', { scope: 'col' }, text)),
      ),
    ),
    body,
  );
  let shown = '';
  return {
    element: h(
      'div',
      { class: 'activity-list', tabindex: '0', role: 'region', 'aria-label': 'The latest attempts' },
      table,
      empty,
    ),
    /** @param {Activity[]} activity */
    set(activity) {
      const now = JSON.stringify(activity);
      if (now === shown) return;
      shown = now;
      empty.hidden = activity.length > 0;
      table.hidden = activity.length === 0;
      body.replaceChildren(...activity.map((attempt, i) => row(attempt, activity[i - 1])));
    },
  };
}

/**
 * @param {Activity} attempt
 * @param {Activity | undefined} above
 */
function row({ executed_at, contact_phone, execution_status }, above) {
  const at = new Date(executed_at);
  const isAsAbove = above !== undefined && dayOf(new Date(above.executed_at)) === dayOf(at);
  const mark = statusMark();
  mark.set(execution_status);
  return h(
    'tr',
    {},
    h(
      'td',
      { class: 'when' },
      h('span', { class: isAsAbove ? 'day is-as-above' : 'day' }, `${dayOf(at)}, `),
      timeOf(at),
    ),
    h('td', { class: 'phone' }, masked(contact_phone)),
    h('td', {}, mark.element),
  );
}
