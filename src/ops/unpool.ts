import { indexed } from '../algorithms/pool/indexed.js';
import { optionNames } from '../shape/options.js';
import { checkIndexRange, unpoolProblem } from '../shape/planes.js';
import { checkIndexTensor, checkShape, checkShaped, checkTensor, sizeOf } from '../shape/tensor.js';
import type {
  IndexTensor,
  Into,
  Layout,
  Layout1d,
  Layout2d,
  Layout3d,
  Padding,
  PerAxis,
  Rank,
  Result,
  Tensor,
} from '../types.js';
import { type GradOptions, gradOptions } from './grad-options.js';
import type { IndexedInputGrad } from './max-pool-grad.js';
import { mapsOf, type OutOption } from './pooling.js';
import { outOf, resultOf } from './result.js';
import { scatter } from './scatter.js';

/** Options of an unpooling: those of the max pool that it undoes. */
export interface MaxUnpoolOptions<L extends Layout = Layout2d> extends OutOption {
  /** Cells of the window. */
  readonly kernelSize: PerAxis<L>;
  /** Step of the window; default `kernelSize`. */
  readonly stride?: PerAxis<L> | undefined;
  /** Padding of the pool; default 0. */
  readonly padding?: Padding<L> | undefined;
  /** Distance between the cells of the window, 1 = dense (default). */
  readonly dilation?: PerAxis<L> | undefined;
  /** Extents of the result, less than a stride away from the natural ones, (i - 1) s - p0 - p1 + d (k - 1) + 1. */
  readonly outputSize?: PerAxis<L> | undefined;
  /** Order of axes of `x` and the result; default channels first. */
  readonly layout?: L | undefined;
}

/** Options of the gradient of an unpooling: those of the unpooling, and `accumulate`. */
export interface MaxUnpoolInputGradOptions<L extends Layout = Layout2d> extends MaxUnpoolOptions<L>, GradOptions {}

function unpool<R>(rank: Rank, x: Tensor, indices: IndexTensor, options: MaxUnpoolOptions<Layout>): R {
  const problem = unpoolProblem(rank, checkTensor('x', x).shape, options);
  const values = { operand: 'x', tensor: x, shape: problem.xShape };
  const { out } = options;
  return scatter({ sums: false, maps: mapsOf(problem), values, indices, planesShape: problem.yShape, out });
}

function inputGrad<R>(rank: Rank, gradY: Tensor, indices: IndexTensor, xShape: readonly number[], options: unknown): R {
  const operator = `maxUnpool${rank}dInputGrad`;
  const { accumulate, forward } = gradOptions(operator, options, optionNames.maxUnpool);
  const problem = unpoolProblem(rank, checkShape('xShape', xShape), forward, operator);
  const { xShape: shape, yShape, n, c } = problem;
  checkShaped('gradY', gradY, yShape);
  checkIndexTensor('indices', indices, xShape);
  const out = outOf(forward.out, shape, { gradY, indices });
  const maps = { ...mapsOf(problem), values: sizeOf(shape) / (n * c), cells: sizeOf(yShape) / (n * c) };
  const refuse = () => checkIndexRange('indices', indices.data, maps.cells);
  return resultOf([gradY, indices], { shape, out, accumulate }, (on) =>
    indexed(on, { way: 'gather', add: accumulate, clear: false }, maps, refuse),
  );
}

/** An unpooling of one rank. */
export type MaxUnpool<L extends Layout> = <Out extends Tensor | undefined = undefined>(
  x: Tensor,
  indices: IndexTensor,
  options: MaxUnpoolOptions<L> & Into<Out>,
) => Result<Out>;

/**
 * Puts the values of a max pool back where its indices say, with zeros elsewhere, as
 * `torch.nn.functional.max_unpool2d`. An index of -1 is skipped; where two windows name one cell, the later in
 * row-major order stays.
 *
 * @param x [n, c, h, w]; with layout `'NHWC'` [n, h, w, c]
 * @param indices as the pool returned them, of the shape of `x`
 * @param options `kernelSize`, and where wanted `stride` (default `kernelSize`), `padding` (0), `dilation` (1),
 * `outputSize`, `layout`, `out`
 * @returns [n, c, oh, ow] or [n, oh, ow, c], with `o = (i - 1)·s - p0 - p1 + d·(k - 1) + 1` per axis, or of
 * `outputSize`
 * @throws ShapeError when operands do not fit or an index is no cell of the result, OptionError for an option out of
 * range or unknown, MemoryError when
 *   the host refuses memory
 * @example
 * const indices = { data: Int32Array.of(1), shape: [1, 1, 1] };
 * console.log(maxUnpool2d(tensor([5], [1, 1, 1]), indices, { kernelSize: [1, 2] }).data); // 0, 5
 */
export const maxUnpool2d: MaxUnpool<Layout2d> = (...call) => unpool(2, ...call);

/**
 * As `maxUnpool2d` with one spatial axis.
 * @throws as `maxUnpool2d`
 * @example
 * const indices = { data: Int32Array.of(1), shape: [1, 1] };
 * console.log(maxUnpool1d(tensor([5], [1, 1]), indices, { kernelSize: 2 }).data); // 0, 5
 */
export const maxUnpool1d: MaxUnpool<Layout1d> = (...call) => unpool(1, ...call);

/**
 * As `maxUnpool2d` with three spatial axes.
 * @throws as `maxUnpool2d`
 * @example
 * const indices = { data: Int32Array.of(1), shape: [1, 1, 1, 1] };
 * console.log(maxUnpool3d(tensor([5], [1, 1, 1, 1]), indices, { kernelSize: [1, 1, 2] }).data); // 0, 5
 */
export const maxUnpool3d: MaxUnpool<Layout3d> = (...call) => unpool(3, ...call);

/**
 * Gradient of `maxUnpool2d` for `x`: `gradX = gradY[index]`, the cell that the index names, 0 for an index of -1.
 * (Where two windows named one cell, both get it, as in PyTorch.)
 *
 * @param gradY tensor of the unpooling's output shape
 * @param indices as given to the unpooling
 * @param xShape shape of the unpooling's input
 * @param options those of the unpooling, and `accumulate`, which adds to what `out` holds
 * @returns tensor of shape `xShape`
 * @throws as `maxUnpool2d`, OptionError for `accumulate` without `out`
 * @example
 * const indices = { data: Int32Array.of(1), shape: [1, 1, 1] };
 * const gradY = tensor([3, 4], [1, 1, 2]);
 * console.log(maxUnpool2dInputGrad(gradY, indices, indices.shape, { kernelSize: [1, 2] }).data); // 4
 */
export const maxUnpool2dInputGrad: IndexedInputGrad<MaxUnpoolInputGradOptions<Layout2d>> = (...call) =>
  inputGrad(2, ...call);

/**
 * Gradient of `maxUnpool1d`; as `maxUnpool2dInputGrad`.
 * @throws as `maxUnpool2dInputGrad`
 * @example
 * const indices = { data: Int32Array.of(1), shape: [1, 1] };
 * const gradY = tensor([3, 4], [1, 2]);
 * console.log(maxUnpool1dInputGrad(gradY, indices, indices.shape, { kernelSize: 2 }).data); // 4
 */
export const maxUnpool1dInputGrad: IndexedInputGrad<MaxUnpoolInputGradOptions<Layout1d>> = (...call) =>
  inputGrad(1, ...call);

/**
 * Gradient of `maxUnpool3d`; as `maxUnpool2dInputGrad`.
 * @throws as `maxUnpool2dInputGrad`
 * @example
 * const indices = { data: Int32Array.of(1), shape: [1, 1, 1, 1] };
 * const gradY = tensor([3, 4], [1, 1, 1, 2]);
 * console.log(maxUnpool3dInputGrad(gradY, indices, indices.shape, { kernelSize: [1, 1, 2] }).data); // 4
 */
export const maxUnpool3dInputGrad: IndexedInputGrad<MaxUnpoolInputGradOptions<Layout3d>> = (...call) =>
  inputGrad(3, ...call);
