export type { Like, LikeRecord, PoolWindow, SlidingWindow, TransposedWindow } from './arithmetic/axes.js';
export { type LayerCost, layerCost } from './arithmetic/cost.js';
export { type FieldLayer, type ReceptiveField, receptiveField } from './arithmetic/field.js';
export type {
  ConvLayer,
  ConvTransposeLayer,
  Layer,
  LinearLayer,
  LocallyConnectedLayer,
  PoolLayer,
} from './arithmetic/layer.js';
export { type SamePadding, samePadding } from './arithmetic/same.js';
export { convOutputSize, inputSizesFor, poolOutputSize } from './arithmetic/sizes.js';
export { convTransposeOutputSize, type TransposedAsConv, transposedAsConv } from './arithmetic/transposed.js';
export { OptionError, ShapeError, StridewiseError } from './errors.js';
export type { Padding, PerAxis } from './types.js';
