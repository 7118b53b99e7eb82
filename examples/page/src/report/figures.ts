import { scaling } from '../../../../bench/cases.js';
import { parseProblem, product, shapesOf, workOf } from '../../../../bench/problem.js';
import type { Report, Row } from '../../../../bench/report.js';
import { stacks } from '../../../../bench/stacks.js';
import { nameOf } from './names.js';

/** Layout and memory of a run: what is drawn together has the same. */
export const wayOf = ({ layout, memory }: Row): string => `${layout}, ${memory}`;
/** A matrix has no layout: its rows belong to every one. */
export const isInWay = (row: Row, way: string): boolean =>
  wayOf(row) === way || (row.problem.startsWith('gemm') && way.endsWith(`, ${row.memory}`));
export const waysOf = ({ rows }: Report): string[] => [...new Set(rows.map(wayOf))];

/** Loops without the package. */
export const PLAIN = 'plain JavaScript';
export const TFJS = 'tfjs-wasm';
/** Processors in the words of those who have them. */
export const processors = { x86: 'x86', arm: 'aarch64' } as const;

/** What ran a row in words: the build, whose hot loops where not its own, and the threads where there were several. */
export function kindOf({ build, tune, threads = 1 }: Pick<Row, 'build' | 'tune' | 'threads'>): string {
  if (build === 'plain') return PLAIN;
  if (build === 'tfjs') return TFJS;
  return [build, tune && `loops for ${processors[tune]}`, threads > 1 && `${threads} threads`]
    .filter(Boolean)
    .join(', ');
}

/** The machine's processor, and whose hot loops ran on it; undefined where a report does not tell. */
export function processorLine({ processor, rows }: Report): string | undefined {
  if (!processor) return undefined;
  const used = new Set(rows.filter(({ build }) => isPackage(build)).map(({ tune = processor }) => processors[tune]));
  return `${processors[processor]} processor${used.size > 0 ? `, hot loops for ${[...used].join(' and ')}` : ''}`;
}

export const isPackage = (build: Row['build']): build is 'strict' | 'relaxed' =>
  build === 'strict' || build === 'relaxed';
export const kindsOf = (rows: readonly Row[]): string[] => [...new Set(rows.map(kindOf))];

type Timed = Row & { rate: number; medianMs: number };
const isTimed = (row: Row): row is Timed => row.rate !== undefined && row.medianMs !== undefined;

/** What a busy machine spoilt counts nowhere: it is marked where it is shown. */
export const isSound = (row: Row): row is Timed => isTimed(row) && row.spoilt === undefined;

/** The peak of the threads that ran a row. */
export const peakFor = ({ peakGflops, threads = 1 }: Row): number | undefined => peakGflops && peakGflops * threads;

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
      kindsOf(rows).map((build, n) => ({
        ...{ name: `${name}, ${build}`, series, build: n },
        points: points.flatMap(([x]) => {
          const row = rows.find((r) => r.title === `${name}: ${x}` && kindOf(r) === build);
          return row && isSound(row) ? [{ x, y: row.rate, title: nameOf(row) }] : [];
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
  const peaks = rows.flatMap((row) => {
    const peak = kindOf(row) === build ? peakFor(row) : undefined;
    return peak === undefined ? [] : [peak];
  });
  return peaks.length > 0 ? median(peaks) : undefined;
};

/** Rate over intensity (Williams, Waterman and Patterson 2009): points, and the roof of each build. */
export function rooflineOf({ rows, bandwidth }: Report): { points: Series[]; roofs: Series[] } {
  const counted = rows.filter((row) => isSound(row) && row.unit === 'GFLOP/s');
  const points = kindsOf(counted).map((build) => ({
    name: build,
    points: counted.flatMap((row) =>
      kindOf(row) === build ? [{ x: intensityOf(row.problem), y: row.rate!, title: nameOf(row) }] : [],
    ),
  }));
  const all = points.flatMap((series) => series.points.map(({ x }) => x));
  if (bandwidth === undefined || all.length === 0) return { points, roofs: [] };
  const roofs = kindsOf(counted).flatMap((build) => {
    const peak = peakOf(counted, build);
    if (peak === undefined) return [];
    const ridge = peak / bandwidth;
    const xs = [Math.min(ridge / 4, ...all), ridge, Math.max(ridge * 4, ...all)];
    const title = `peak ${peak.toFixed(0)} GFLOP/s`;
    return [{ name: `${build}: ${title}`, points: xs.map((x) => ({ x, y: Math.min(peak, x * bandwidth), title })) }];
  });
  return { points, roofs };
}

/** Milliseconds of each whole network that was run in full, by build. */
export function networksOf(rows: readonly Row[]): { name: string; build: string; milliseconds: number }[] {
  return stacks.flatMap(({ name, layers }) =>
    kindsOf(rows).flatMap((build) => {
      const times = layers.map(([count, problem]) => {
        const row = rows.find((r) => r.title === `${name}: ${problem}` && kindOf(r) === build);
        return row && isSound(row) ? count * row.medianMs : Number.NaN;
      });
      const milliseconds = times.reduce((a, b) => a + b, 0);
      return Number.isNaN(milliseconds) ? [] : [{ name, build, milliseconds }];
    }),
  );
}

/** Speed over threads: of each problem that ran on one thread and on more, over the speed on one. */
export function overThreadsOf(rows: readonly Row[]): Series[] {
  const timed = rows.filter(isSound).filter(({ build }) => isPackage(build));
  const nameOfAll = ({ build, tune }: Row) => kindOf({ build, tune });
  const builds = [...new Set(timed.map(nameOfAll))];
  return builds.flatMap((build) => {
    const own = timed.filter((row) => nameOfAll(row) === build);
    const single = new Map(own.filter(({ threads = 1 }) => threads === 1).map((row) => [row.title, row.rate]));
    const points = own.flatMap((row) => {
      const one = single.get(row.title);
      return one === undefined ? [] : [{ x: row.threads ?? 1, y: row.rate / one, title: nameOf(row) }];
    });
    return points.some(({ x }) => x > 1) ? [{ name: build, points }] : [];
  });
}
