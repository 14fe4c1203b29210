/** @import { HeatMap } from '../api-types.ts' */
import { h } from './elements.js';
import { count, plural } from './words.js';

const WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const FIRST_HOUR = 8;
const LAST_HOUR = 20;
/** Where a day's hours do not fit beside each other, they stand below each other. */
const NARROW = '(max-width: 720px)';

/** When people pick up: a table of the week whose cells say the share, and are tinted by it as well. */
export function heatMap() {
  const summary = h('p', { class: 'lead' });
  const region = h('div', {
    class: 'scrolls',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Calls answered, by weekday and hour',
  });
  const foot = h('p', { class: 'hint' });
  const screen = matchMedia(NARROW);
  let shown = /** @type {HeatMap | null} */ (null);
  const draw = () => shown && region.replaceChildren(week(shown, screen.matches));
  screen.addEventListener('change', draw);
  return {
    element: h('div', {}, summary, region, foot),
    /** @param {HeatMap} map */
    set(map) {
      shown = map;
      draw();
      summary.textContent = adviceOf(map);
      region.hidden = map.calls === 0;
      foot.hidden = map.calls === 0;
      foot.textContent = `Of a hundred calls begun in an hour, how many a person took, on the clock of whoever was called: ${plural(map.calls, 'call')} of the last ${map.days} days. A dot stands where too few calls began to say so.`;
    },
    close: () => screen.removeEventListener('change', draw),
  };
}

/**
 * @param {HeatMap} map
 * @param {boolean} isNarrow
 */
function week({ hours, best }, isNarrow) {
  const begun = hours.filter(({ calls }) => calls > 0).map(({ hour }) => hour);
  const [first, last] = [Math.min(FIRST_HOUR, ...begun), Math.max(LAST_HOUR, ...begun)];
  const rates = hours.flatMap(({ answer_rate }) => (answer_rate === null ? [] : [answer_rate]));
  const highest = Math.max(1, ...rates);
  const at = new Map(hours.map((one) => [`${one.weekday} ${one.hour}`, one]));
  const isBest = (day, hour) =>
    best.some((slot) => slot.calls > 0 && slot.weekday === day && slot.from <= hour && hour < slot.until);
  const cellAt = (day, hour) => cell(at.get(`${day} ${hour}`), { highest, isBest: isBest(day, hour) });

  const clock = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const days = WEEK.map((day) => h('abbr', { title: nameOf(day) }, nameOf(day).slice(0, 3)));
  return isNarrow
    ? table(days, clock.map(String), (row, column) => cellAt(WEEK[column], clock[row]))
    : table(clock.map(String), days, (row, column) => cellAt(WEEK[row], clock[column]));
}

function table(columns, rows, cellOf) {
  const heads = columns.map((words) => h('th', { scope: 'col' }, words));
  const lines = rows.map((words, row) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, words),
      columns.map((_, column) => cellOf(row, column)),
    ),
  );
  return h(
    'table',
    { class: 'heat' },
    h('thead', {}, h('tr', {}, h('td', {}), heads)),
    h('tbody', {}, lines),
  );
}

/** @param {HeatMap['hours'][number] | undefined} one */
function cell(one, { highest, isBest }) {
  if (!one || one.answer_rate === null)
    return h('td', { class: 'few', title: one && plural(one.calls, 'call') }, '·');
  const share = Math.round(one.answer_rate);
  const made = h(
    'td',
    { class: isBest ? 'best' : null, title: `${count(one.answered)} of ${plural(one.calls, 'call')}` },
    String(share),
  );
  made.style.setProperty('--heat', (one.answer_rate / highest).toFixed(3));
  return made;
}

/** @param {HeatMap} map */
function adviceOf({ basis, calls, best_words, avoid_words }) {
  const times = [
    ['Best', best_words],
    ['Worst', avoid_words],
  ].flatMap(([word, hours]) => (hours ? [`${word}: ${hours}.`] : []));
  if (basis === 'own') return times.join(' ') || 'No hour stands out from the others.';
  const soFar = calls === 0 ? 'No calls yet' : `${plural(calls, 'call')} so far, too few to say`;
  return `${soFar}. This is usual. ${times.join(' ')}`;
}

function nameOf(day) {
  return day.charAt(0).toUpperCase() + day.slice(1);
}
