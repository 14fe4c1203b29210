import { type ChartData, describeChart, formatNumber } from './chart-data.ts';

const size = 160;
const outer = 76;
const inner = 46;

export function PieChart({ chart }: { chart: ChartData }) {
  const values = chart.series[0]?.values ?? [];
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  let start = 0;
  return (
    <div class="pie">
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={describeChart(chart)}>
        {values.map((value, index) => {
          const share = total > 0 ? Math.max(0, value) / total : 0;
          const path = slicePath(start, start + share);
          start += share;
          return (
            <path key={chart.categories[index]} class={`chart-fill color-${(index % 12) + 1}`} d={path}>
              <title>{`${chart.categories[index]}: ${formatNumber(value)} (${percent(share)})`}</title>
            </path>
          );
        })}
        <text class="pie-total" x={size / 2} y={size / 2}>
          {formatNumber(total)}
        </text>
      </svg>
      <ul class="legend">
        {chart.categories.map((category, index) => (
          <li key={category}>
            <span class={`swatch color-${(index % 12) + 1}`} />
            <span class="legend-name">{category}</span>
            <span class="legend-value">
              {formatNumber(values[index] ?? 0)} · {percent(total > 0 ? (values[index] ?? 0) / total : 0)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A ring's part between two shares of the turn, from twelve o'clock on; a whole ring needs two arcs. */
function slicePath(from: number, to: number): string {
  if (to - from <= 0) return '';
  if (to - from > 0.9999) return `${slicePath(from, from + 0.5)} ${slicePath(from + 0.5, from + 0.9999)}`;
  const isLarge = to - from > 0.5 ? 1 : 0;
  const [ax, ay] = pointAt(from, outer);
  const [bx, by] = pointAt(to, outer);
  const [cx, cy] = pointAt(to, inner);
  const [dx, dy] = pointAt(from, inner);
  return `M${ax} ${ay}A${outer} ${outer} 0 ${isLarge} 1 ${bx} ${by}L${cx} ${cy}A${inner} ${inner} 0 ${isLarge} 0 ${dx} ${dy}Z`;
}

function pointAt(share: number, radius: number): [number, number] {
  const angle = share * 2 * Math.PI - Math.PI / 2;
  return [round(size / 2 + radius * Math.cos(angle)), round(size / 2 + radius * Math.sin(angle))];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function percent(share: number): string {
  return `${share > 0 && share < 0.01 ? '<1' : Math.round(share * 100)} %`;
}
