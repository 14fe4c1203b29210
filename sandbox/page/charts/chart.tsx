import { useMemo } from 'preact/hooks';
import { Unsupported } from '#sandbox/page/blocks/unsupported.tsx';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { AxesChart } from './axes-chart.tsx';
import { type ChartData, formatNumber, readChart } from './chart-data.ts';
import { PieChart } from './pie-chart.tsx';

export function ChartBlock({ block }: { block: JsonObject }) {
  const chart = useMemo(() => readChart(block), [block]);
  if (!chart) return <Unsupported kind="block" json={block} />;
  return (
    <figure class="chart">
      <figcaption>{chart.title}</figcaption>
      {chart.type === 'pie' ? <PieChart chart={chart} /> : <AxesChart chart={chart} />}
      <details class="chart-numbers">
        <summary>Show the numbers</summary>
        <NumbersTable chart={chart} />
      </details>
    </figure>
  );
}

function NumbersTable({ chart }: { chart: ChartData }) {
  return (
    <div class="table-scroll">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{chart.xLabel || ' '}</th>
            {chart.series.map((series) => (
              <th key={series.name} scope="col" class="is-right">
                {series.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {chart.categories.map((category, index) => (
            <tr key={category}>
              <th scope="row">{category}</th>
              {chart.series.map((series) => (
                <td key={series.name} class="is-right">
                  {formatNumber(series.values[index] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
