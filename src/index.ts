export { MemoryError, OptionError, ShapeError, StridewiseError, UnsupportedError } from './errors.js';
export { arena, type TensorArena } from './ops/arena.js';
export {
  type AdaptiveAvgPoolOptions,
  type AvgPoolOptions,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  globalAvgPool,
} from './ops/average-pool.js';
export {
  type AdaptiveAvgPoolInputGradOptions,
  type AvgPoolInputGradOptions,
  adaptiveAvgPool1dInputGrad,
  adaptiveAvgPool2dInputGrad,
  adaptiveAvgPool3dInputGrad,
  avgPool1dInputGrad,
  avgPool2dInputGrad,
  avgPool3dInputGrad,
  type GlobalAvgPoolInputGradOptions,
  globalAvgPoolInputGrad,
  type PoolInputGrad,
} from './ops/average-pool-grad.js';
export type { ActivatedGradientOptions, GradientOptions } from './ops/backward-options.js';
export { type BiasGradOptions, biasGrad } from './ops/bias-grad.js';
export {
  type Col2imOptions,
  col2im,
  col2im as fold,
  type Im2colOptions,
  im2col,
  im2col as unfold,
} from './ops/columns.js';
export {
  type Conv,
  type ConvOptions,
  conv1d,
  conv2d,
  conv3d,
  type PrepareConv,
  type PrepareConvOptions,
  prepareConv1d,
  prepareConv2d,
  prepareConv3d,
} from './ops/conv.js';
export {
  type ConvBackward,
  type ConvBackwardOptions,
  type ConvTransposeBackwardOptions,
  conv1dBackward,
  conv2dBackward,
  conv3dBackward,
  convTranspose1dBackward,
  convTranspose2dBackward,
  convTranspose3dBackward,
} from './ops/conv-backward.js';
export {
  type ConvInputGrad,
  type ConvInputGradOptions,
  type ConvTransposeInputGradOptions,
  conv1dInputGrad,
  conv2dInputGrad,
  conv3dInputGrad,
  convTranspose1dInputGrad,
  convTranspose2dInputGrad,
  convTranspose3dInputGrad,
} from './ops/conv-input-grad.js';
export {
  type ConvTranspose,
  type ConvTransposeOptions,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  type PrepareConvTranspose,
  type PrepareConvTransposeOptions,
  prepareConvTranspose1d,
  prepareConvTranspose2d,
  prepareConvTranspose3d,
} from './ops/conv-transpose.js';
export {
  type ConvTransposeWeightGradOptions,
  type ConvWeightGrad,
  type ConvWeightGradOptions,
  conv1dWeightGrad,
  conv2dWeightGrad,
  conv3dWeightGrad,
  convTranspose1dWeightGrad,
  convTranspose2dWeightGrad,
  convTranspose3dWeightGrad,
} from './ops/conv-weight-grad.js';
export { type GemmOptions, gemm, type LinearOptions, linear, type MatmulOptions, matmul } from './ops/gemm.js';
export {
  type GemmBackwardOptions,
  type GemmGradients,
  gemmBackward,
  type LinearBackwardOptions,
  type LinearGradients,
  linearBackward,
} from './ops/gemm-backward.js';
export { init } from './ops/init.js';
export { linearAsConv, type PreparedLinear, prepareLinear } from './ops/linear.js';
export {
  type LocallyConnected,
  type LocallyConnectedOptions,
  locallyConnected1d,
  locallyConnected2d,
  type PrepareLocallyConnected,
  type PrepareLocallyConnectedOptions,
  prepareLocallyConnected1d,
  prepareLocallyConnected2d,
} from './ops/locally-connected.js';
export {
  type LocallyConnectedBackwardOptions,
  locallyConnected1dBackward,
  locallyConnected2dBackward,
  type PrepareLocallyConnectedBackward,
  prepareLocallyConnected1dBackward,
  prepareLocallyConnected2dBackward,
} from './ops/locally-connected-backward.js';
export {
  type LpPoolInputGrad,
  type LpPoolInputGradOptions,
  type LpPoolOptions,
  lpPool1d,
  lpPool1dInputGrad,
  lpPool2d,
  lpPool2dInputGrad,
  lpPool3d,
  lpPool3dInputGrad,
} from './ops/lp-pool.js';
export { type MatmulBackwardOptions, type MatmulGradients, matmulBackward } from './ops/matmul-backward.js';
export {
  type AdaptiveMaxPool,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  type GlobalMaxPool,
  globalMaxPool,
  type MaxPool,
  maxPool1d,
  maxPool2d,
  maxPool3d,
} from './ops/max-pool.js';
export {
  type AdaptiveMaxPoolInputGradOptions,
  adaptiveMaxPool1dInputGrad,
  adaptiveMaxPool2dInputGrad,
  adaptiveMaxPool3dInputGrad,
  type GlobalMaxPoolInputGradOptions,
  globalMaxPoolInputGrad,
  type IndexedInputGrad,
  type MaxPoolInputGradOptions,
  maxPool1dInputGrad,
  maxPool2dInputGrad,
  maxPool3dInputGrad,
} from './ops/max-pool-grad.js';
export type {
  AdaptiveMaxPoolIndicesOptions,
  AdaptiveMaxPoolOptions,
  AdaptiveWindow,
  EitherOption,
  GlobalLayout,
  GlobalPoolOptions,
  IndicesOption,
  MaxPoolIndicesOptions,
  MaxPoolOptions,
  MaxPoolResult,
  MaxPoolWindow,
  NoIndicesOption,
} from './ops/max-pool-options.js';
export type { Pool, WindowOptions } from './ops/pooling.js';
export {
  type PrepareConvBackward,
  type PrepareConvBackwardOptions,
  type PrepareConvTransposeBackwardOptions,
  prepareConv1dBackward,
  prepareConv2dBackward,
  prepareConv3dBackward,
  prepareConvTranspose1dBackward,
  prepareConvTranspose2dBackward,
  prepareConvTranspose3dBackward,
} from './ops/prepare-conv-backward.js';
export type { PreparedConvBackward } from './ops/prepared-backward.js';
export type { PreparedConv } from './ops/prepared-conv.js';
export type { BackwardRunOptions, ConvGradients, WantedGradients } from './ops/prepared-gradients.js';
export type { PreparedLocallyConnected, PreparedLocallyConnectedBackward } from './ops/prepared-locally-connected.js';
export {
  prepareSeparableConv2d,
  type SeparableConvOptions,
  separableConv2d,
} from './ops/separable.js';
export {
  type SeparableConvBackwardOptions,
  type SeparableConvGradients,
  separableConv2dBackward,
} from './ops/separable-backward.js';
export type { ConvStream, PreparedConv1d } from './ops/stream.js';
export {
  type MaxUnpool,
  type MaxUnpoolInputGradOptions,
  type MaxUnpoolOptions,
  maxUnpool1d,
  maxUnpool1dInputGrad,
  maxUnpool2d,
  maxUnpool2dInputGrad,
  maxUnpool3d,
  maxUnpool3dInputGrad,
} from './ops/unpool.js';
export { tensor } from './shape/tensor.js';
export type {
  Accuracy,
  Activation,
  Bias,
  ConvAlgorithm,
  ConvTransposeAlgorithm,
  FurtherActivation,
  Gradients,
  IndexTensor,
  Into,
  IsGiven,
  Layout,
  Layout1d,
  Layout2d,
  Layout3d,
  NewTensor,
  OnePerAxis,
  Padding,
  PaddingMode,
  PerAxis,
  Result,
  SeparableAlgorithm,
  Tensor,
  TransposedWeightLayout,
  WantedOr,
  WeightGradAlgorithm,
  WeightLayout,
} from './types.js';
export type { MemoryUsage } from './wasm/arena.js';
export type { Processor } from './wasm/engine.js';
export { features, memoryUsage } from './wasm/host.js';
/** @internal */
export { host } from './wasm/serving.js';
export type { CompiledModule, Features, InitOptions } from './wasm/settings.js';
export type { BuildName } from './wasm/sources.js';
