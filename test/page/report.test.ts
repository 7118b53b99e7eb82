import { describe, expect, it } from 'vitest';
import { cases, scaling } from '../../bench/cases.js';
import { parseProblem } from '../../bench/problem.js';
import { KIND, type Report, type Row, readReport } from '../../bench/report.js';
import { stacks } from '../../bench/stacks.js';
import { machineOf } from '../../examples/page/src/bench/machine.js';
import { planOf } from '../../examples/page/src/bench/plan.js';
import {
  intensityOf,
  isInWay,
  layersOf,
  networksOf,
  peakOf,
  rooflineOf,
  scalingOf,
  waysOf,
} from '../../examples/page/src/report/figures.js';

const row = (title: string, problem: string, part: Partial<Row> = {}): Row => ({
  ...{
    title,
    problem,
    build: 'strict',
    layout: 'NHWC',
    memory: 'arena',
    unit: 'GFLOP/s',
    rate: 10,
    medianMs: 2,
    peakGflops: 40,
  },
  ...part,
});
const report = (rows: Row[], part: Partial<Report> = {}): Report => ({ kind: KIND, machine: 'one', rows, ...part });
const layer = row('r50 3x3 64@56', 'n1ic64ih56iw56_oc64kh3kw3_ph1pw1');

describe('a saved report', () => {
  it('is read as it was written', () => {
    const written = report([layer], { bandwidth: 9 });
    expect(readReport(JSON.stringify(written))).toEqual(written);
  });

  it.each([
    ['no JSON', '<html>', /no JSON/],
    ['something else', '{"rows": []}', /no benchmark of Stridewise/],
    ['null', 'null', /no benchmark of Stridewise/],
    ['a damaged one', JSON.stringify({ kind: KIND, machine: 'one', rows: [{ title: 'x' }] }), /damaged/],
  ])('is refused in words when it is %s', (_, text, message) => {
    expect(() => readReport(text)).toThrow(message);
  });
});

describe('the plan', () => {
  it('holds all that is asked for, and every problem can be read', () => {
    const plan = planOf({ lists: ['layers', 'networks', 'scaling'], filter: '' });
    for (const { problem } of plan) expect(() => parseProblem(problem)).not.toThrow();
    for (const [title] of cases) expect(plan.map((task) => task.title)).toContain(title);
    for (const { name } of stacks) expect(plan.some(({ title }) => title.startsWith(`${name}: `))).toBe(true);
    for (const { name, points } of scaling)
      expect(plan.filter(({ title }) => title.startsWith(`${name}: `))).toHaveLength(points.length);
  });

  it('can be narrowed', () => {
    expect(planOf({ lists: ['layers'], filter: 'GEMM' }).map(({ title }) => title)).toEqual([
      'gemm 256^3',
      'gemm 512^3',
      'gemm 1024^3',
    ]);
    expect(planOf({ lists: [], filter: '' })).toEqual([]);
  });
});

describe('the figures of a report', () => {
  it('count FLOP for each byte', () => {
    expect(intensityOf('gemm_m2n3k4')).toBeCloseTo((2 * 24) / (4 * (8 + 12 + 6)), 12);
  });

  it('keep layers, series and whole networks apart', () => {
    const { name, points } = scaling[0];
    const inStack = stacks[0].layers[0][1];
    const rows = [layer, row(`${name}: ${points[1][0]}`, points[1][1]), row(`${stacks[0].name}: ${inStack}`, inStack)];
    expect(layersOf(rows)).toEqual([layer]);
    expect(scalingOf(rows)).toEqual([
      { name: `${name}, strict`, series: 0, build: 0, points: [{ x: points[1][0], y: 10, title: rows[1].title }] },
    ]);
    expect(networksOf(rows)).toEqual([]);
  });

  it('leave out what has no time', () => {
    expect(layersOf([row('a', 'gemm_m2n2k2', { rate: undefined, failure: 'wrong' })])).toEqual([]);
  });

  it('add a whole network up, each layer as often as it occurs', () => {
    const { name, layers } = stacks[0];
    const rows = layers.map(([, problem]) => row(`${name}: ${problem}`, problem, { medianMs: 3 }));
    const [total] = networksOf(rows);
    expect(total).toEqual({ name, build: 'strict', milliseconds: 3 * layers.reduce((sum, [n]) => sum + n, 0) });
    expect(networksOf(rows.slice(1))).toEqual([]);
  });

  it('draw the roof from bandwidth to peak', () => {
    const peaks = [38, 40, 90].map((peakGflops) => ({ ...layer, peakGflops }));
    expect(peakOf(peaks, 'strict')).toBe(40);
    const { points, roofs } = rooflineOf(report([layer], { bandwidth: 8 }));
    expect(points[0].points).toHaveLength(1);
    const [, ridge] = roofs[0].points;
    expect(ridge).toMatchObject({ x: 5, y: 40 });
    for (const { x, y } of roofs[0].points) expect(y).toBeCloseTo(Math.min(40, 8 * x), 9);
    expect(rooflineOf(report([layer])).roofs).toEqual([]);
    expect(rooflineOf(report([{ ...layer, unit: 'GB/s' }], { bandwidth: 8 })).points).toEqual([]);
  });

  it('show matrices whatever the layout', () => {
    const rows = [layer, { ...layer, layout: 'NCHW' as const }, row('gemm', 'gemm_m2n2k2')];
    expect(waysOf(report(rows))).toEqual(['NHWC, arena', 'NCHW, arena']);
    expect(rows.filter((r) => isInWay(r, 'NCHW, arena'))).toEqual([rows[1], rows[2]]);
  });
});

describe('the machine in words', () => {
  it.each([
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
      'Firefox 153, X11, Linux x86_64, rv:153.0, 4 cores',
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      'Chromium 156, X11, Linux x86_64, 4 cores',
    ],
    ['curl', 'a browser, an unknown system, 4 cores'],
  ])('%s', (userAgent, words) => {
    expect(machineOf({ userAgent, hardwareConcurrency: 4 })).toBe(words);
  });

  it('counts one core', () => {
    expect(machineOf({ userAgent: 'curl', hardwareConcurrency: 1 })).toMatch(/, 1 core$/);
  });
});
