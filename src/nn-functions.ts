import { offerFurther } from './further.js';
import { furtherActivation } from './nn/fused.js';

/**
 * Operators take the activations of `stridewise/nn` from now on; importing that entry does it.
 * @example
 * offerActivations(); // which importing `stridewise/nn` does
 * console.log(linear(tensor([0], [1, 1]), tensor([1], [1, 1]), { activation: 'sigmoid' }).data); // 0.5
 */
export const offerActivations = (): void => offerFurther(furtherActivation);

export * from './nn/activation.js';
export * from './nn/activation-grad.js';
export type { Activate, ActivateInputGrad, ClampOptions, EluOptions, LeakyReluOptions } from './nn/activation-kinds.js';
export * from './nn/batch-norm.js';
export * from './nn/binary.js';
export { cat, catBackward } from './nn/cat.js';
export * from './nn/cross-entropy.js';
export * from './nn/dropout.js';
export * from './nn/fold.js';
export * from './nn/group-norm.js';
export * from './nn/image.js';
export { type InterpolateOptions, interpolate, interpolateInputGrad } from './nn/interpolate.js';
export * from './nn/layer-norm.js';
export { type BceOptions, bceWithLogits, type Loss, type LossOptions, mse, type Reduction } from './nn/loss.js';
export type { NormGradients, NormOptions, PerChannel } from './nn/norm.js';
export * from './nn/optimizer.js';
export { type PadMode, type PadOptions, type Pads, pad, padInputGrad } from './nn/pad.js';
export { permute, permuteInputGrad } from './nn/permute.js';
export * from './nn/pixel-shuffle.js';
export * from './nn/prelu.js';
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
