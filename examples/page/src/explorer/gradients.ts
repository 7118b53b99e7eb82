import {
  avgPool2dInputGrad,
  conv2dInputGrad,
  conv2dWeightGrad,
  convTranspose2dInputGrad,
  convTranspose2dWeightGrad,
  maxPool2dInputGrad,
  type Tensor,
  tensor,
} from 'stridewise';
import { apply, type Evaluation } from './evaluate.js';
import { avgOptions, convOptions, maxOptions, transposedOptions } from './options.js';
import { flat, type Place } from './place.js';

export interface Gradients {
  /** What each input cell does to the chosen output cell, ∂y/∂x. */
  readonly x?: Tensor;
  /** What each weight does to it, ∂y/∂w. */
  readonly weight?: Tensor;
  /** What the chosen input cell does to each output cell, ∂y/∂x. */
  readonly y?: Tensor;
}

const extentsOf = ({ shape: [, channels, rows, columns] }: Tensor) => ({ channels, rows, columns });

/** A tensor of that shape with a 1 at one place. */
function one(like: Tensor, at: Place): Tensor {
  const data = new Float32Array(like.data.length);
  data[flat(at, extentsOf(like))] = 1;
  return tensor(data, like.shape);
}

/** Gradients of the chosen cell, by the backward kernels. */
export function gradientsOf(e: Evaluation, at: Place): Gradients {
  const { config, x, y, weight, indices } = e;
  if (at.side === 'input') {
    if (!indices) return { y: apply(config, one(x, at), weight) };
    const plane = y.shape[2] * y.shape[3];
    const cell = at.row * x.shape[3] + at.column;
    const data = Float32Array.from(indices, (index, i) =>
      index === cell && Math.floor(i / plane) === at.channel ? 1 : 0,
    );
    return { y: tensor(data, y.shape) };
  }
  const gradY = one(y, at);
  if (config.operator === 'conv') {
    const options = convOptions(config);
    return {
      x: conv2dInputGrad(gradY, weight!, x.shape, options),
      weight: conv2dWeightGrad(x, gradY, weight!.shape, options),
    };
  }
  if (config.operator === 'transposed') {
    const options = transposedOptions(config);
    return {
      x: convTranspose2dInputGrad(gradY, weight!, x.shape, options),
      weight: convTranspose2dWeightGrad(x, gradY, weight!.shape, options),
    };
  }
  if (!indices) return { x: avgPool2dInputGrad(gradY, x.shape, avgOptions(config)) };
  return { x: maxPool2dInputGrad(gradY, { data: indices, shape: y.shape }, x.shape, maxOptions(config)) };
}
