import { conv2dInputGrad, convTranspose2d, type Tensor, tensor } from 'stridewise';
import type { Evaluation } from './evaluate.js';
import { convOptions, transposedOptions, windowOptions } from './options.js';

const ones = (shape: readonly number[]) => tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1), shape);

/**
 * How many windows cover each cell: of the output of a transposed convolution, where uneven counts are the checkerboard
 * of its pictures; else of the input, where they are the checkerboard of its gradients.
 */
export function overlapOf({ config, x, y, pads }: Evaluation): Tensor {
  const kernel = ones([1, 1, ...config.kernel]);
  const plane = ([, , rows, columns]: readonly number[]) => [1, 1, rows, columns];
  const single = { ...config, groups: 1 };
  if (config.operator === 'transposed') return convTranspose2d(ones(plane(x.shape)), kernel, transposedOptions(single));
  const options = config.operator === 'conv' ? convOptions(single) : windowOptions(config, pads, 1);
  return conv2dInputGrad(ones(plane(y.shape)), kernel, plane(x.shape), options);
}
