import { activated } from '../algorithms/activated.js';
import { choose } from '../plan/choose.js';
import { separableTable } from '../plan/separable.js';
import { backwardOptions, readOuts } from '../shape/backward.js';
import { biasOf } from '../shape/conv.js';
import { checkOptions, optionNames } from '../shape/options.js';
import { separableProblem } from '../shape/separable.js';
import { checkOut, checkShape, checkShaped, checkTensor } from '../shape/tensor.js';
import type {
  Bias,
  Gradients,
  Into,
  IsGiven,
  Result,
  SeparableAlgorithm,
  SeparableProblem,
  Tensor,
  WantedOr,
} from '../types.js';
import { type Host, host } from '../wasm/host.js';
import { attempt } from '../wasm/view.js';
import { arena } from './arena.js';
import { type ConvOptions, conv2d } from './conv.js';
import { conv2dBackward } from './conv-backward.js';
import type { BackwardRunOptions, ConvGradients } from './prepared-backward.js';
import { type Bind, type Binding, PreparedConv, runOnce } from './prepared-conv.js';

/**
 * Options of a separable convolution: window options belong to the depthwise layer, bias and activation to the
 * pointwise one.
 */
export interface SeparableConvOptions extends Omit<ConvOptions, 'groups' | 'add' | 'algorithm'> {
  /** Insists on one row of the table. */
  readonly algorithm?: SeparableAlgorithm | undefined;
}

/** Options of the backward call: those of the forward call, and what is wanted. */
export interface SeparableConvBackwardOptions extends Omit<SeparableConvOptions, 'algorithm' | 'out'> {
  /** Gradients to compute; default all, that of the bias only where `bias` is given. */
  readonly wanted?:
    | {
        readonly x?: boolean | undefined;
        readonly depthwise?: boolean | undefined;
        readonly pointwise?: boolean | undefined;
        readonly bias?: boolean | undefined;
      }
    | undefined;
  /** The saved result; needed where there is an activation. */
  readonly y?: Tensor | undefined;
  /**
   * Sum before the activation: what the forward call gives without one. Needed instead of `y` with silu, hardSwish,
   * gelu, gelu-tanh, softplus, mish, and with a slope below 0.
   */
  readonly preActivation?: Tensor | undefined;
  /** Adds into the tensors of `out`. */
  readonly accumulate?: boolean | undefined;
  /** Written instead of new tensors. */
  readonly out?:
    | {
        readonly gradX?: Tensor | undefined;
        readonly gradDepthwise?: Tensor | undefined;
        readonly gradPointwise?: Tensor | undefined;
        readonly gradBias?: Tensor | undefined;
      }
    | undefined;
}

/** Gradients that were asked for. */
export interface SeparableConvGradients {
  readonly gradX?: Tensor | undefined;
  readonly gradDepthwise?: Tensor | undefined;
  readonly gradPointwise?: Tensor | undefined;
  readonly gradBias?: Tensor | undefined;
}

/** Binds both layers to their weights. */
function bind(
  on: Host,
  problem: SeparableProblem,
  weights: Readonly<Record<'depthwise' | 'pointwise', Tensor>>,
  bias: Float32Array | undefined,
): Binding {
  const { row, refused } = choose(separableTable, problem);
  const own = bias?.slice();
  const { pointwise } = problem;
  const maps = { ...pointwise, c: pointwise.oc, cells: pointwise.oh * pointwise.ow };
  const job = activated(on, pointwise.clamp, maps, () =>
    attempt(on, () => row.prepare(on, problem, (layer) => checkTensor(layer, weights[layer]).data, own)),
  );
  const { xShape } = problem.depthwise;
  const batched = xShape.length > 3;
  return { algorithm: row.name, refused, job, xShape, yShape: pointwise.yShape, batched };
}

/**
 * Depthwise separable convolution: every channel by its own kernel, then a 1x1 convolution over all channels.
 *
 * @param x [n, ic, h, w]; with layout `'NHWC'` [n, h, w, ic]
 * @param depthwise [ic · multiplier, 1, kh, kw]; with layout `'NHWC'` or weightLayout `'HWIO'` [kh, kw, 1, ic ·
 * multiplier]
 * @param pointwise [oc, ic · multiplier, 1, 1]; with layout `'NHWC'` or weightLayout `'HWIO'` [1, 1, ic · multiplier,
 * oc]
 * @returns [n, oc, oh, ow] or [n, oh, ow, oc], sizes as in `conv2d`
 * @throws as `conv2d`
 * @see F. Chollet, Xception: deep learning with depthwise separable convolutions, 2017
 * @example
 * const x = tensor([1, 2, 3, 4], [2, 1, 2]);
 * const depthwise = tensor([1, 1, 10, 10], [2, 1, 1, 2]); // a kernel for each channel
 * const pointwise = tensor([1, 100], [1, 2, 1, 1]);
 * console.log(separableConv2d(x, depthwise, pointwise).data); // 7003
 */
export function separableConv2d<Out extends Tensor | undefined = undefined>(
  x: Tensor,
  depthwise: Tensor,
  pointwise: Tensor,
  options: SeparableConvOptions & Into<Out> = {},
): Result<Out> {
  const shapes = [
    checkTensor('x', x).shape,
    checkTensor('depthwise', depthwise).shape,
    checkTensor('pointwise', pointwise).shape,
  ] as const;
  const problem = separableProblem(...shapes, options);
  const bias = biasOf(options.bias, problem.pointwise.oc);
  const inputs = [
    { operand: 'x', data: x.data },
    { operand: 'depthwise', data: depthwise.data },
    { operand: 'pointwise', data: pointwise.data },
    ...(bias ? [{ operand: 'bias', data: bias }] : []),
  ];
  if (options.out !== undefined) checkOut(options.out, problem.pointwise.yShape, inputs);
  const on = host();
  return runOnce(on, bind(on, problem, { depthwise, pointwise }, bias), x, options.out) as Result<Out>;
}

/** `out` belongs to `run`. */
const preparedOptions = optionNames.separable.filter((name) => name !== 'out');

/**
 * Packs both weights of a `separableConv2d` once, for many runs on one input shape.
 * @param options as in `separableConv2d`, without `out`
 * @param xShape shape of every `x` to come
 * @throws as `separableConv2d`
 * @example
 * const [depthwise, pointwise] = [tensor([1, 1, 10, 10], [2, 1, 1, 2]), tensor([1, 100], [1, 2, 1, 1])];
 * const layer = prepareSeparableConv2d(depthwise, pointwise, {}, [2, 1, 2]);
 * console.log(layer.run(tensor([1, 2, 3, 4], [2, 1, 2])).data); // 7003
 */
export function prepareSeparableConv2d(
  depthwise: Tensor,
  pointwise: Tensor,
  options: Omit<SeparableConvOptions, 'out'> | undefined,
  xShape: readonly number[],
): PreparedConv {
  const name = 'prepareSeparableConv2d';
  const checked = checkOptions(name, options, preparedOptions);
  checkShape('xShape', xShape);
  const own = { depthwise: copyOf('depthwise', depthwise), pointwise: copyOf('pointwise', pointwise) };
  const shapes = [own.depthwise.shape, own.pointwise.shape] as const;
  const problemOf = (x: readonly number[], more?: object) =>
    separableProblem(x, ...shapes, { ...options, ...more }, name);
  const bias = biasOf(checked.bias, problemOf(xShape).pointwise.oc)?.slice();
  const on = host();
  const over: Bind = (x, more) => bind(on, problemOf(x, more), own, bias);
  return new PreparedConv(on, name, over, xShape);
}

function copyOf(operand: string, t: Tensor): Tensor {
  const { data, shape } = checkTensor(operand, t);
  return { data: data.slice(), shape };
}

type Outs = NonNullable<SeparableConvBackwardOptions['out']>;

type GradOf = { x: 'gradX'; depthwise: 'gradDepthwise'; pointwise: 'gradPointwise'; bias: 'gradBias' };

const gradientNames = ['x', 'depthwise', 'pointwise', 'bias'] as const;

/**
 * Gradients of `separableConv2d`: those of the pointwise layer, then those of the depthwise one through what lies
 * between, which is computed again.
 *
 * @param gradY gradient of the result
 * @param options as in `separableConv2d`; `bias` by its presence alone
 * @returns the gradients asked for by `wanted`, in the shapes of `x`, `depthwise`, `pointwise` and [oc]
 * @throws as `conv2dBackward`
 * @example
 * const x = tensor([1, 2, 3, 4], [2, 1, 2]);
 * const [depthwise, pointwise] = [tensor([1, 1, 10, 10], [2, 1, 1, 2]), tensor([1, 100], [1, 2, 1, 1])];
 * const { gradPointwise } = separableConv2dBackward(tensor([1], [1, 1, 1]), x, depthwise, pointwise);
 * console.log(gradPointwise.data); // 3, 70
 */
export function separableConv2dBackward<
  W extends SeparableConvBackwardOptions['wanted'] = undefined,
  B extends Bias | undefined = undefined,
>(
  gradY: Tensor,
  x: Tensor,
  depthwise: Tensor,
  pointwise: Tensor,
  options?: SeparableConvBackwardOptions & { readonly wanted?: W | undefined; readonly bias?: B | undefined },
): Gradients<GradOf, WantedOr<W, { x: true; depthwise: true; pointwise: true; bias: IsGiven<B> }>> {
  const name = 'separableConv2dBackward';
  const names = optionNames.separable.filter((option) => option !== 'algorithm');
  const { wanted, saved, accumulate, forward } = backwardOptions(name, options, names, gradientNames);
  const shapes = [
    checkTensor('x', x).shape,
    checkTensor('depthwise', depthwise).shape,
    checkTensor('pointwise', pointwise).shape,
  ] as const;
  const { out, ...rest } = forward;
  const problem = separableProblem(...shapes, rest, name);
  biasOf(rest.bias, problem.pointwise.oc);
  checkShaped('gradY', gradY, problem.pointwise.yShape);
  const outs = readOuts(out, ['gradX', 'gradDepthwise', 'gradPointwise', 'gradBias'], accumulate) as Outs;
  const { layout, accuracy, activation, stride, padding, paddingMode, dilation, flipKernel, weightLayout } =
    rest as SeparableConvOptions;
  const window = {
    layout,
    weightLayout,
    accuracy,
    stride,
    padding,
    paddingMode,
    dilation,
    flipKernel,
    groups: problem.depthwise.groups,
  };
  const between = arena();
  try {
    const inside = wanted.x || wanted.depthwise;
    const result = between.tensor(problem.depthwise.yShape);
    if (wanted.pointwise) conv2d(x, depthwise, { ...window, out: result });
    const middle = inside ? { gradX: between.tensor(problem.depthwise.yShape) } : {};
    const upperOut = {
      ...middle,
      ...(outs.gradPointwise && { gradWeight: outs.gradPointwise }),
      ...(outs.gradBias && { gradBias: outs.gradBias }),
    };
    const lowerOut = {
      ...(outs.gradX && { gradX: outs.gradX }),
      ...(outs.gradDepthwise && { gradWeight: outs.gradDepthwise }),
    };
    const adds = (given: object) => accumulate && Object.keys(given).length > 0;
    const upper = conv2dBackward(gradY, result, pointwise, {
      ...{ layout, weightLayout, accuracy, activation },
      // what lies between starts from zeros, so that adding into it changes nothing
      accumulate: adds(upperOut),
      ...(saved as BackwardRunOptions),
      wanted: { x: inside, weight: wanted.pointwise, bias: wanted.bias },
      out: upperOut,
    });
    const lower: ConvGradients = inside
      ? conv2dBackward(upper.gradX as Tensor, x, depthwise, {
          ...{ ...window, accumulate: adds(lowerOut) },
          wanted: { x: wanted.x, weight: wanted.depthwise },
          out: lowerOut,
        })
      : {};
    return {
      ...(wanted.x && { gradX: lower.gradX as Tensor }),
      ...(wanted.depthwise && { gradDepthwise: lower.gradWeight as Tensor }),
      ...(wanted.pointwise && { gradPointwise: upper.gradWeight as Tensor }),
      ...(wanted.bias && { gradBias: upper.gradBias as Tensor }),
    } as Gradients<GradOf, WantedOr<W, { x: true; depthwise: true; pointwise: true; bias: IsGiven<B> }>>;
  } finally {
    between.dispose();
  }
}
