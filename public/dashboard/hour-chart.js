/** @import { History } from '../api-types.ts' */
import { h, svg } from './elements.js';
import { perHour, scale } from './history.js';
import { count, dayOf, moment, plural, timeOf } from './words.js';

const HEIGHT = 220;
const MARGIN = { top: 12, right: 4, bottom: 38, left: 44 };
const ROOM_FOR_LABEL = 52;
/** Hours between two labels of the axis, the finest that fits. */
const LABEL_EVERY = [1, 2, 3, 4, 6, 12, 24];

/** Completed and failed contacts by the hour: a drawing for those who see it, a table with every number for everybody. */
export function hourChart() {
  const key = legend();
  const drawing = h('div', { class: 'plot' });
  const body = h('tbody', {});
  const table = h(
    'details',
    { class: 'as-table' },
    h('summary', {}, 'The same as a table'),
    h(
      'div',
      { class: 'scrolls', tabindex: '0', role: 'region', 'aria-label': 'Contacts by the hour, as a table' },
      h(
        'table',
        { class: 'plain' },
        h('thead', {}, h('tr', {}, ...['Hour', 'Completed', 'Failed'].map(heading))),
        body,
      ),
    ),
  );
  let columns = /** @type {ReturnType<typeof perHour> | null} */ (null);
  let isBegun = false;
  let width = 0;
  for (const part of [key, table]) part.hidden = true;
  const draw = () => {
    if (width > 0 && columns)
      drawing.replaceChildren(columns.length === 0 ? empty(isBegun) : plot(columns, width));
  };
  const observer = new ResizeObserver(([entry]) => {
    width = Math.floor(entry?.contentRect.width ?? 0);
    draw();
  });
  observer.observe(drawing);
  return {
    element: h('div', {}, key, drawing, table),
    /** @param {History} history */
    set(history) {
      const hours = perHour(history);
      columns = hours;
      isBegun = history.before.completed + history.before.failed > 0;
      for (const part of [key, table]) part.hidden = hours.length === 0;
      body.replaceChildren(...hours.filter(totalOf).toReversed().map(tableRow));
      draw();
    },
    close: () => observer.disconnect(),
  };
}

function plot(columns, width) {
  const ticks = scale(Math.max(...columns.map(totalOf)));
  const top = ticks.at(-1);
  const inner = { width: width - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const step = inner.width / columns.length;
  const x = (i) => MARGIN.left + i * step;
  const y = (value) => MARGIN.top + inner.height * (1 - value / top);
  return svg(
    'svg',
    {
      width,
      height: HEIGHT,
      viewBox: `0 0 ${width} ${HEIGHT}`,
      role: 'img',
      'aria-label': describe(columns),
    },
    hatching(),
    ticks.map((value) => gridLine(value, y(value), width)),
    columns.map((column, i) => bar(column, { x: x(i), step, y })),
    labels(columns, step).map((text) =>
      svg('g', { transform: `translate(${x(text.i) + step / 2} 0)` }, text.mark),
    ),
  );
}

function bar(column, { x, step, y }) {
  const gap = Math.min(6, step * 0.18);
  const [left, wide] = [x + gap / 2, Math.max(1, step - gap)];
  const between = (from, to) => ({ x: left, width: wide, y: y(to), height: Math.max(0, y(from) - y(to)) });
  return svg(
    'g',
    { class: 'column' },
    svg('title', {}, wordsOf(column)),
    svg('rect', {
      class: 'target',
      x,
      width: step,
      y: MARGIN.top,
      height: HEIGHT - MARGIN.top - MARGIN.bottom,
    }),
    svg('rect', { class: 'done', ...between(0, column.completed) }),
    svg('rect', { class: 'undone', ...between(column.completed, totalOf(column)) }),
  );
}

function gridLine(value, at, width) {
  return svg(
    'g',
    { class: 'grid' },
    svg('line', {
      x1: MARGIN.left,
      x2: width - MARGIN.right,
      y1: Math.round(at) + 0.5,
      y2: Math.round(at) + 0.5,
    }),
    svg('text', { x: MARGIN.left - 10, y: at + 4, 'text-anchor': 'end' }, count(value)),
  );
}

/** Hours of the viewer's clock below the columns; the date where a day begins, and at the first. */
function labels(columns, step) {
  const every = LABEL_EVERY.find((hours) => hours * step >= ROOM_FOR_LABEL) ?? 24;
  const shown = columns.flatMap(({ at }, i) => (new Date(at).getHours() % every === 0 ? [{ at, i }] : []));
  const from = HEIGHT - MARGIN.bottom;
  return shown.map(({ at, i }, place) => {
    const isNewDay = place === 0 || dayOf(at) !== dayOf(shown[place - 1].at);
    const mark = svg(
      'g',
      { class: 'hour' },
      svg('text', { y: from + 17, 'text-anchor': 'middle' }, timeOf(at)),
      isNewDay ? svg('text', { class: 'day', y: from + 33, 'text-anchor': 'middle' }, dayOf(at)) : null,
    );
    return { i, mark };
  });
}

/** Their words are in the description of the drawing, and in the table. */
function legend() {
  const of = (key, word) => h('span', {}, h('i', { class: `swatch part-${key}` }), word);
  return h(
    'p',
    { class: 'legend hint', 'aria-hidden': 'true' },
    of('completed', 'Completed'),
    of('failed', 'Failed'),
  );
}

function hatching() {
  return svg(
    'defs',
    {},
    svg(
      'pattern',
      { id: 'hatch', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
      svg('rect', { class: 'hatch-ground', width: 6, height: 6 }),
      svg('rect', { class: 'hatch-line', width: 2.5, height: 6 }),
    ),
  );
}

function empty(isBegun) {
  const words = isBegun
    ? 'Nobody was reached or missed in these hours; everybody so far was before them.'
    : 'Nobody has been reached or missed yet. Each hour gets a column as soon as somebody is.';
  return h('p', { class: 'empty' }, words);
}

function describe(columns) {
  const last = columns.findLast(totalOf) ?? columns[0];
  const busiest = columns.reduce((most, column) => (totalOf(column) > totalOf(most) ? column : most));
  const sum = (key) => count(columns.reduce((total, column) => total + column[key], 0));
  return `Contacts by the hour from ${moment(columns[0].at)} to ${moment(last.at)}: ${sum('completed')} completed, ${sum('failed')} failed. Most in the hour from ${moment(busiest.at)}: ${count(totalOf(busiest))}. The table below has every hour.`;
}

function tableRow(column) {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, moment(column.at)),
    [column.completed, column.failed].map((value) => h('td', {}, count(value))),
  );
}

function heading(text) {
  return h('th', { scope: 'col' }, text);
}

function wordsOf(column) {
  return `${moment(column.at)}: ${plural(column.completed, 'contact')} completed, ${count(column.failed)} failed`;
}

function totalOf({ completed, failed }) {
  return completed + failed;
}
