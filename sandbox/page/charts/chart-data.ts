import { asNumber, asObject, asObjects, asText, asTexts } from '#sandbox/page/json.ts';
import type { JsonObject } from '#sandbox/page-protocol.ts';

export type Series = { name: string; values: number[] };
export type ChartData = {
  type: string;
  title: string;
  /** The slices of a pie, else the places along the x axis. */
  categories: string[];
  series: Series[];
  xLabel: string;
  yLabel: string;
};

/** Null when it is no chart we can draw. */
export function readChart(block: JsonObject): ChartData | null {
  const chart = asObject(block.chart);
  const type = asText(chart?.type);
  const title = asText(block.title);
  if (chart && type === 'pie') {
    const segments = asObjects(chart.segments);
    return {
      type,
      title,
      categories: segments.map((segment) => asText(segment.label)),
      series: [{ name: title, values: segments.map((segment) => asNumber(segment.value) ?? 0) }],
      xLabel: '',
      yLabel: '',
    };
  }
  return chart && ['bar', 'line', 'area'].includes(type) ? readAxes(chart, type, title) : null;
}

/** In words, for those who cannot see the drawing. */
export function describeChart(chart: ChartData): string {
  const lines = chart.series.map((series) => {
    const points = chart.categories.map(
      (category, index) => `${category} ${formatNumber(series.values[index] ?? 0)}`,
    );
    return `${chart.series.length > 1 ? `${series.name}: ` : ''}${points.join(', ')}`;
  });
  return `${chart.title}, a ${chart.type} chart. ${lines.join('. ')}.`;
}

/** About `count` round numbers that cover the values, zero always among them. */
export function niceTicks(values: number[], count: number): number[] {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  if (low === high) return [0, 1];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

export function formatNumber(value: number): string {
  return numbers.format(value);
}

export function formatTick(value: number): string {
  return shortNumbers.format(value);
}

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const shortNumbers = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

function readAxes(chart: JsonObject, type: string, title: string): ChartData {
  const axes = asObject(chart.axis_config);
  const series = asObjects(chart.series);
  const named = asTexts(axes?.categories);
  const categories =
    named.length > 0 ? named : asObjects(series[0]?.data).map((point) => asText(point.label));
  return {
    type,
    title,
    categories,
    series: series.map((one) => {
      const points = new Map(
        asObjects(one.data).map((point) => [asText(point.label), asNumber(point.value) ?? 0]),
      );
      return { name: asText(one.name), values: categories.map((category) => points.get(category) ?? 0) };
    }),
    xLabel: asText(axes?.x_label),
    yLabel: asText(axes?.y_label),
  };
}
