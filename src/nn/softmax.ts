import { checkOptions } from '../shape/options.js';
import { checkShaped, checkTensor } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import type { Address } from '../wasm/arena.js';
import type { Kernels } from './boundary.js';
import { leastRows, named, type OutOption, outOf, type Plan, run, type Work } from './run.js';
import { axisOf } from './sum.js';

/** Options of `softmax` and `logSoftmax`. */
export interface SoftmaxOptions extends OutOption {
  /** The axis whose numbers are one distribution, counted from the end when negative; default -1. */
  readonly axis?: number | undefined;
}

/** Matrices whose rows or columns are normalised. */
export interface Matrices {
  readonly outer: number;
  readonly extent: number;
  readonly inner: number;
}

/** A tensor seen along one of its axes. */
export function matricesOf(shape: readonly number[], axis: number): Matrices {
  const product = (extents: readonly number[]) => extents.reduce((all, extent) => all * extent, 1);
  return { outer: product(shape.slice(0, axis)), extent: shape[axis], inner: product(shape.slice(axis + 1)) };
}

/** Floats of a block of columns that become rows, which a cache holds, and most blocks. */
const BLOCK = 1 << 14;
const MOST_BLOCKS = 512;

/** The result, and what it is made of. */
type Operands = (work: Work) => readonly [to: Address, from: Address, also?: Address];

/** Does some rows; the result may stand in place of the first operand. */
type Some = (kernels: Kernels, to: Address, from: Address, rows: number, also: Address) => void;

const ofRows = (rows: number, extent: number, operands: Operands, some: Some): Plan => ({
  ...{ bytes: 0, units: rows, least: leastRows(extent) },
  run(work, begin, end) {
    const [to, from, also = 0] = operands(work);
    const at = begin * extent * 4;
    some(work.kernels, to + at, from + at, end - begin, also + at);
  },
});

/** A plan of rows, or of columns, which become rows in scratch, block by block, and the result columns again. */
function along({ outer, extent, inner }: Matrices, operands: Operands, some: Some): Plan {
  if (inner === 1) return ofRows(outer, extent, operands, some);
  const row = extent * 4;
  const whole = (columns: number) => 16 * Math.ceil(columns / 16);
  const width = Math.min(Math.max(1, inner), whole(Math.max(BLOCK / extent, (outer * inner) / MOST_BLOCKS)));
  const blocks = Math.ceil(inner / width);
  const bytes = width * row + 64;
  return {
    ...{ bytes: 0, ownBytes: 2 * bytes, units: outer * blocks, least: leastRows(width * extent) },
    run(work, begin, end, own) {
      const { kernels } = work;
      const [to, ...from] = operands(work);
      for (let unit = begin; unit < end; unit++) {
        const first = (unit % blocks) * width;
        const [at, columns] = [Math.floor(unit / blocks) * row * inner + first * 4, Math.min(width, inner - first)];
        from.forEach((x = 0, i) => {
          kernels.permute(own + i * bytes, row, x + at, inner * 4, extent, columns, 0, 0, 0);
        });
        some(kernels, own, own, columns, own + bytes);
        kernels.permute(to + at, inner * 4, own, row, columns, extent, 0, 0, 0);
      }
    },
  };
}

export const softmaxPlan = (
  matrices: Matrices,
  isLog: 0 | 1,
  operands: Operands = ({ from, to }) => [to[0], from[0]],
): Plan => along(matrices, operands, (kernels, y, x, rows) => kernels.softmaxRows(y, x, rows, matrices.extent, isLog));

/** The softmax of rows of so many floats, for who needs no other. */
export const softmaxOfRows = (rows: number, extent: number): Plan => ({
  ...{ bytes: 0, units: rows, least: leastRows(extent) },
  run({ kernels, from: [x], to: [y] }, begin, end) {
    const at = begin * extent * 4;
    kernels.softmaxRows(y + at, x + at, end - begin, extent, 0);
  },
});

function read(name: string, shape: readonly number[], options: SoftmaxOptions | undefined) {
  const o = checkOptions(name, options, ['axis', 'out']);
  return { out: o.out, ...matricesOf(shape, axisOf('axis', o.axis ?? -1, shape.length)) };
}

const normalise =
  (name: string, isLog: 0 | 1) =>
  (x: Tensor, options?: SoftmaxOptions): Tensor => {
    const { shape } = checkTensor('x', x);
    const { outer, extent, inner, out: given } = read(name, shape, options);
    const out = outOf(given, shape, [named('x', x)], true);
    return run([x], [{ shape, out }], softmaxPlan({ outer, extent, inner }, isLog))[0];
  };

const inputGrad =
  (name: string, isLog: 0 | 1) =>
  (gradY: Tensor, y: Tensor, options?: SoftmaxOptions): Tensor => {
    const { shape } = checkTensor('y', y);
    checkShaped('gradY', gradY, shape);
    const { outer, extent, inner, out: given } = read(name, shape, options);
    const out = outOf(given, shape, [named('gradY', gradY), named('y', y)], true);
    const operands: Operands = ({ from, to }) => [to[0], from[0], from[1]];
    const plan = along({ outer, extent, inner }, operands, (kernels, gradX, g, rows, y) =>
      kernels.softmaxRowsGrad(gradX, g, y, rows, extent, isLog),
    );
    return run([gradY, y], [{ shape, out }], plan)[0];
  };

/**
 * e^x, to 4 units in the last place, divided by its sum along an axis, the largest taken off first. A row of -Infinity
 * gives NaN. `out` may be `x`.
 * @throws ShapeError, OptionError for an axis that x does not have
 * @example
 * console.log(softmax(tensor([0, 0, 100, 0], [2, 2])).data); // 0.5, 0.5, 1, 0
 */
export const softmax: (x: Tensor, options?: SoftmaxOptions) => Tensor = normalise('softmax', 0);
/**
 * The logarithm of `softmax`, without its losses. `out` may be `x`.
 * @example
 * console.log(logSoftmax(tensor([0, 100], [2])).data); // -100, 0
 */
export const logSoftmax: (x: Tensor, options?: SoftmaxOptions) => Tensor = normalise('logSoftmax', 1);
/**
 * Gradient of `softmax` for x, from its result `y`. `out` may be either operand.
 * @example
 * console.log(softmaxInputGrad(tensor([4, 0], [2]), tensor([0.5, 0.5], [2])).data); // 1, -1
 */
export const softmaxInputGrad: (gradY: Tensor, y: Tensor, options?: SoftmaxOptions) => Tensor = inputGrad(
  'softmaxInputGrad',
  0,
);
/**
 * Gradient of `logSoftmax` for x, from its result `y`.
 * @example
 * const y = logSoftmax(tensor([0, 0, 0, 0], [4]));
 * console.log(logSoftmaxInputGrad(tensor([4, 0, 0, 0], [4]), y).data); // 3, -1, -1, -1
 */
export const logSoftmaxInputGrad: (gradY: Tensor, y: Tensor, options?: SoftmaxOptions) => Tensor = inputGrad(
  'logSoftmaxInputGrad',
  1,
);
