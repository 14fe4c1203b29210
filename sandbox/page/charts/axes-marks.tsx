import { type ChartData, formatNumber } from './chart-data.ts';

export type Plot = {
  ticks: number[];
  left: number;
  right: number;
  bottom: number;
  band: number;
  /** The middle of a category. */
  x(index: number): number;
  y(value: number): number;
};

type Marks = { chart: ChartData; plot: Plot };

export function BarMarks({ chart, plot }: Marks) {
  const groupWidth = Math.min(plot.band * 0.72, 34 * chart.series.length);
  const barWidth = groupWidth / chart.series.length;
  return (
    <>
      {chart.series.map((series, at) => (
        <g key={series.name} class={`chart-fill color-${(at % 12) + 1}`}>
          {series.values.map((value, index) => {
            const top = plot.y(Math.max(0, value));
            return (
              <rect
                key={chart.categories[index]}
                x={plot.x(index) - groupWidth / 2 + at * barWidth}
                y={top}
                width={Math.max(1, barWidth - 1.5)}
                height={Math.max(0, plot.y(Math.min(0, value)) - top)}
                rx={Math.min(3, barWidth / 4)}
              >
                <title>{pointWords(chart, series.name, index, value)}</title>
              </rect>
            );
          })}
        </g>
      ))}
    </>
  );
}

export function LineMarks({ chart, plot, isFilled }: Marks & { isFilled: boolean }) {
  return (
    <>
      {chart.series.map((series, at) => {
        const points = series.values.map((value, index) => `${plot.x(index)} ${plot.y(value)}`);
        const line = `M${points.join('L')}`;
        const last = series.values.length - 1;
        return (
          <g key={series.name} class={`color-${(at % 12) + 1}`}>
            {isFilled && (
              <path
                class="chart-area"
                d={`${line}L${plot.x(last)} ${plot.y(0)}L${plot.x(0)} ${plot.y(0)}Z`}
              />
            )}
            <path class="chart-line" d={line} />
            {series.values.map((value, index) => (
              <circle
                key={chart.categories[index]}
                class="chart-dot"
                cx={plot.x(index)}
                cy={plot.y(value)}
                r={3}
              >
                <title>{pointWords(chart, series.name, index, value)}</title>
              </circle>
            ))}
          </g>
        );
      })}
    </>
  );
}

function pointWords(chart: ChartData, series: string, index: number, value: number): string {
  const prefix = chart.series.length > 1 ? `${series}, ` : '';
  return `${prefix}${chart.categories[index]}: ${formatNumber(value)}`;
}
