import { offerFurther } from './further.js';
import { furtherActivation } from './nn/fused.js';

/**
 * Operators take the activations of `stridewise/nn` from now on; importing that entry does it.
 * @example
 * offerActivations(); // which importing `stridewise/nn` does
 * console.log(linear(tensor([0], [1, 1]), tensor([1], [1, 1]), { activation: 'sigmoid' }).data); // 0.5
 */
export const offerActivations = (): void => offerFurther(furtherActivation);

export {
  clamp,
  elu,
  gelu,
  geluTanh,
  hardSigmoid,
  hardSwish,
  hardTanh,
  leakyRelu,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softplus,
  tanh,
} from './nn/activation.js';
export {
  clampInputGrad,
  eluInputGrad,
  geluInputGrad,
  geluTanhInputGrad,
  hardSigmoidInputGrad,
  hardSwishInputGrad,
  hardTanhInputGrad,
  leakyReluInputGrad,
  mishInputGrad,
  relu6InputGrad,
  reluInputGrad,
  seluInputGrad,
  sigmoidInputGrad,
  siluInputGrad,
  softplusInputGrad,
  tanhInputGrad,
} from './nn/activation-grad.js';
export type { Activate, ActivateInputGrad, ClampOptions, EluOptions, LeakyReluOptions } from './nn/activation-kinds.js';
export {
  type BatchNormOptions,
  batchNorm,
  batchNormBackward,
  groupNorm,
  groupNormBackward,
  instanceNorm,
  instanceNormBackward,
  type NormGradients,
  type NormOptions,
  type PerChannel,
} from './nn/batch-norm.js';
export {
  add,
  addBackward,
  type Binary,
  type BinaryBackward,
  type BinaryBackwardOptions,
  type BinaryGradients,
  div,
  divBackward,
  maximum,
  maximumBackward,
  minimum,
  minimumBackward,
  mul,
  mulBackward,
  sub,
  subBackward,
} from './nn/binary.js';
export { cat, catBackward } from './nn/cat.js';
export { type CrossEntropyOptions, crossEntropy } from './nn/cross-entropy.js';
export { type DropoutOptions, dropout, dropoutInputGrad } from './nn/dropout.js';
export { type FoldOptions, foldBatchNorm } from './nn/fold.js';
export {
  type FromImageDataOptions,
  fromImageData,
  type HostImageData,
  type ImageScale,
  type Pixels,
  type ToImageDataOptions,
  toImageData,
} from './nn/image.js';
export { type InterpolateOptions, interpolate, interpolateInputGrad } from './nn/interpolate.js';
export { type LayerNormOptions, layerNorm, layerNormBackward } from './nn/layer-norm.js';
export { type BceOptions, bceWithLogits, type Loss, type LossOptions, mse, type Reduction } from './nn/loss.js';
export { type AdamOptions, type AdamState, adam, type SgdOptions, sgd } from './nn/optimizer.js';
export { type PadMode, type PadOptions, type Pads, pad, padInputGrad } from './nn/pad.js';
export { permute, permuteInputGrad } from './nn/permute.js';
export { type PixelShuffleOptions, pixelShuffle, pixelUnshuffle } from './nn/pixel-shuffle.js';
export { type PreluGradients, type PreluOptions, prelu, preluBackward } from './nn/prelu.js';
export type { OutOption } from './nn/run.js';
export {
  logSoftmax,
  logSoftmaxInputGrad,
  type SoftmaxOptions,
  softmax,
  softmaxInputGrad,
} from './nn/softmax.js';
export { mean, type SumOptions, sum } from './nn/sum.js';
export type { IndexTensor, Layout, Layout2d, Tensor } from './types.js';
