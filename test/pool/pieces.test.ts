import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Axes,
  adaptiveAxes,
  along,
  holdingAxes,
  product,
  singleCells,
  slidingAxes,
  withDivisor,
} from '../../src/algorithms/pool/axes.js';
import { doorOf } from '../../src/algorithms/pool/doors.js';
import type { Pool } from '../../src/algorithms/pool/piece.js';
import { planPieces } from '../../src/algorithms/pool/plan-pieces.js';
import type { IndexTensor, Tensor } from '../../src/index.js';
import { averageAxes } from '../../src/ops/average-pool.js';
import { poolJob } from '../../src/ops/pooling.js';
import { poolProblem } from '../../src/shape/pool.js';
import { scratchBytes } from '../../src/wasm/crew.js';
import { host } from '../../src/wasm/host.js';
import { runOn } from '../../src/wasm/operands.js';
import * as reference from '../reference/index.js';
import { expectExact } from '../support/bounds.js';
import { builds, leavesNothing, poison, useBuild } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import { integerTensor } from '../support/data.js';
import { adaptiveOptions, avgPoolOptions, maxPoolOptions, xShape } from '../support/problems.js';
import { adaptiveCases, dilatedCases, divisorCases, layoutOnly, layouts, windowCases } from './cases.js';
import { specialTensor } from './operators.js';

/**
 * Pools in the least scratch there may be, so that windows are cut down to single cells, and in more, so that pieces
 * hold many.
 */
const rooms = [0, 1500, 9000];

/** Runs a pool in pieces. The operands stand behind the scratch, so that what goes beyond it spoils them. */
function inPieces(
  pool: Pool,
  room: number,
  x: Tensor,
  shape: readonly number[],
  out?: Tensor,
): (Tensor | IndexTensor)[] {
  const planeBytes = 4 * product(along(pool.axes, ({ input, count }) => input + count));
  const plan = planPieces(pool, doorOf(pool, planeBytes), room);
  const on = host();
  const outputs = [
    { shape, out, accumulate: pool.accumulate },
    ...(pool.kind === 'argmax' ? [{ shape, type: 'i32' as const }] : []),
  ];
  poison();
  return leavesNothing(() =>
    runOn(on, [x], outputs, plan.scratchBytes, ([from, to, at], scratch) =>
      plan.open(on, scratch)(from, to, at, 0, plan.units),
    ),
  ) as (Tensor | IndexTensor)[];
}

/** Scratch of the row that serves a pool. */
const scratchOf = (pool: Pool) => scratchBytes(poolJob(pool)(host()));

const mapsOf = ({ channelsLast, n, c }: Pick<Pool, 'channelsLast' | 'n' | 'c'>) => ({ channelsLast, n, c });

function checkMax(
  maps: Pick<Pool, 'channelsLast' | 'n' | 'c'>,
  axes: Axes,
  x: Tensor,
  expected: reference.MaxPoolResult,
): void {
  for (const room of rooms) {
    const [values, indices] = inPieces({ ...maps, kind: 'argmax', axes }, room, x, expected.shape);
    expectExact(values as Tensor, expected);
    expectExact(indices.data, expected.indices.data);
    expectExact(inPieces({ ...maps, kind: 'max', axes }, room, x, expected.shape)[0] as Tensor, expected);
  }
}

const filled = (cases: readonly string[]) => cases.filter((text) => !text.startsWith('n0')).flatMap(layouts);

describe.each(builds)('%s build, in pieces', (build) => {
  beforeAll(() => useBuild(build));

  it.each(filled([...windowCases, ...dilatedCases]))('max %s', (text) => {
    const given = parseCase(text);
    const options = maxPoolOptions(given);
    const x = specialTensor(xShape(given), 1);
    const problem = poolProblem('maxPool', given.rank as 1, x.shape, options);
    checkMax(mapsOf(problem), slidingAxes(problem), x, reference.maxPool(x, options));
  });

  it.each(filled([...windowCases, ...dilatedCases, ...divisorCases]))('average and its gradient %s', (text) => {
    const given = parseCase(text);
    const options = avgPoolOptions(given);
    const x = integerTensor(xShape(given), 1);
    const problem = poolProblem('avgPool', given.rank as 1, x.shape, options);
    const axes = averageAxes(problem);
    const expected = reference.avgPool(x, options);
    const sums = { ...mapsOf(problem), kind: 'sum' as const };
    // quotients are made of sums without an error
    const gradY = {
      ...expected,
      data: Float32Array.from(integerTensor(expected.shape, 2).data, (value) => value * 2 ** 10 * 3465),
    };
    const grad = reference.avgPoolInputGrad(gradY, x.shape, options);
    const exact = grad.data.every((value) => Number.isInteger(value));
    for (const room of rooms) {
      expectExact(inPieces({ ...sums, axes }, room, x, expected.shape)[0] as Tensor, expected);
      const out = integerTensor(x.shape, 3);
      const added = { shape: x.shape, data: out.data.map((value, i) => value + grad.data[i]) };
      const holding = { ...sums, axes: withDivisor(holdingAxes(problem), 1), quotients: along(axes, singleCells) };
      if (exact) expectExact(inPieces({ ...holding, accumulate: true }, room, gradY, x.shape, out)[0] as Tensor, added);
    }
  });

  it.each(filled(adaptiveCases))('adaptive %s', (text) => {
    const given = parseCase(text);
    const options = adaptiveOptions(given);
    const x = specialTensor(xShape(given), 1);
    const maps = { channelsLast: text.endsWith('nhwc'), n: given.n, c: given.ic };
    const axes = adaptiveAxes([given.id, given.ih, given.iw], [given.od, given.oh, given.ow]);
    checkMax(maps, axes, x, reference.adaptiveMaxPool(x, options));
    const whole = integerTensor(xShape(given), 2);
    const expected = reference.adaptiveAvgPool(whole, options);
    for (const room of rooms)
      expectExact(inPieces({ ...maps, kind: 'sum', axes }, room, whole, expected.shape)[0] as Tensor, expected);
    const largest = reference.globalMaxPool(x, layoutOnly(given));
    checkMax(maps, adaptiveAxes([given.id, given.ih, given.iw], [1, 1, 1]), x, largest);
  });
});

describe('scratch', () => {
  const sizeOf = (shape: readonly number[]) => 4 * shape.reduce((size, extent) => size * extent, 1);

  it.each([
    ['a long line', [1, 1, 4e6], { kernelSize: 3, stride: 1 }],
    ['a line of 2.4 GB', [1, 1, 6e8], { kernelSize: 5, stride: 2 }],
    ['a line of four channels', [1, 4, 1.5e8], { kernelSize: 2 }],
    ['windows that hold all of a line', [1, 1, 4e6], { kernelSize: 4e6 }],
    ['a large plane', [1, 1, 4000, 4000], { kernelSize: 3, stride: 2, padding: 1 }],
    ['many rows', [1, 1, 1e9, 1], { kernelSize: [2, 1] }],
    ['many planes', [1, 1e9, 1, 1, 1], { kernelSize: [2, 1, 1], layout: 'NDHWC' }],
    ['channels last', [1, 3e6, 64], { kernelSize: 9, stride: 1, layout: 'NLC' }],
    ['large and deep', [1, 100, 300, 300, 6], { kernelSize: 7, stride: 1, layout: 'NDHWC' }],
  ] as const)('%s', (_, shape, options) => {
    const problem = poolProblem('maxPool', (shape.length - 2) as 1, shape, options);
    for (const kind of ['max', 'argmax', 'sum'] as const) {
      const operands = sizeOf(shape) + sizeOf(problem.yShape) * (kind === 'argmax' ? 2 : 1);
      const bytes = scratchOf({ ...mapsOf(problem), kind, axes: slidingAxes(problem) });
      expect(bytes).toBeLessThanOrEqual(Math.min(operands, 2 ** 24) + 2 ** 17);
    }
  });

  it.each([
    ['windows of half a line', [1, 3, 1e6], { kernelSize: 5e5, stride: 1 }],
    ['windows of many strips', [1, 1, 6e5], { kernelSize: 66, dilation: 4000, stride: 1 }],
  ] as const)('%s take three windows', (_, shape, options) => {
    const problem = poolProblem('maxPool', 1, shape, options);
    const reach = (problem.kw - 1) * problem.dw + 1;
    const bytes = scratchOf({ ...mapsOf(problem), kind: 'max', axes: slidingAxes(problem) });
    // four lanes, and twice as much for lists of taps and reduced rows
    expect(bytes).toBeLessThanOrEqual(3 * 3 * reach * 16 + 2 ** 22);
  });
});
