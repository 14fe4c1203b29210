import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { BarMarks, LineMarks, type Plot } from './axes-marks.tsx';
import { type ChartData, describeChart, formatTick, niceTicks } from './chart-data.ts';

const height = 220;
const margin = { top: 12, right: 12, bottom: 34, left: 46 };
const labelCharacterPx = 6.5;

export function AxesChart({ chart }: { chart: ChartData }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useSignal(480);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) width.value = Math.round(entry.contentRect.width);
    });
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const plot = layOut(chart, width.value);

  return (
    <div ref={box} class="axes">
      <svg
        viewBox={`0 0 ${width.value} ${height}`}
        height={height}
        role="img"
        aria-label={describeChart(chart)}
      >
        <Grid chart={chart} plot={plot} />
        {chart.type === 'bar' ? (
          <BarMarks chart={chart} plot={plot} />
        ) : (
          <LineMarks chart={chart} plot={plot} isFilled={chart.type === 'area'} />
        )}
      </svg>
      {chart.series.length > 1 && (
        <ul class="legend is-row">
          {chart.series.map((series, index) => (
            <li key={series.name}>
              <span class={`swatch color-${(index % 12) + 1}`} />
              {series.name}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function layOut(chart: ChartData, width: number): Plot {
  const ticks = niceTicks(
    chart.series.flatMap((series) => series.values),
    4,
  );
  const low = ticks[0] ?? 0;
  const high = ticks.at(-1) ?? 1;
  const innerWidth = Math.max(40, width - margin.left - margin.right);
  const innerHeight = height - margin.top - margin.bottom;
  const band = innerWidth / Math.max(1, chart.categories.length);
  return {
    ticks,
    left: margin.left,
    right: margin.left + innerWidth,
    bottom: height - margin.bottom,
    band,
    x: (index) => margin.left + band * (index + 0.5),
    y: (value) => margin.top + innerHeight * (1 - (value - low) / (high - low)),
  };
}

function Grid({ chart, plot }: { chart: ChartData; plot: Plot }) {
  const longest = Math.max(...chart.categories.map((category) => category.length), 1);
  const every = Math.max(1, Math.ceil((Math.min(longest, 12) * labelCharacterPx) / plot.band));
  return (
    <g class="grid">
      {plot.ticks.map((tick) => (
        <g key={tick}>
          <line
            class={tick === 0 ? 'is-zero' : ''}
            x1={plot.left}
            x2={plot.right}
            y1={plot.y(tick)}
            y2={plot.y(tick)}
          />
          <text class="tick is-y" x={plot.left - 8} y={plot.y(tick)}>
            {formatTick(tick)}
          </text>
        </g>
      ))}
      {chart.categories.map((category, index) =>
        index % every === 0 ? (
          <text key={category} class="tick is-x" x={plot.x(index)} y={plot.bottom + 15}>
            {category.length > 12 ? `${category.slice(0, 11)}…` : category}
          </text>
        ) : null,
      )}
      <text class="axis-label" x={(plot.left + plot.right) / 2} y={plot.bottom + 31}>
        {chart.xLabel}
      </text>
      <text
        class="axis-label is-y"
        x={12}
        y={(plot.bottom + margin.top) / 2}
        transform={`rotate(-90 12 ${(plot.bottom + margin.top) / 2})`}
      >
        {chart.yLabel}
      </text>
    </g>
  );
}
