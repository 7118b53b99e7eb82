import { biasGrad as biasGradJob } from '../algorithms/bias-grad.js';
import { biasGradProblem } from '../shape/backward.js';
import { optionNames } from '../shape/options.js';
import { checkTensor } from '../shape/tensor.js';
import type { Into, Layout, Result, Tensor } from '../types.js';
import { type GradOptions, gradOptions } from './grad-options.js';
import { outOf, resultOf } from './result.js';

/** Options of `biasGrad`. */
export interface BiasGradOptions extends GradOptions {
  /** Order of axes of `gradY`; default channels first. */
  readonly layout?: Layout | undefined;
  /** Written and returned instead of a new tensor; may not overlap `gradY`. */
  readonly out?: Tensor | undefined;
}

/**
 * Gradient of a bias, for convolutions of every rank, direct or transposed: `gradBias[c] = Σ gradY[n][c][...]` over
 * batch and plane.
 *
 * @param gradY [n, c, ...o]; with a channels-last layout [n, ...o, c]. Behind an activation: zero where that was flat
 * @param options `layout`, `out`, and `accumulate`, which adds to what `out` holds
 * @returns [c]
 * @throws ShapeError for a rank other than 3, 4, 5, OptionError for an option out of range or unknown, MemoryError when
 * the host refuses memory
 * @example
 * console.log(biasGrad(tensor([1, 2, 3, 4], [1, 2, 1, 2])).data); // 3, 7
 */
export function biasGrad<Out extends Tensor | undefined = undefined>(
  gradY: Tensor,
  options?: BiasGradOptions & Into<Out>,
): Result<Out> {
  const { accumulate, forward } = gradOptions('biasGrad', options, optionNames.biasGrad);
  const problem = biasGradProblem(checkTensor('gradY', gradY).shape, forward);
  const shape = [problem.c];
  const out = outOf(forward.out, shape, { gradY });
  return resultOf([gradY], { shape, out, accumulate }, (on) => biasGradJob(on, problem, accumulate));
}
