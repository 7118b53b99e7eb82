import type { ChartConfiguration } from 'chart.js';
import type { Report, Row } from '../../../../bench/report.js';
import { digits } from '../../../../bench/table.js';
import { type Plot, seriesColour } from './chart.js';
import { buildsOf, layersOf, rooflineOf, type Series, scalingOf } from './figures.js';

type Point = Series['points'][number];

/** Pixels of a bar with its gap, and of a group's gap, axis and legend. */
const BAR = 11;
const GROUP = 9;
const AXIS = 90;
/** Characters of a title on a plot that is narrower than so many pixels. */
const SHORT = 22;
const NARROW = 480;

export interface Bars {
  readonly name: string;
  /** By title. */
  readonly values: ReadonlyMap<string, number>;
}

/** Horizontal bars, several for each title. */
export function drawBars(
  plot: Plot,
  titles: readonly string[],
  series: readonly Bars[],
  unit: string,
  label: string,
): void {
  const short = (title: string) =>
    plot.element.clientWidth < NARROW && title.length > SHORT ? `${title.slice(0, SHORT - 1)}…` : title;
  plot.set(titles.length * (series.length * BAR + GROUP) + AXIS, label, () => ({
    type: 'bar',
    data: {
      labels: titles.map(short),
      datasets: series.map(({ name, values }, n) => ({
        label: name,
        data: titles.map((title) => values.get(title) ?? null),
        backgroundColor: seriesColour(n),
        borderRadius: 2,
        categoryPercentage: 0.84,
      })),
    },
    options: {
      indexAxis: 'y',
      scales: {
        x: { position: 'top', title: { display: true, text: unit }, beginAtZero: true },
        y: { ticks: { autoSkip: false }, grid: { display: false } },
      },
      plugins: { tooltip: { callbacks: { title: ([item]) => titles[item.dataIndex] } } },
    },
  }));
}

const ratesOf = (rows: readonly Row[], build: string) =>
  new Map(
    rows.flatMap((row) => (row.build === build && row.rate !== undefined ? [[row.title, row.rate] as const] : [])),
  );

/** Rate of every layer, by build, beside those of another report. */
export function drawLayers(plot: Plot, rows: readonly Row[], compared: readonly Row[], unit: Row['unit']): boolean {
  const own = layersOf(rows).filter((row) => row.unit === unit);
  const other = layersOf(compared).filter((row) => row.unit === unit);
  const titles = [...new Set([...own, ...other].map(({ title }) => title))];
  const series = [
    ...buildsOf(own).map((build) => ({ name: build, values: ratesOf(own, build) })),
    ...buildsOf(other).map((build) => ({ name: `compared: ${build}`, values: ratesOf(other, build) })),
  ];
  if (titles.length === 0) return false;
  drawBars(plot, titles, series, unit, `${unit} of ${titles.length} layers; the table below has the numbers`);
  return true;
}

const logarithmic = (text: string, ticks?: object) => ({
  type: 'logarithmic' as const,
  title: { display: true, text },
  ticks: { maxRotation: 0, autoSkipPadding: 12, callback: (value: number | string) => short(Number(value)), ...ticks },
});

/** 1, 2, 5 and their tens only. */
const short = (value: number): string | null => {
  const digit = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
  return [1, 2, 5].some((d) => Math.abs(digit - d) < 1e-6) ? String(Number(value.toPrecision(3))) : null;
};

const tooltip = {
  callbacks: { label: ({ raw }: { raw: unknown }) => `${(raw as Point).title}: ${digits((raw as Point).y)}` },
} as object;

/** Lines and points as they are drawn. */
const legend = { labels: { usePointStyle: true, pointStyle: 'line', pointStyleWidth: 28 } } as object;

/** Points under the roofs of the machine. */
export function drawRoofline(plot: Plot, report: Report): boolean {
  const { points, roofs } = rooflineOf(report);
  if (points.every((series) => series.points.length === 0)) return false;
  const label = `Roofline: GFLOP/s over FLOP per byte. ${roofs.map(({ name }) => name).join('; ')}`;
  plot.set(
    420,
    label,
    () =>
      ({
        type: 'scatter',
        data: {
          datasets: [
            ...points.map(({ name, points: data }, n) => ({
              label: name,
              data: [...data],
              backgroundColor: seriesColour(n),
              pointRadius: 3.5,
            })),
            ...roofs.map(({ name, points: data }, n) => ({
              label: name,
              data: [...data],
              showLine: true,
              borderColor: seriesColour(n),
              backgroundColor: seriesColour(n),
              borderWidth: 1.5,
              pointRadius: 0,
            })),
          ],
        },
        options: { scales: { x: logarithmic('FLOP per byte'), y: logarithmic('GFLOP/s') }, plugins: { tooltip } },
      }) as ChartConfiguration,
  );
  return true;
}

/** Lines of the first build, of the second, and of another report. */
const DASHES = [[], [7, 3], [2, 3]] as const;

/** Rate over size: a colour for what grows, a dash for the build. */
export function drawScaling(plot: Plot, rows: readonly Row[], compared: readonly Row[]): boolean {
  const own = scalingOf(rows);
  const other = scalingOf(compared).map((line) => ({ ...line, name: `compared: ${line.name}`, build: 2 }));
  if (own.length + other.length === 0) return false;
  const datasets = () =>
    [...own, ...other].map(({ name, points, series, build }) => ({
      label: name,
      data: [...points],
      showLine: true,
      borderColor: seriesColour(series),
      backgroundColor: seriesColour(series),
      borderWidth: 2,
      borderDash: [...(DASHES[build] ?? [])],
      pointRadius: 3,
    }));
  const scales = { x: logarithmic('n'), y: { beginAtZero: true, title: { display: true, text: 'GFLOP/s' } } };
  plot.set(
    420,
    'GFLOP/s over size; the table below has the numbers',
    () =>
      ({
        type: 'scatter',
        data: { datasets: datasets() },
        options: { scales, plugins: { tooltip, legend } },
      }) as ChartConfiguration,
  );
  return true;
}
