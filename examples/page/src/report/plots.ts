import type { ChartConfiguration } from 'chart.js';
import type { Report, Row } from '../../../../bench/report.js';
import { digits } from '../../../../bench/table.js';
import { drawBars } from './bars.js';
import { type Plot, seriesColour } from './chart.js';
import { kindOf, kindsOf, layersOf, overThreadsOf, rooflineOf, type Series, scalingOf } from './figures.js';
import { geometricMean } from './headline.js';
import { roofLabels } from './labels.js';
import { legend, pointLegend } from './legend.js';
import { nameOf } from './names.js';

type Point = Series['points'][number];

const ratesOf = (rows: readonly Row[], build: string) =>
  new Map(
    rows.flatMap((row) => (kindOf(row) === build && row.rate !== undefined ? [[row.title, row.rate] as const] : [])),
  );

const paleIn = (rows: readonly Row[], build: string) =>
  new Set(rows.flatMap((row) => (kindOf(row) === build && row.spoilt !== undefined ? [row.title] : [])));

/** Rate of every layer, by build, beside those of another report. */
export function drawLayers(plot: Plot, rows: readonly Row[], compared: readonly Row[], unit: Row['unit']): boolean {
  const own = layersOf(rows).filter((row) => row.unit === unit);
  const other = layersOf(compared).filter((row) => row.unit === unit);
  const names = new Map([...own, ...other].map((row) => [row.title, nameOf(row)]));
  const titles = [...names].map(([title, name]) => ({ title, name }));
  const series = [
    ...kindsOf(own).map((build) => ({ name: build, values: ratesOf(own, build), pale: paleIn(own, build) })),
    ...kindsOf(other).map((build) => ({
      name: `compared: ${build}`,
      values: ratesOf(other, build),
      pale: paleIn(other, build),
    })),
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
        plugins: [roofLabels(points, roofs)],
        options: {
          scales: { x: logarithmic('FLOP per byte'), y: logarithmic('GFLOP/s') },
          plugins: { tooltip, legend: pointLegend },
        },
      }) as ChartConfiguration,
  );
  return true;
}

/** Lines of what ran: the first build, the second and so on, and another report's. */
const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3], [5, 5]] as const;
const COMPARED = [1, 4] as const;

/** Rate over size: a colour for what grows, a dash for the build. */
export function drawScaling(plot: Plot, rows: readonly Row[], compared: readonly Row[]): boolean {
  const own = scalingOf(rows);
  const other = scalingOf(compared).map((line) => ({ ...line, name: `compared: ${line.name}`, build: -1 }));
  if (own.length + other.length === 0) return false;
  const datasets = () =>
    [...own, ...other].map(({ name, points, series, build }) => ({
      label: name,
      data: [...points],
      showLine: true,
      borderColor: seriesColour(series),
      backgroundColor: seriesColour(series),
      borderWidth: 2,
      borderDash: [...(build < 0 ? COMPARED : DASHES[build % DASHES.length])],
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

/** Speed over threads, each problem a point and their mean a line, beside as many times as there are threads. */
export function drawThreads(plot: Plot, rows: readonly Row[]): boolean {
  const builds = overThreadsOf(rows);
  if (builds.length === 0) return false;
  const most = Math.max(...builds.flatMap(({ points }) => points.map(({ x }) => x)));
  const line = { showLine: true, borderWidth: 2, pointRadius: 0 };
  const datasets = () => [
    ...builds.flatMap(({ name, points }, n) => {
      const counts = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
      const means = counts.map((x) => ({
        x,
        y: geometricMean(points.filter((point) => point.x === x).map(({ y }) => y)),
        title: 'geometric mean',
      }));
      const colours = { borderColor: seriesColour(n), backgroundColor: seriesColour(n) };
      return [
        { label: `${name}: mean`, data: means, ...colours, ...line },
        { label: `${name}: each problem`, data: [...points], backgroundColor: seriesColour(n), pointRadius: 3.5 },
      ];
    }),
    {
      label: 'as many times as threads',
      data: [1, most].map((n) => ({ x: n, y: n, title: 'as many times' })),
      ...{ ...line, borderColor: seriesColour(8), backgroundColor: seriesColour(8), borderDash: [2, 3] },
    },
  ];
  const scales = {
    x: { type: 'linear', min: 1, title: { display: true, text: 'threads' }, ticks: { precision: 0 } },
    y: { beginAtZero: true, title: { display: true, text: 'times the speed of one thread' } },
  };
  plot.set(
    420,
    `Speed over 1 to ${most} threads; the table below has the numbers`,
    () =>
      ({
        type: 'scatter',
        data: { datasets: datasets() },
        options: { scales, plugins: { tooltip, legend: pointLegend } },
      }) as ChartConfiguration,
  );
  return true;
}
