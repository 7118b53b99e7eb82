export { MemoryError, OptionError, ShapeError, StridewiseError, UnsupportedError } from './errors.js';
export type { TensorArena } from './ops/arena.js';
export { arena } from './ops/arena.js';
export type { AdaptiveAvgPoolOptions, AvgPoolOptions } from './ops/average-pool.js';
export {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  globalAvgPool,
} from './ops/average-pool.js';
export type { AdaptiveAvgPoolInputGradOptions, AvgPoolInputGradOptions } from './ops/average-pool-grad.js';
export {
  adaptiveAvgPool1dInputGrad,
  adaptiveAvgPool2dInputGrad,
  adaptiveAvgPool3dInputGrad,
  avgPool1dInputGrad,
  avgPool2dInputGrad,
  avgPool3dInputGrad,
} from './ops/average-pool-grad.js';
export type { BiasGradOptions } from './ops/bias-grad.js';
export { biasGrad } from './ops/bias-grad.js';
export type { Col2imOptions, Im2colOptions } from './ops/columns.js';
export { col2im, col2im as fold, im2col, im2col as unfold } from './ops/columns.js';
export type { ConvOptions, PrepareConvOptions } from './ops/conv.js';
export { conv1d, conv2d, conv3d, prepareConv1d, prepareConv2d, prepareConv3d } from './ops/conv.js';
export type {
  ConvBackwardOptions,
  ConvTransposeBackwardOptions,
  PrepareConvBackwardOptions,
  PrepareConvTransposeBackwardOptions,
} from './ops/conv-backward.js';
export {
  conv1dBackward,
  conv2dBackward,
  conv3dBackward,
  convTranspose1dBackward,
  convTranspose2dBackward,
  convTranspose3dBackward,
  prepareConv1dBackward,
  prepareConv2dBackward,
  prepareConv3dBackward,
  prepareConvTranspose1dBackward,
  prepareConvTranspose2dBackward,
  prepareConvTranspose3dBackward,
} from './ops/conv-backward.js';
export type { ConvInputGradOptions } from './ops/conv-input-grad.js';
export { conv1dInputGrad, conv2dInputGrad, conv3dInputGrad } from './ops/conv-input-grad.js';
export type { ConvTransposeOptions, PrepareConvTransposeOptions } from './ops/conv-transpose.js';
export {
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  prepareConvTranspose1d,
  prepareConvTranspose2d,
  prepareConvTranspose3d,
} from './ops/conv-transpose.js';
export type { ConvTransposeInputGradOptions } from './ops/conv-transpose-input-grad.js';
export {
  convTranspose1dInputGrad,
  convTranspose2dInputGrad,
  convTranspose3dInputGrad,
} from './ops/conv-transpose-input-grad.js';
export type { ConvTransposeWeightGradOptions, ConvWeightGradOptions } from './ops/conv-weight-grad.js';
export {
  conv1dWeightGrad,
  conv2dWeightGrad,
  conv3dWeightGrad,
  convTranspose1dWeightGrad,
  convTranspose2dWeightGrad,
  convTranspose3dWeightGrad,
} from './ops/conv-weight-grad.js';
export type { GemmOptions, LinearOptions } from './ops/gemm.js';
export { gemm, linear, matmul } from './ops/gemm.js';
export type {
  GemmBackwardOptions,
  GemmGradients,
  LinearBackwardOptions,
  LinearGradients,
} from './ops/gemm-backward.js';
export { gemmBackward, linearBackward } from './ops/gemm-backward.js';
export { init } from './ops/init.js';
export type { PreparedLinear } from './ops/linear.js';
export { linearAsConv, prepareLinear } from './ops/linear.js';
export type {
  LocallyConnectedBackwardOptions,
  LocallyConnectedOptions,
  PrepareLocallyConnectedOptions,
} from './ops/locally-connected.js';
export {
  locallyConnected1d,
  locallyConnected1dBackward,
  locallyConnected2d,
  locallyConnected2dBackward,
  prepareLocallyConnected1d,
  prepareLocallyConnected1dBackward,
  prepareLocallyConnected2d,
  prepareLocallyConnected2dBackward,
} from './ops/locally-connected.js';
export type { LpPoolInputGradOptions, LpPoolOptions } from './ops/lp-pool.js';
export { lpPool1d, lpPool1dInputGrad, lpPool2d, lpPool2dInputGrad, lpPool3d, lpPool3dInputGrad } from './ops/lp-pool.js';
export type { MatmulBackwardOptions, MatmulGradients } from './ops/matmul-backward.js';
export { matmulBackward } from './ops/matmul-backward.js';
export type {
  AdaptiveMaxPoolIndicesOptions,
  AdaptiveMaxPoolOptions,
  AdaptiveWindow,
  GlobalPoolOptions,
  IndicesOption,
  MaxPoolIndicesOptions,
  MaxPoolOptions,
  MaxPoolResult,
  MaxPoolWindow,
  NoIndicesOption,
} from './ops/max-pool.js';
export {
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  globalMaxPool,
  maxPool1d,
  maxPool2d,
  maxPool3d,
} from './ops/max-pool.js';
export type { AdaptiveMaxPoolInputGradOptions, MaxPoolInputGradOptions } from './ops/max-pool-grad.js';
export {
  adaptiveMaxPool1dInputGrad,
  adaptiveMaxPool2dInputGrad,
  adaptiveMaxPool3dInputGrad,
  maxPool1dInputGrad,
  maxPool2dInputGrad,
  maxPool3dInputGrad,
} from './ops/max-pool-grad.js';
export type { Layout1d, Layout2d, Layout3d } from './ops/pooling.js';
export type { BackwardRunOptions, ConvGradients, PreparedConvBackward } from './ops/prepared-backward.js';
export type { PreparedConv } from './ops/prepared-conv.js';
export type { PreparedLocallyConnected, PreparedLocallyConnectedBackward } from './ops/prepared-locally-connected.js';
export type { SeparableConvBackwardOptions, SeparableConvGradients, SeparableConvOptions } from './ops/separable.js';
export { prepareSeparableConv2d, separableConv2d, separableConv2dBackward } from './ops/separable.js';
export type { MaxUnpoolInputGradOptions, MaxUnpoolOptions } from './ops/unpool.js';
export {
  maxUnpool1d,
  maxUnpool1dInputGrad,
  maxUnpool2d,
  maxUnpool2dInputGrad,
  maxUnpool3d,
  maxUnpool3dInputGrad,
} from './ops/unpool.js';
export { tensor } from './shape/tensor.js';
export type { Accuracy, Activation, IndexTensor, Layout, Padding, PaddingMode, PerAxis, Tensor } from './types.js';
export type { MemoryUsage } from './wasm/arena.js';
export type { CompiledModule, Features, InitOptions } from './wasm/host.js';
export { features, memoryUsage } from './wasm/host.js';
export type { BuildName } from './wasm/sources.js';
