/** Tables and charts (slack.md §3; the numbers as read in November 2026). */

import type { Json, JsonObject } from '#sandbox/page-protocol.ts';
import { blockId } from './block-objects.ts';
import { richText } from './block-rich-text.ts';
import {
  anything,
  type Check,
  choice,
  type Fields,
  flag,
  inside,
  isObject,
  list,
  number,
  object,
  type Place,
  report,
  string,
  typed,
} from './block-schema.ts';

export const TABLE_TEXT_MAX = 10_000;
export const DATA_TABLE_TEXT_MAX = 20_000;
export const CHARTS_PER_MESSAGE = 2;

const cells: Fields = {
  raw_text: object({ type: anything, text: string(TABLE_TEXT_MAX, 1) }),
  raw_number: object({ type: anything, value: number(), text: string(TABLE_TEXT_MAX, 1) }),
  rich_text: richText,
};
const cell = typed(() => cells, Object.keys(cells));
const headerCell = typed(() => cells, ['raw_text', 'raw_number']);

export const tableRules: Fields = {
  table: object(
    { type: anything, rows: list(list(cell, { min: 1, max: 20 }), { min: 1, max: 100 }) },
    { block_id: blockId, column_settings: list(columnSetting, { max: 20 }) },
    (value, place) => tooMuchText(value, TABLE_TEXT_MAX, place),
  ),
  data_table: object(
    {
      type: anything,
      caption: string(TABLE_TEXT_MAX, 1),
      rows: list(list(cell, { min: 1, max: 20 }), { min: 2, max: 201 }),
    },
    {
      block_id: blockId,
      page_size: number({ min: 1, max: 100, whole: true }),
      row_header_column_index: number({ min: 0, max: 19, whole: true }),
    },
    dataTable,
  ),
  data_visualization: object(
    { type: anything, title: string(50, 1), chart: typed(() => chartRules, ['pie', 'bar', 'line', 'area']) },
    { block_id: blockId },
  ),
};

/** Every letter a reader sees in a table's cells. */
export function cellTextLength(block: JsonObject): number {
  return textLength(block.rows);
}

const axis = object(
  { categories: list(string(20, 1), { min: 1, max: 20 }) },
  { x_label: string(50), y_label: string(50) },
);
const point = object({ label: string(20, 1), value: number() });
const series = object({ name: string(20, 1), data: list(point, { min: 1, max: 20 }) });
const seriesChart = object(
  { type: anything, series: list(series, { min: 1, max: 12 }), axis_config: axis },
  {},
  pointsMatchCategories,
);

const chartRules: Fields = {
  pie: object({
    type: anything,
    segments: list(object({ label: string(20, 1), value: number({ above: 0 }) }), { min: 1, max: 12 }),
  }),
  bar: seriesChart,
  line: seriesChart,
  area: seriesChart,
};

function columnSetting(value: Json | undefined, place: Place): void {
  if (value === null) return;
  const rule: Check = object({}, { align: choice('left', 'center', 'right'), is_wrapped: flag });
  rule(value, place);
}

function dataTable(value: JsonObject, place: Place): void {
  tooMuchText(value, DATA_TABLE_TEXT_MAX, place);
  if (!Array.isArray(value.rows)) return;
  const [header, ...rows] = value.rows;
  list(headerCell)(header, inside(place, 'rows/0'));
  const width = Array.isArray(header) ? header.length : 0;
  rows.forEach((row, index) => {
    if (Array.isArray(row) && row.length !== width)
      report(place, `must have ${width} cells like the header`, `rows/${index + 1}`);
  });
  if (typeof value.row_header_column_index === 'number' && value.row_header_column_index >= width) {
    report(place, 'must be the index of a column', 'row_header_column_index');
  }
}

function tooMuchText(value: JsonObject, max: number, place: Place): void {
  if (cellTextLength(value) > max)
    report(place, `must be less than ${max + 1} characters in all cells`, 'rows');
}

/** Each series has exactly one point per category, and no two series share a name. */
function pointsMatchCategories(value: JsonObject, place: Place): void {
  const all = Array.isArray(value.series) ? value.series.filter(isObject) : [];
  const categories =
    isObject(value.axis_config) && Array.isArray(value.axis_config.categories)
      ? value.axis_config.categories
      : [];
  const names = all.map((one) => one.name);
  if (new Set(names).size !== names.length) report(place, 'series names must be unique', 'series');
  all.forEach((one, index) => {
    const labels = Array.isArray(one.data)
      ? one.data.map((item) => (isObject(item) ? item.label : undefined))
      : [];
    const isComplete =
      labels.length === categories.length && categories.every((category) => labels.includes(category));
    if (!isComplete) report(place, 'must have exactly one data point per category', `series/${index}/data`);
  });
}

function textLength(value: Json | undefined): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, item]) =>
      sum + (name === 'text' && typeof item === 'string' ? item.length : textLength(item)),
    0,
  );
}
