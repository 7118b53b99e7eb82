// The public names. Files whose every export is public are passed on whole.
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
export * from './ops/average-pool-grad.js';
export type * from './ops/backward-options.js';
export * from './ops/bias-grad.js';
export {
  type Col2imOptions,
  col2im,
  col2im as fold,
  type Im2colOptions,
  im2col,
  im2col as unfold,
} from './ops/columns.js';
export * from './ops/conv.js';
export * from './ops/conv-backward.js';
export * from './ops/conv-input-grad.js';
export * from './ops/conv-transpose.js';
export * from './ops/conv-weight-grad.js';
export * from './ops/gemm.js';
export * from './ops/gemm-backward.js';
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
export * from './ops/locally-connected-backward.js';
export * from './ops/lp-pool.js';
export * from './ops/matmul-backward.js';
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
export * from './ops/max-pool-grad.js';
export type * from './ops/max-pool-options.js';
export type { Pool, WindowOptions } from './ops/pooling.js';
export * from './ops/prepare-conv-backward.js';
export type * from './ops/prepared-backward.js';
export type { PreparedConv } from './ops/prepared-conv.js';
export type { BackwardRunOptions, ConvGradients, WantedGradients } from './ops/prepared-gradients.js';
export type * from './ops/prepared-locally-connected.js';
export * from './ops/separable.js';
export * from './ops/separable-backward.js';
export type * from './ops/stream.js';
export * from './ops/unpool.js';
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
