import { scaling } from '../../../../bench/cases.js';
import { parseProblem, product, shapesOf, workOf } from '../../../../bench/problem.js';
import type { Report, Row } from '../../../../bench/report.js';
import { stacks } from '../../../../bench/stacks.js';

/** Layout and memory of a run: what is drawn together has the same. */
export const wayOf = ({ layout, memory }: Row): string => `${layout}, ${memory}`;
/** A matrix has no layout: its rows belong to every one. */
export const isInWay = (row: Row, way: string): boolean =>
  wayOf(row) === way || (row.problem.startsWith('gemm') && way.endsWith(`, ${row.memory}`));
export const waysOf = ({ rows }: Report): string[] => [...new Set(rows.map(wayOf))];
export const buildsOf = (rows: readonly Row[]): string[] => [...new Set(rows.map(({ build }) => build))];

const isTimed = (row: Row): row is Row & { rate: number; medianMs: number } =>
  row.rate !== undefined && row.medianMs !== undefined;

const scalingTitles = new Set(scaling.flatMap(({ name, points }) => points.map(([n]) => `${name}: ${n}`)));
const stackNames = stacks.map(({ name }) => `${name}: `);
const inStack = ({ title }: Row) => stackNames.some((name) => title.startsWith(name));

/** The rows that are layers by themselves: not one of a series, not one of a whole network. */
export const layersOf = (rows: readonly Row[]): Row[] =>
  rows.filter((row) => isTimed(row) && !scalingTitles.has(row.title) && !inStack(row));

/** A line of a plot. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number; readonly title: string }[];
}

/** A line of the scaling plot: which series of sizes, and which build. */
export interface Scaling extends Series {
  readonly series: number;
  readonly build: number;
}

/** Rate over size, for every series of sizes and build. */
export function scalingOf(rows: readonly Row[]): Scaling[] {
  return scaling
    .flatMap(({ name, points }, series) =>
      buildsOf(rows).map((build, n) => ({
        ...{ name: `${name}, ${build}`, series, build: n },
        points: points.flatMap(([x]) => {
          const row = rows.find((r) => r.title === `${name}: ${x}` && r.build === build);
          return row && isTimed(row) ? [{ x, y: row.rate, title: row.title }] : [];
        }),
      })),
    )
    .filter(({ points }) => points.length > 0);
}

/** FLOP for each byte of operands and result: what a problem asks of a machine. */
export function intensityOf(text: string): number {
  const problem = parseProblem(text);
  const { operands, result } = shapesOf(problem);
  return workOf(problem).amount / (4 * [...operands, result].reduce((sum, shape) => sum + product(shape), 0));
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** The median of what was measured beside each row. */
export const peakOf = (rows: readonly Row[], build: string): number | undefined => {
  const peaks = rows.flatMap((row) => (row.build === build && row.peakGflops !== undefined ? [row.peakGflops] : []));
  return peaks.length > 0 ? median(peaks) : undefined;
};

/** Rate over intensity (Williams, Waterman and Patterson 2009): points, and the roof of each build. */
export function rooflineOf({ rows, bandwidth }: Report): { points: Series[]; roofs: Series[] } {
  const counted = rows.filter((row) => isTimed(row) && row.unit === 'GFLOP/s');
  const points = buildsOf(counted).map((build) => ({
    name: build,
    points: counted.flatMap((row) =>
      row.build === build ? [{ x: intensityOf(row.problem), y: row.rate!, title: row.title }] : [],
    ),
  }));
  const all = points.flatMap((series) => series.points.map(({ x }) => x));
  if (bandwidth === undefined || all.length === 0) return { points, roofs: [] };
  const roofs = buildsOf(counted).flatMap((build) => {
    const peak = peakOf(counted, build);
    if (peak === undefined) return [];
    const ridge = peak / bandwidth;
    const xs = [Math.min(ridge / 4, ...all), ridge, Math.max(ridge * 4, ...all)];
    const title = `peak ${peak.toFixed(0)} GFLOP/s, ${bandwidth.toFixed(0)} GB/s`;
    return [{ name: `${build}: ${title}`, points: xs.map((x) => ({ x, y: Math.min(peak, x * bandwidth), title })) }];
  });
  return { points, roofs };
}

/** Milliseconds of each whole network that was run in full, by build. */
export function networksOf(rows: readonly Row[]): { name: string; build: string; milliseconds: number }[] {
  return stacks.flatMap(({ name, layers }) =>
    buildsOf(rows).flatMap((build) => {
      const times = layers.map(([count, problem]) => {
        const row = rows.find((r) => r.title === `${name}: ${problem}` && r.build === build);
        return count * (row?.medianMs ?? Number.NaN);
      });
      const milliseconds = times.reduce((a, b) => a + b, 0);
      return Number.isNaN(milliseconds) ? [] : [{ name, build, milliseconds }];
    }),
  );
}
