import { OptionError } from '../errors.js';
import { checkOptions, integer } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkShaped } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { backward, common, forward, type Norm, type NormGradients, type NormOptions, normNames } from './norm.js';

function groupProblem(name: string, x: Tensor, groups: unknown, options: unknown): Norm {
  const base = common(x, checkOptions(name, options, normNames));
  const { n, c, cells } = base.channels;
  const g = groups === undefined ? c : integer('groups', groups, 1);
  const each = c / g;
  if (c > 0 && !Number.isInteger(each))
    throw new OptionError(`groups is ${show(g)}, expected a divisor of ${c} channels`);
  return {
    ...base,
    groups: n * g,
    groupOf: (image, channel) => image * g + Math.floor(channel / each),
    count: each * cells,
  };
}

/**
 * Normalises groups of channels of each image; `groups` of 1 takes a whole image. `out` may be `x`.
 * @throws OptionError unless `groups` divides the channels
 * @example
 * console.log(groupNorm(tensor([1, 5, 2, 4], [1, 2, 2]), 2, { eps: 0 }).data); // -1, 1, -1, 1
 */
export const groupNorm = (x: Tensor, groups: number, options?: NormOptions): Tensor =>
  forward(x, groupProblem('groupNorm', x, groups, options));

/**
 * Gradients of `groupNorm`.
 * @example
 * const { gradWeight } = groupNormBackward(tensor([3, 4], [1, 1, 2]), tensor([1, 5], [1, 1, 2]), 1);
 * console.log(gradWeight.data[0].toFixed(3)); // 1.000
 */
export const groupNormBackward = (gradY: Tensor, x: Tensor, groups: number, options?: NormOptions): NormGradients => {
  const norm = groupProblem('groupNormBackward', x, groups, options);
  return backward(checkShaped('gradY', gradY, x.shape), x, norm);
};

/**
 * Normalises each channel of each image. `out` may be `x`.
 * @example
 * console.log(instanceNorm(tensor([1, 5, 2, 4], [1, 2, 2]), { eps: 0 }).data); // -1, 1, -1, 1
 */
export const instanceNorm = (x: Tensor, options?: NormOptions): Tensor =>
  forward(x, groupProblem('instanceNorm', x, undefined, options));

/**
 * Gradients of `instanceNorm`.
 * @example
 * const { gradWeight } = instanceNormBackward(tensor([3, 4], [1, 1, 2]), tensor([1, 5], [1, 1, 2]));
 * console.log(gradWeight.data[0].toFixed(3)); // 1.000
 */
export const instanceNormBackward = (gradY: Tensor, x: Tensor, options?: NormOptions): NormGradients => {
  const norm = groupProblem('instanceNormBackward', x, undefined, options);
  return backward(checkShaped('gradY', gradY, x.shape), x, norm);
};
