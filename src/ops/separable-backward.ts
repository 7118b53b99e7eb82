import { backwardOptions, readOuts } from '../shape/backward.js';
import { biasOf } from '../shape/conv.js';
import { optionNames } from '../shape/options.js';
import { separableProblem } from '../shape/separable.js';
import { checkShaped, checkTensor } from '../shape/tensor.js';
import type { Bias, Gradients, IsGiven, Tensor, WantedOr } from '../types.js';
import { arena } from './arena.js';
import type { ActivatedGradientOptions } from './backward-options.js';
import { conv2d } from './conv.js';
import { conv2dBackward } from './conv-backward.js';
import type { BackwardRunOptions, ConvGradients } from './prepared-gradients.js';
import type { SeparableConvOptions } from './separable.js';

/** Gradients that were asked for. */
export interface SeparableConvGradients {
  readonly gradX?: Tensor | undefined;
  readonly gradDepthwise?: Tensor | undefined;
  readonly gradPointwise?: Tensor | undefined;
  readonly gradBias?: Tensor | undefined;
}

/** Options of the backward call: those of the forward call (`bias` by its presence alone), and what is wanted. */
export interface SeparableConvBackwardOptions
  extends Omit<SeparableConvOptions, 'algorithm' | 'out'>,
    ActivatedGradientOptions<'x' | 'depthwise' | 'pointwise' | 'bias', SeparableConvGradients> {}

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
  const outs = readOuts(
    out,
    ['gradX', 'gradDepthwise', 'gradPointwise', 'gradBias'],
    accumulate,
  ) as SeparableConvGradients;
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
