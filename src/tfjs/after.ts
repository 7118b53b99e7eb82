import { sizeOf } from '../shape/tensor.js';
import { activateInPlace } from './in-place.js';
import { readable, type Surroundings } from './kernel.js';
import type { Call, Kernel, TensorInfo } from './tf.js';

/** Kernels of TensorFlow.js that compute an activation, by the word that a fused kernel has for it. */
const activations = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
} as const;

type Word = keyof typeof activations;

const isWord = (word: unknown): word is Word => Object.hasOwn(activations, word as PropertyKey);

/** Whether kernels of our own apply an activation in place. */
const isOurs = (word: unknown): boolean => word !== 'relu' && word !== 'relu6';

/** What follows a convolution or a product. */
export interface After {
  /** The activation that it applies itself. */
  readonly own: 'relu' | 'relu6' | undefined;
  /** The bias that it adds itself: a number for every channel. */
  readonly bias: TensorInfo | undefined;
  /** What other kernels make of its result, which they dispose of. */
  readonly finish?: (y: TensorInfo) => TensorInfo;
}

/** A tensor that broadcasts to the result: with channels first one number a channel stands before the map. */
const spread = (tensor: TensorInfo, channelsFirst: boolean): TensorInfo =>
  channelsFirst && tensor.shape.length === 1 && tensor.shape[0] > 1
    ? { dataId: tensor.dataId, dtype: tensor.dtype, shape: [tensor.shape[0], 1, 1] }
    : tensor;

/**
 * What follows a call; undefined for what is not served.
 * @param channels of the result, or undefined where the call itself adds no bias
 */
export function afterOf(
  around: Surroundings,
  { inputs, attrs, backend }: Call,
  channels: number | undefined,
): After | undefined {
  const { bias, preluActivationWeights: slopes } = inputs;
  const word = attrs.activation ?? 'linear';
  const alpha = attrs.leakyreluAlpha;
  const channelsFirst = attrs.dataFormat === 'NCHW';
  if (word !== 'linear' && !isWord(word)) return undefined;
  const isVector = bias && sizeOf(bias.shape) === channels && (bias.shape.at(-1) === channels || channels === 1);
  const adds = bias && !(isVector && (bias.shape.length === 1 || !channelsFirst)) ? bias : undefined;
  const ownBias = adds ? undefined : bias;
  if (!adds && (word === 'linear' || word === 'relu' || word === 'relu6'))
    return { own: word === 'linear' ? undefined : word, bias: ownBias };
  const add = adds && around.kernel('Add');
  const activate = word === 'linear' ? undefined : around.kernel(activations[word]);
  if ((adds && !add) || (word !== 'linear' && !activate) || (word === 'prelu' && !slopes)) return undefined;
  // the wasm backend's own kernel takes slopes for those of the last axis
  if (word === 'prelu' && channelsFirst && !readable(around, slopes)) return undefined;
  /** Runs a kernel, and disposes of what only it needed. */
  const run = (kernel: Kernel, named: Call['inputs'], ...spent: readonly TensorInfo[]) => {
    try {
      return kernel.kernelFunc({ inputs: named, attrs: { alpha }, backend }) as TensorInfo;
    } finally {
      for (const { dataId } of spent) backend.disposeData(dataId);
    }
  };
  return {
    own: undefined,
    bias: ownBias,
    finish(y) {
      const sum = add && adds ? run(add, { a: y, b: spread(adds, channelsFirst) }, y) : y;
      if (!activate) return sum;
      const along = slopes && spread(slopes, channelsFirst);
      if (isOurs(word) && activateInPlace(around, sum, { kind: word, alpha, slopes: along })) return sum;
      return run(activate, { x: sum, ...(word === 'prelu' && { alpha: slopes }) }, sum);
    },
  };
}
